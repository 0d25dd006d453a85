from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy import roles
from academy.models import Membership, Notification
from academy.models.base import Refusal
from academy.permissions import may_act_as
from capability.models.cohorts import Cohort

if TYPE_CHECKING:
    from academy.permissions import Reader


class BookingQuerySet(models.QuerySet["Booking"]):
    def current(self) -> Self:
        return self.filter(left_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def on(self, cohort: Cohort) -> Self:
        return self.filter(cohort=cohort)

    def to_come(self, at: datetime) -> Self:
        return self.current().filter(cohort__ends_at__gt=at)

    def behind(self, at: datetime) -> Self:
        """Over, or given up."""
        return self.exclude(left_at=None, cohort__ends_at__gt=at)

    def visible_to(self, reader: Reader) -> Self:
        """Curators see all; an organisation lead the people of their own organisation; else mine."""
        if not reader.is_authenticated:
            return self.none()
        if may_act_as(reader, roles.CURATOR):
            return self
        mine = Q(person=reader)
        if may_act_as(reader, roles.ORGANISATION_LEAD):
            ours = Membership.objects.current().filter(
                organisation__in=reader.memberships.current().values("organisation")
            )
            mine |= Q(person__in=ours.values("person"))
        return self.filter(mine)

    @transaction.atomic
    def leave(self, *, at: datetime, why: str) -> int:
        """Give up these places without a message; cohorts are locked in one order."""
        current = self.current().filter(Q(cohort__ends_at=None) | Q(cohort__ends_at__gt=at))
        cohorts = set(current.values_list("cohort", flat=True))
        list(Cohort.objects.filter(pk__in=cohorts).order_by("pk").locked())
        return Booking.objects.filter(pk__in=list(current.values_list("pk", flat=True))).update(
            left_at=at, left_why=why
        )


class Booking(models.Model):
    """One person's place on one cohort, until they leave it."""

    class Why(models.TextChoices):
        OWN = "own", _("Cancelled by the person")
        COHORT = "cohort", _("The cohort was cancelled")
        ACCOUNT = "account", _("The account was closed")

    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.PROTECT, related_name="bookings"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="bookings",
    )
    hope = models.CharField(_("hope"), max_length=500, blank=True, default="")
    hope_language = models.CharField(max_length=2, blank=True, default="")
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    left_why = models.CharField(
        _("why they left"), max_length=10, choices=Why, blank=True, default=""
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [models.Index(name="booking_of_person", fields=["person", "-joined_at"])]
        constraints = [
            models.UniqueConstraint(
                name="one_current_booking_each",
                fields=["cohort", "person"],
                condition=Q(left_at=None),
            ),
            models.UniqueConstraint(name="one_booking_for_each_asking", fields=["person", "token"]),
            models.CheckConstraint(
                name="booking_left_for_a_reason",
                condition=Q(left_at=None, left_why="") | (~Q(left_at=None) & ~Q(left_why="")),
            ),
        ]

    class TooLate(Refusal):
        """The course is over; there is no place left to give back."""

    def get_absolute_url(self) -> str:
        return reverse("capability:cohort", args=[self.cohort_id])

    @transaction.atomic
    def leave(self, *, at: datetime) -> bool:
        """Give the place back and say so by mail. Doing it twice does it once."""
        cohort = Cohort.objects.locked().get(pk=self.cohort_id)
        if cohort.over(at):
            raise Booking.TooLate
        won = Booking.objects.current().filter(pk=self.pk)
        if not won.update(left_at=at, left_why=self.Why.OWN):
            return False
        Notification.objects.post(
            "capability.cancelled_own",
            key=str(self.pk),
            to=self.person,
            facts={**cohort.facts(), "booking": self.pk},
            link=("capability:cohort", [cohort.pk]),
            at=at,
        )
        self.left_at, self.left_why = at, self.Why.OWN
        return True

    def tell(
        self, kind: str, *, key: str, facts: dict[str, Any] | None = None, at: datetime
    ) -> Notification | None:
        """Write to the person about their place."""
        return Notification.objects.post(
            kind,
            key=f"{key}-{self.pk}",
            to=self.person,
            facts={**self.cohort.facts(), "booking": self.pk, **(facts or {})},
            link=("capability:cohort", [self.cohort_id]),
            at=at,
        )
