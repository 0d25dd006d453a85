"""Handing over to another mentor: proposed by one of the pair, yes from the mentee and the new one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.models.base import Refusal
from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship
from connections.models.sealed import SealedQuerySet, SealedWords


class HandOverQuerySet(SealedQuerySet["HandOver"]):
    def visible_to(self, reader: Any) -> Self:
        """The pair; and the new mentor from the mentee's yes on."""
        pair = Q(relationship__mentor=reader) | Q(relationship__mentee=reader)
        return self.filter(pair | Q(to__person=reader, offered_at__isnull=False))

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def open(self) -> Self:
        return self.filter(state__in=HandOver.OPEN)

    def standing(self) -> Self:
        """It waits for an answer, or is how the pair ended."""
        return self.filter(state__in=(*HandOver.OPEN, HandOver.State.DONE)).select_related(
            "moved_to"
        )

    def done(self) -> Self:
        return self.filter(state=HandOver.State.DONE)

    def offered_to(self, person: Any) -> Self:
        """Waits for this mentor's answer."""
        return self.filter(state=HandOver.State.OFFERED, to__person=person)

    def refused(self) -> Self:
        """The new mentor said no, or nothing."""
        return self.filter(refused=True)

    def to_close(self, at: datetime) -> Self:
        return self.open().filter(closes_at__lte=at)

    def with_people(self) -> Self:
        return self.select_related(
            "relationship__mentor", "relationship__mentee", "to__person", "proposed_by"
        )

    def stop(self, *, by: Any = None, at: datetime) -> int:
        """Nothing changes for anybody; whoever knew of it is told. Their pairs are locked."""
        stopped = list(self.open().with_people().order_by("pk"))
        for one in stopped:
            known = [one.relationship.mentor, one.relationship.mentee]
            known += [one.to.person] if one.offered else []
            one.refused = one.offered and (by == one.to.person or one.closes_at <= at)
            one.state, one.settled_at = HandOver.State.STOPPED, at
            one.save(update_fields=["state", "settled_at", "refused"])
            for person in known:
                if person != by:
                    one.tell("hand_over_stopped", person, at=at)
        return len(stopped)


class HandOver(SealedWords):
    """One wish to hand over. Its words are for the pair and the new mentor, and may be empty."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for the mentee")
        OFFERED = "offered", _("Waits for the new mentor")
        DONE = "done", _("Handed over")
        STOPPED = "stopped", _("Did not take place")

    OPEN = ("proposed", "offered")

    class Under(Refusal):
        """A hand-over of this pair waits for an answer."""

    class Settled(Refusal):
        """It has been answered, stopped or closed meanwhile."""

    class Refused(Refusal):
        """This mentor has been asked for this pair before, and did not say yes."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="hand_overs"
    )
    to = models.ForeignKey(MentorProfile, on_delete=models.CASCADE, related_name="hand_overs")
    state = models.CharField(_("state"), max_length=8, choices=State)
    goals = models.BooleanField(_("open goals go along"), default=True)
    token = models.UUIDField(editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    offered_at = models.DateTimeField(_("the mentee said yes at"), null=True)
    closes_at = models.DateTimeField(_("closes at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)
    refused = models.BooleanField(
        _("the new mentor did not say yes"), default=False, db_default=False
    )
    moved_to = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, null=True, related_name="handed_from"
    )

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        constraints = [
            models.UniqueConstraint(
                name="one_hand_over_for_each_form", fields=["relationship", "token"]
            ),
            models.UniqueConstraint(
                name="one_hand_over_at_a_time",
                fields=["relationship"],
                condition=Q(state__in=["proposed", "offered"]),
            ),
            models.UniqueConstraint(
                name="a_pair_is_handed_over_once",
                fields=["relationship"],
                condition=Q(state="done"),
            ),
            models.CheckConstraint(
                name="hand_over_is_offered_with_the_mentees_yes",
                condition=Q(state__in=["proposed", "stopped"]) | Q(offered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="hand_over_is_settled_at_a_time",
                condition=Q(state__in=["proposed", "offered"], settled_at=None)
                | Q(state__in=["done", "stopped"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_hand_over_that_was_offered_is_refused",
                condition=Q(refused=False) | Q(state="stopped", offered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="hand_over_done_leads_to_a_new_pair",
                condition=Q(state="done", moved_to__isnull=False)
                | (~Q(state="done") & Q(moved_to=None)),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Hand-over %(number)s") % {"number": self.pk})

    @property
    def open(self) -> bool:
        return self.state in self.OPEN

    @property
    def proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def offered(self) -> bool:
        return self.state == self.State.OFFERED

    @property
    def done(self) -> bool:
        return self.state == self.State.DONE

    def days_left(self, at: datetime) -> int:
        """Whole days until it closes; 0 on the last day."""
        return max(0, (localdate(self.closes_at) - localdate(at)).days)

    def bond(self) -> str:
        return f"hand-over:{self.relationship_id}:{self.token}"

    def waits_for(self, person: Any) -> bool:
        if self.proposed:
            return bool(person.pk == self.relationship.mentee_id)
        return self.offered and bool(person.pk == self.to.person_id)

    def tell(self, kind: str, person: Any, *, at: datetime) -> None:
        """A message that carries nothing but where to look."""
        new = person.pk == self.to.person_id
        page = "hand_over_answer" if new else "hand_over"
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{person.pk}",
            to=person,
            facts={"hand_over": self.pk},
            link=(f"connections:{page}", [self.pk if new else self.relationship_id]),
            at=at,
        )

    @classmethod
    @transaction.atomic
    def say_no(cls, pk: int, *, by: Any, at: datetime) -> None:
        """Any of the three, without a reason, and nothing changes. Twice is once."""
        found = cls.objects.visible_to(by).get(pk=pk)
        Relationship.objects.locked().get(pk=found.relationship_id)
        cls.objects.filter(pk=pk).stop(by=by, at=at)
