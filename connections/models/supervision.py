"""Supervision in groups: who leads, how they meet, and the sessions with their places."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Person
from academy.models.base import Refusal
from academy.permissions import may_act_as
from academy.roles import COORDINATOR
from connections.models.meetings import Meeting
from connections.models.planning import LONGEST, SHORTEST, between
from connections.models.practices import Step, coaches, supervises

MOST_PLACES = 30


class SupervisionGroupQuerySet(models.QuerySet["SupervisionGroup"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def locked(self) -> Self:
        """Held until the transaction ends: nobody plans a session of a group that is closing."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def led_by(self, person: Any) -> Self:
        return self.filter(lead=person)

    def kept_by(self, reader: Any) -> Self:
        """Which groups this person may change: coordinators all, supervisors their own."""
        if not reader.is_authenticated:
            return self.none()
        if may_act_as(reader, COORDINATOR):
            return self
        return self.led_by(reader) if supervises(reader) else self.none()

    def possible_leads(self, person: Any, *, lead: Any = None) -> list[Any]:
        """Oneself; for a coordinator, every supervisor and who leads it now, too."""
        if not may_act_as(person, COORDINATOR):
            return [person]
        supervisor = Q(practice__step=Step.SUPERVISOR)
        chosen = [one.pk for one in (person, lead) if one is not None]
        found = Person.objects.active().filter(supervisor | Q(pk__in=chosen))
        return list(found.order_by("name", "pk"))

    def set_up(
        self, *, lead: Any, by: Any, token: UUID, at: datetime, **facts: Any
    ) -> SupervisionGroup:
        """A new group; the same form twice is one."""
        if not supervises(by):
            raise SupervisionGroup.NotASupervisor
        group, _new = self.get_or_create(
            token=token, defaults={"lead": lead, "made_at": at, **facts}
        )
        return group


