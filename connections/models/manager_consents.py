"""A mentee's yes, taken back at any time: their line manager sees counts and dates, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from academy.models import Membership, Notification, Person
from academy.models.base import Refusal
from connections.models.meetings import Meeting
from connections.models.relationships import Relationship


def manager_of(person: Any) -> Person | None:
    """Who is named today as this person's line manager, and has an account."""
    work = Membership.objects.current().filter(person=person, line_manager__is_active=True)
    here = work.select_related("line_manager").first()
    return here.line_manager if here else None


@dataclass(frozen=True)
class TeamRow:
    """All that a line manager ever sees of a relationship."""

    name: str
    kind: str
    since: date
    meetings: int
    minutes: int
    review_on: date

    @property
    def hours(self) -> int:
        """Whole hours, halves upwards."""
        return (self.minutes + 30) // 60


class ManagerConsentQuerySet(models.QuerySet["ManagerConsent"]):
    def given(self) -> Self:
        return self.filter(withdrawn_at=None)

    def of(self, pair: Relationship) -> Self:
        return self.filter(relationship=pair)

    def visible_to(self, manager: Any) -> Self:
        """Given to this very person, who is still the line manager, of a pair that goes on."""
        managed = Membership.objects.current().filter(
            person=OuterRef("relationship__mentee"), line_manager=manager
        )
        goes_on = ~Q(relationship__state=Relationship.State.ENDED)
        return self.given().filter(goes_on, Exists(managed), manager=manager)

    def rows(self) -> list[TeamRow]:
        held = Q(relationship__meetings__state=Meeting.State.HELD)
        pairs = self.select_related("relationship__mentee", "relationship__terms")
        counted = pairs.annotate(
            meetings=Count("relationship__meetings", filter=held),
            minutes=Sum("relationship__meetings__minutes", filter=held, default=0),
        )
        return [row_of(one) for one in counted.order_by("relationship__mentee__name", "pk")]

    @transaction.atomic
    def give(self, pair: Relationship, *, by: Any, at: datetime) -> ManagerConsent:
        """Yes, for the line manager of today; one who comes later is not told. Twice is once."""
        pair = Relationship.objects.locked().get(pk=pair.pk)
        if by.pk != pair.mentee_id:
            raise Relationship.Outsider
        manager = manager_of(by)
        if pair.ended:
            raise Relationship.Ended
        if manager is None:
            raise ManagerConsent.NoManager
        same = self.of(pair).given().filter(manager=manager).first()
        if same is not None:
            return same
        self.of(pair).given().update(withdrawn_at=at)
        made = self.create(relationship=pair, manager=manager, given_at=at)
        Notification.objects.post(
            "connections.manager_may_see",
            key=str(made.pk),
            to=manager,
            facts={"consent": made.pk},
            link=("connections:team", []),
            at=at,
        )
        return made

    def withdraw(self, pair: Relationship, *, by: Any, at: datetime) -> None:
        """From this moment they see nothing, not even that there was something."""
        self.of(pair).given().filter(relationship__mentee=by).update(withdrawn_at=at)


class ManagerConsent(models.Model):
    """One yes of a mentee for one relationship and one line manager."""

    class NoManager(Refusal):
        """Nobody with an account is named as the line manager."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="manager_consents"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = ManagerConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent that a line manager sees counts")
        verbose_name_plural = _("consents that line managers see counts")
        constraints = [
            models.UniqueConstraint(
                name="one_line_manager_sees_a_relationship",
                fields=["relationship"],
                condition=Q(withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(_("Consent %(number)s") % {"number": self.pk})


def row_of(consent: Any) -> TeamRow:
    """`consent` with the number and minutes of its pair's meetings."""
    pair = consent.relationship
    return TeamRow(
        name=pair.mentee.name,
        kind=pair.get_kind_display(),
        since=pair.began_at,
        meetings=consent.meetings,
        minutes=consent.minutes,
        review_on=pair.terms.review_on if pair.terms else pair.ends_on,
    )
