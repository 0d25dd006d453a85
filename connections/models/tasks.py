"""Small promises: who does what by when, under a goal or by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.care import RelationshipRules
from connections.models.goals import Goal
from connections.models.relationships import Relationship
from connections.models.sealed import SealedQuerySet, SealedWords


@dataclass(frozen=True)
class OpenedTask:
    task: Task
    words: str | None = field(repr=False)
    late: bool = False


class TaskQuerySet(SealedQuerySet["Task"]):
    def visible_to(self, reader: Any) -> Self:
        return self.filter(relationship__in=Relationship.objects.visible_to(reader))

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def open(self) -> Self:
        """Not done; those of a goal that was let go rest with it."""
        return self.filter(done_at=None, goal__let_go_at=None)

    def late(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def going_on(self) -> Self:
        """Of pairs under way; those of the others rest."""
        return self.filter(relationship__in=Relationship.objects.current())

    def opened_by(self, reader: Any, *, on: date | None = None) -> list[OpenedTask]:
        """Open ones first, the earliest day first; `on` this day some may be late."""
        open_first = F("done_at").asc(nulls_first=True)
        by_day = F("due_on").asc(nulls_last=True)
        rows = self.visible_to(reader).select_related("doer", "goal")
        rows = rows.order_by(open_first, by_day, "pk")
        return [OpenedTask(task, task.opened(), task.late(on)) for task in rows]

    @transaction.atomic
    def set(
        self,
        relationship: Relationship,
        *,
        by: Any,
        words: str,
        language: str,
        doer: Any,
        due_on: date | None = None,
        goal: Goal | None = None,
        token: UUID,
        at: datetime,
    ) -> Task:
        """One task more; few enough to do. The same form twice is one task."""
        pair = relationship.locked_for(by)
        same = self.filter(relationship=pair, token=token).first()
        if same is not None:
            return same
        if not pair.includes(doer):
            raise Relationship.Outsider
        if goal is not None and not Goal.objects.of(pair).open().filter(pk=goal.pk).exists():
            raise Goal.NotOpen
        if self.of(pair).open().count() >= RelationshipRules.current().tasks:
            raise Task.Enough
        task = self.model(
            relationship=pair,
            goal=goal,
            doer=doer,
            due_on=due_on,
            set_by=by,
            language=language,
            token=token,
            set_at=at,
        )
        task.seal(words)
        task.save(force_insert=True)
        return task

    @transaction.atomic
    def tick(self, task: Task, *, by: Any, done: bool, at: datetime) -> None:
        """Done, or after all not yet. Twice is once."""
        pair = task.relationship.locked_for(by)
        if done:
            self.filter(pk=task.pk, done_at=None).update(done_at=at)
        elif self.filter(pk=task.pk, done_at__isnull=False).exists():
            if self.of(pair).open().count() >= RelationshipRules.current().tasks:
                raise Task.Enough
            self.filter(pk=task.pk).update(done_at=None)
        task.refresh_from_db(fields=["done_at"])


class Task(SealedWords):
    """One small thing one of the two will do; both of the pair read and tick it."""

    class Enough(Refusal):
        """There are as many open tasks as a pair keeps in mind."""

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="tasks")
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="tasks")
    doer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentoring_tasks"
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.UUIDField(editable=False)
    set_at = models.DateTimeField(_("set at"))
    due_on = models.DateField(_("by when"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(
                name="task_to_do", fields=["doer", "due_on"], condition=Q(done_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(name="one_task_for_each_form", fields=["relationship", "token"])
        ]

    def __str__(self) -> str:
        return str(_("Task %(number)s") % {"number": self.pk})

    @property
    def resting(self) -> bool:
        """Its goal was let go."""
        return self.goal is not None and self.goal.let_go_at is not None

    def late(self, on: date | None) -> bool:
        due = self.due_on
        return on is not None and due is not None and due < on and self.done_at is None

    def bond(self) -> str:
        return f"task:{self.relationship_id}:{self.token}"