class SupervisionGroup(models.Model):
    """Coaches who look at their coaching together, with a supervisor."""

    class Language(models.TextChoices):
        CY = "cy", _("Welsh")
        EN = "en", _("English")
        BOTH = "both", _("Welsh and English")

    class NotASupervisor(Refusal):
        """Groups are led by coach supervisors, or set up by a coordinator."""

    name = models.CharField(_("name"), max_length=120)
    name_language = models.CharField(max_length=2)
    language = models.CharField(_("language"), max_length=4, choices=Language)
    how = models.CharField(_("how"), max_length=9, choices=Meeting.How)
    places = models.PositiveSmallIntegerField(_("places"))
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.UUIDField(unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = SupervisionGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision group")
        verbose_name_plural = _("supervision groups")
        constraints = [
            models.CheckConstraint(
                name="supervision_group_has_one_to_thirty_places",
                condition=Q(places__gte=1, places__lte=MOST_PLACES),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("connections:supervision_group", args=[self.pk])

    def change(self, **facts: Any) -> None:
        """Name, language, how and the places of sessions to be planned."""
        SupervisionGroup.objects.filter(pk=self.pk).update(**facts)
        self.refresh_from_db()

    @transaction.atomic
    def close(self, *, by: Any, at: datetime) -> None:
        """It meets no more: sessions still to come are cancelled and everybody is told."""
        if not SupervisionGroup.objects.open().filter(pk=self.pk).update(closed_at=at):
            return
        for session in self.sessions.to_come(at).order_by("starts_at", "pk"):
            session.cancel(by=by, at=at)
        AuditEvent.objects.record("connections.supervision_closed", actor=by, thing=self, at=at)
        self.refresh_from_db(fields=["closed_at"])


class SupervisionSessionQuerySet(models.QuerySet["SupervisionSession"]):
    def visible_to(self, reader: Any) -> Self:
        """Supervisors, coordinators and coaches see all; others what they have a place in."""
        if not reader.is_authenticated:
            return self.none()
        if supervises(reader) or coaches(reader):
            return self
        return self.filter(bookings__person=reader).distinct()

    def kept_by(self, reader: Any) -> Self:
        return self.filter(group__in=SupervisionGroup.objects.kept_by(reader))

    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_come(self, at: datetime) -> Self:
        return self.live().filter(starts_at__gt=at)

    def unrecorded(self, at: datetime) -> Self:
        """Over, somebody had a place, and nobody has said who came."""
        return self.live().filter(starts_at__lte=at, recorded_at=None, places_taken__gt=0)

    def locked(self) -> Self:
        """These rows until the transaction ends: every change of places starts here."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class SupervisionSession(models.Model):
    """One meeting of a group. `sequence` rises with every change that calendars must follow."""

    class Closed(Refusal):
        """Cancelled or begun."""

    class Full(Refusal):
        """No place is left."""

    class TooFew(Refusal):
        """More people have a place than would be left."""

    class StillToCome(Refusal):
        """Nobody can record what has not happened yet."""

    class Overlaps(Refusal):
        """Nobody leads two sessions at once."""

    class AlreadyPast(Refusal):
        """Nobody can plan what is over."""

    group = models.ForeignKey(SupervisionGroup, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    place = models.CharField(_("where, or a link to join"), max_length=200, blank=True, default="")
    places = models.PositiveSmallIntegerField(_("places"))
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    token = models.UUIDField(editable=False)
    planned_at = models.DateTimeField(_("planned at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True)

    objects = SupervisionSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision session")
        verbose_name_plural = _("supervision sessions")
        indexes = [models.Index(name="supervision_by_start", fields=["starts_at"])]
        constraints = [
            models.UniqueConstraint(
                name="one_supervision_session_for_each_form", fields=["group", "token"]
            ),
            models.CheckConstraint(
                name="supervision_session_never_overfilled",
                condition=Q(places_taken__gte=0, places_taken__lte=F("places")),
            ),
            models.CheckConstraint(
                name="supervision_session_has_one_to_thirty_places",
                condition=Q(places__gte=1, places__lte=MOST_PLACES),
            ),
            models.CheckConstraint(
                name="supervision_session_lasts_minutes_not_days",
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Supervision session %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:supervision_session", args=[self.pk])

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def left(self) -> int:
        return max(0, self.places - self.places_taken)

    def over(self, at: datetime) -> bool:
        return self.starts_at <= at

    def bookable(self, at: datetime) -> bool:
        return self.cancelled_at is None and not self.over(at)

    def take_place(self) -> None:
        """Counted under the lock."""
        if self.places_taken >= self.places:
            raise SupervisionSession.Full
        self.places_taken += 1
        self.save(update_fields=["places_taken"])

    @staticmethod
    def require_free(group: Any, starts_at: datetime, minutes: int, *, but: Q) -> None:
        """Who leads has no other session then; their groups are held, so that plans wait in turn."""
        led = Q(pk=group.pk) if group.lead_id is None else Q(lead=group.lead_id)
        held = list(SupervisionGroup.objects.filter(led).locked())
        others = SupervisionSession.objects.live().filter(group__in=held).exclude(but)
        if between(others, starts_at, starts_at + timedelta(minutes=minutes)).exists():
            raise SupervisionSession.Overlaps

    @classmethod
    @transaction.atomic
    def plan(
        cls, group: SupervisionGroup, *, token: UUID, at: datetime, **facts: Any
    ) -> SupervisionSession:
        """A date more for the group; the same form twice is one."""
        if facts["starts_at"] <= at:
            raise cls.AlreadyPast
        cls.require_free(group, facts["starts_at"], facts["minutes"], but=Q(token=token))
        if not SupervisionGroup.objects.open().locked().filter(pk=group.pk).exists():
            raise cls.Closed
        session, _new = SupervisionSession.objects.get_or_create(
            group=group, token=token, defaults={"planned_at": at, **facts}
        )
        return session

    @transaction.atomic
    def change(
        self, *, starts_at: datetime, minutes: int, place: str, places: int, by: Any, at: datetime
    ) -> bool:
        """Another time or place: everybody is told with a new file. Other places alone tell nobody."""
        self.require_free(self.group, starts_at, minutes, but=Q(pk=self.pk))
        row = SupervisionSession.objects.locked().get(pk=self.pk)
        if not row.bookable(at):
            raise SupervisionSession.Closed
        if starts_at <= at:
            raise SupervisionSession.AlreadyPast
        if places < row.bookings.current().count():
            raise SupervisionSession.TooFew
        moved = (row.starts_at, row.minutes, row.place) != (starts_at, minutes, place)
        row.starts_at, row.minutes, row.place, row.places = starts_at, minutes, place, places
        row.sequence += moved
        row.save(update_fields=["starts_at", "minutes", "place", "places", "sequence"])
        if moved:
            row.tell_everyone("supervision_moved", at=at)
            row.bookings.current().update(reminded_at=None)
        AuditEvent.objects.record("connections.supervision_changed", actor=by, thing=self, at=at)
        self.refresh_from_db()
        return moved

    @transaction.atomic
    def cancel(self, *, by: Any, at: datetime) -> bool:
        """It falls away: everybody is told once, and calendars drop it."""
        row = SupervisionSession.objects.locked().get(pk=self.pk)
        if not row.bookable(at):
            return False
        row.cancelled_at, row.sequence = at, row.sequence + 1
        row.save(update_fields=["cancelled_at", "sequence"])
        row.tell_everyone("supervision_cancelled", at=at)
        AuditEvent.objects.record("connections.supervision_cancelled", actor=by, thing=self, at=at)
        self.refresh_from_db()
        return True

    def tell_everyone(self, kind: str, *, at: datetime) -> None:
        for booking in self.bookings.current().select_related("person").order_by("pk"):
            booking.session = self
            booking.tell(kind, mark=str(self.sequence), at=at)
