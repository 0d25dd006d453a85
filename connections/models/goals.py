"""Two or three things the pair works towards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.care import RelationshipRules
from connections.models.relationships import Relationship
from connections.models.sealed import SealedQuerySet, SealedWords


@dataclass(frozen=True)
class OpenedGoal:
    goal: Goal
    words: str | None = field(repr=False)


class GoalQuerySet(SealedQuerySet["Goal"]):
    def visible_to(self, reader: Any) -> Self:
        return self.filter(Q(relationship__mentor=reader) | Q(relationship__mentee=reader))

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def open(self) -> Self:
        return self.filter(reached_at=None, let_go_at=None)

    def opened_by(self, reader: Any) -> list[OpenedGoal]:
        """Open ones first, then those reached; last, what was let go."""
        first = [F(name).asc(nulls_first=True) for name in ("let_go_at", "reached_at")]
        rows = self.visible_to(reader).order_by(*first, "set_at", "pk")
        return [OpenedGoal(goal, goal.opened()) for goal in rows]

    def full(self, relationship: Relationship) -> bool:
        """As many open ones as a pair keeps in mind."""
        return self.of(relationship).open().count() >= RelationshipRules.current().goals

    @transaction.atomic
    def set(
        self,
        relationship: Relationship,
        *,
        by: Any,
        words: str,
        language: str,
        token: UUID,
        at: datetime,
    ) -> Goal:
        """One goal more; few enough to remember. The same form twice is one goal."""
        pair = relationship.locked_for(by)
        same = self.filter(relationship=pair, token=token).first()
        if same is not None:
            return same
        if self.full(pair):
            raise Goal.Enough
        goal = self.model(relationship=pair, set_by=by, language=language, token=token, set_at=at)
        goal.seal(words)
        goal.save(force_insert=True)
        return goal

    @transaction.atomic
    def move_open(self, old: Relationship, new: Relationship) -> None:
        """Open goals go along to a new pair, sealed for it. Both rows are locked."""
        for goal in self.of(old).open().select_for_update(no_key=True).order_by("pk"):
            words = goal.opened()
            if words is not None:
                goal.relationship = new
                goal.seal(words)
                goal.save(update_fields=["relationship", "key_id", "sealed"])

    @transaction.atomic
    def reach(self, goal: Goal, *, by: Any, at: datetime) -> None:
        """They got there. Twice is once."""
        goal.relationship.locked_for(by)
        self.open().filter(pk=goal.pk).update(reached_at=at)
        goal.refresh_from_db(fields=["reached_at", "let_go_at"])
        if goal.let_go_at:
            raise Goal.NotOpen

    @transaction.atomic
    def let_go(self, goal: Goal, *, by: Any, at: datetime) -> None:
        """It matters no longer: not open, not reached, and its place is free. Twice is once."""
        goal.relationship.locked_for(by)
        self.open().filter(pk=goal.pk).update(let_go_at=at)
        goal.refresh_from_db(fields=["reached_at", "let_go_at"])
        if goal.reached_at:
            raise Goal.NotOpen

    @transaction.atomic
    def take_up(self, goal: Goal, *, by: Any) -> None:
        """It was let go and matters after all, or is not reached yet; while there is room for it.
        Twice is once."""
        pair = goal.relationship.locked_for(by)
        if not self.open().filter(pk=goal.pk).exists():
            if self.full(pair):
                raise Goal.Enough
            self.filter(pk=goal.pk).update(let_go_at=None, reached_at=None)
        goal.refresh_from_db(fields=["reached_at", "let_go_at"])


class Goal(SealedWords):
    """What the mentee wants to be different; both of the pair read it."""

    class Enough(Refusal):
        """There are as many open goals as a pair keeps in mind."""

    class NotOpen(Refusal):
        """It is reached or let go already, or of another pair."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="goals")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.UUIDField(editable=False)
    set_at = models.DateTimeField(_("set at"))
    reached_at = models.DateTimeField(_("reached at"), null=True)
    let_go_at = models.DateTimeField(_("let go at"), null=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.UniqueConstraint(
                name="one_goal_for_each_form", fields=["relationship", "token"]
            ),
            models.CheckConstraint(
                name="goal_is_reached_or_let_go_but_not_both",
                condition=Q(reached_at=None) | Q(let_go_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Goal %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"goal:{self.relationship_id}:{self.token}"
