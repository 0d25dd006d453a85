"""The dates of a circle; calendars follow every change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal


class CircleMeetingQuerySet(models.QuerySet["CircleMeeting"]):
    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_come(self, at: datetime) -> Self:
        return self.live().filter(starts_at__gt=at)

    def near(self, at: datetime, *, hours: int) -> Self:
        return self.to_come(at).filter(starts_at__lte=at + timedelta(hours=hours))

    def raise_sequence(self) -> None:
        """What calendars hold of these is out of date."""
        self.update(sequence=F("sequence") + 1)

    @transaction.atomic
    def remind(self, *, hours: int, at: datetime) -> None:
        """A word the day before, to everybody who is in it."""
        near = self.near(at, hours=hours).select_related("circle__host").order_by("pk")
        for meeting in near:
            meeting.tell("circle_reminder", at=at)


class CircleMeeting(models.Model):
    """One date of a circle."""

    class AlreadyPast(Refusal):
        """Nobody can plan or move to what is over."""

    class Gone(Refusal):
        """It is cancelled or over."""

    circle = models.ForeignKey(
        "connections.Circle", on_delete=models.CASCADE, related_name="meetings"
    )
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    token = models.UUIDField(editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)

    objects = CircleMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("circle meeting")
        verbose_name_plural = _("circle meetings")
        indexes = [models.Index(name="circle_meeting_next", fields=["circle", "starts_at"])]
        constraints = [
            models.UniqueConstraint(
                name="one_circle_meeting_for_each_form", fields=["circle", "token"]
            ),
            models.CheckConstraint(
                name="circle_meeting_lasts_minutes", condition=Q(minutes__gte=5, minutes__lte=480)
            ),
        ]

    def __str__(self) -> str:
        return str(_("Meeting %(number)s") % {"number": self.pk})

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def tell(self, kind: str, *, at: datetime) -> None:
        """Everybody who is in the circle, once for each state of this date."""
        mark = f"{self.pk}-{self.sequence}"
        self.circle.tell_all(kind, mark=mark, at=at, meeting=self.pk, sequence=self.sequence)

    def held(self, at: datetime) -> CircleMeeting:
        """This date under its circle's lock, if it is still to come."""
        circle: Any = type(self.circle)
        circle.objects.locked().get(pk=self.circle_id)
        meeting = CircleMeeting.objects.to_come(at).filter(pk=self.pk).first()
        if meeting is None:
            raise CircleMeeting.Gone
        return meeting

    @transaction.atomic
    def move(self, *, starts_at: datetime, minutes: int, at: datetime) -> None:
        """Another time; everybody is told, and what is in their calendars moves. Twice is once."""
        if starts_at <= at:
            raise CircleMeeting.AlreadyPast
        meeting = self.held(at)
        if (meeting.starts_at, meeting.minutes) != (starts_at, minutes):
            CircleMeeting.objects.filter(pk=self.pk).update(
                starts_at=starts_at, minutes=minutes, sequence=F("sequence") + 1
            )
            self.refresh_from_db()
            self.tell("circle_meeting", at=at)

    @transaction.atomic
    def cancel(self, *, at: datetime) -> None:
        """It will not take place; everybody is told."""
        self.held(at)
        CircleMeeting.objects.filter(pk=self.pk).update(cancelled_at=at, sequence=F("sequence") + 1)
        self.refresh_from_db()
        self.tell("circle_meeting_cancelled", at=at)
