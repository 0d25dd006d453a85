"""Hours that a mentor or coach keeps open: which weekday, how many slots, and about what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Conflict, Person, Topic
from academy.models.base import HouseRules, Refusal, whole
from academy.roles import COORDINATOR
from connections.models.meetings import Meeting
from connections.models.profiles import MentorProfile
from connections.models.working_days import bank_holidays

WEEK = timedelta(weeks=1)
MOST_SLOTS = 12


class OfficeHourRules(HouseRules):
    """The start values of office hours, for an administrator to change."""

    minutes = whole(_("minutes of one slot"), 20, 60, least=10)
    weeks_ahead = whole(_("weeks that slots are made ahead"), 6, 26)
    bookings_limit = whole(_("bookings a person may have to come"), 2, 10)
    closes_hours = whole(_("hours before a slot when booking closes"), 2, 168, least=0)
    remind_hours = whole(_("hours before a slot when a reminder goes out"), 24, 168)
    kept_days = whole(_("days a question is kept after its slot"), 90, 365)

    class Meta:
        verbose_name = _("office hour rules")
        verbose_name_plural = _("office hour rules")
        constraints = [
            models.CheckConstraint(name="office_hour_rules_are_one_row", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(_("Office hour rules"))

    def closes_at(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(hours=self.closes_hours)

    def bookable_from(self, at: datetime) -> datetime:
        """Slots that start later than this can still be booked."""
        return at + timedelta(hours=self.closes_hours)


class OfficeHourQuerySet(models.QuerySet["OfficeHour"]):
    def of(self, person: Any) -> Self:
        return self.filter(host=person)

    def open(self) -> Self:
        """Not stopped, and kept by somebody whose offer stands."""
        offers = MentorProfile.objects.approved().filter(person=OuterRef("host"))
        return self.filter(Exists(offers), stopped_at=None)

    def visible_to(self, reader: Any) -> Self:
        """Open ones, one's own, and those one has booked; coordinators see all."""
        if reader.has_role(COORDINATOR):
            return self
        booked = self.model.objects.filter(slots__bookings__person=reader)
        return self.filter(
            Q(pk__in=self.model.objects.open().apart_from(reader))
            | Q(host=reader)
            | Q(pk__in=booked)
        )

    def apart_from(self, person: Any) -> Self:
        """Without hosts who are to be kept apart from this person."""
        return self.exclude(Conflict.keeps("host", person))

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def to_fill(self, on: date) -> Self:
        return self.open().filter(Q(until_on=None) | Q(until_on__gte=on))

    @transaction.atomic
    def begin(
        self, host: Any, *, topics: list[Topic], token: UUID, at: datetime, **said: Any
    ) -> OfficeHour:
        """Open hours and make their slots. The same form twice is one; nobody is in two places."""
        Person.objects.hold(host.pk)
        same = self.filter(host=host, token=token).first()
        if same is not None:
            return same
        if not MentorProfile.objects.approved().of(host).exists():
            raise OfficeHour.NoOffer
        minutes = OfficeHourRules.current().minutes
        hour = self.create(host=host, token=token, minutes=minutes, opened_at=at, **said)
        hour.topics.set(topics)
        starts = hour.starts(at=at)
        if not starts:
            raise OfficeHour.NoDays
        length = timedelta(minutes=minutes)
        mine = Meeting.objects.of_people(host.pk)
        meeting = mine.first_in([(start, start + length) for start in starts])
        if meeting is not None:
            raise OfficeHour.Meets(meeting)
        if hour.fill(at=at) < len(starts):
            raise OfficeHour.Overlaps
        return hour


class OfficeHour(models.Model):
    """Open hours that come again: every week, or every other."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    class Rhythm(models.IntegerChoices):
        WEEKLY = 1, _("Every week")
        FORTNIGHTLY = 2, _("Every two weeks")

    class NoOffer(Refusal):
        """Only mentors and coaches whose offer is approved keep office hours."""

    class Overlaps(Refusal):
        """The host has other hours at that time."""

    class Meets(Refusal):
        """The host has planned a meeting of a pair within these hours."""

        def __init__(self, meeting: Meeting) -> None:
            super().__init__(meeting.pk)
            self.meeting = meeting

    class NoDays(Refusal):
        """No such weekday lies between the first and the last day, bank holidays left out."""

    class Stopped(Refusal):
        """These hours are not kept any more."""

    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("host"),
        on_delete=models.CASCADE,
        related_name="office_hours",
    )
    about = models.CharField(_("about"), max_length=300, blank=True, default="")
    written_in = models.CharField(_("written in"), max_length=2, default="en")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="+")
    in_welsh = models.BooleanField(_("in Welsh"), default=False)
    in_english = models.BooleanField(_("in English"), default=False)
    how = models.CharField(_("how"), max_length=9, choices=Meeting.How)
    place = models.CharField(_("where, or a link to join"), max_length=200, blank=True, default="")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    begins = models.TimeField(_("first slot at"))
    many = models.PositiveSmallIntegerField(_("slots each time"))
    minutes = models.PositiveSmallIntegerField(_("minutes of one slot"))
    rhythm = models.PositiveSmallIntegerField(_("how often"), choices=Rhythm, default=Rhythm.WEEKLY)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    token = models.UUIDField(editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True)

    objects = OfficeHourQuerySet.as_manager()

    class Meta:
        verbose_name = _("office hour")
        verbose_name_plural = _("office hours")
        constraints = [
            models.UniqueConstraint(name="one_office_hour_for_each_form", fields=["host", "token"]),
            models.CheckConstraint(
                name="office_hour_has_one_to_twelve_slots",
                condition=Q(many__gte=1, many__lte=MOST_SLOTS, minutes__gte=5, minutes__lte=120),
            ),
            models.CheckConstraint(
                name="office_hour_in_some_language",
                condition=Q(in_welsh=True) | Q(in_english=True),
            ),
            models.CheckConstraint(
                name="office_hour_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Office hour %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:office_hour", args=[self.pk])

    def days(self, *, since: date, until: date) -> Iterator[date]:
        """The days on which it is kept, by its weekday and its rhythm; not on bank holidays."""
        day = self.from_on + timedelta(days=(self.weekday - self.from_on.weekday()) % 7)
        last = min(until, self.until_on or until)
        while day <= last:
            if day >= since and day not in bank_holidays(day.year):
                yield day
            day += WEEK * self.rhythm

    def starts_on(self, day: date) -> list[datetime]:
        """When the slots of this day start: the first by the clock on the wall."""
        first = make_aware(datetime.combine(day, self.begins)).astimezone(UTC)
        return [first + timedelta(minutes=self.minutes * turn) for turn in range(self.many)]

    def starts(self, *, at: datetime) -> list[datetime]:
        """The starts of all slots from now to as far ahead as the rules say."""
        today = localdate(at)
        until = today + WEEK * OfficeHourRules.current().weeks_ahead
        first = self.from_on + 3 * WEEK * self.rhythm  # two bank holidays may come in a row
        days = self.days(since=today, until=max(until, first))
        return [start for day in days for start in self.starts_on(day) if start > at]

    @transaction.atomic
    def fill(self, *, at: datetime) -> int:
        """Make the slots that are not there yet; how many stand now. Twice is once."""
        hour = OfficeHour.objects.locked().get(pk=self.pk)
        starts = [] if hour.stopped_at else hour.starts(at=at)
        hour.slots.make(hour, starts)
        return hour.slots.filter(starts_at__in=starts).count()

    @transaction.atomic
    def change(self, *, topics: list[Topic], at: datetime, **said: Any) -> None:
        """Other topics, words or place, at the same times; who has booked is told of a new place."""
        hour = OfficeHour.objects.locked().get(pk=self.pk)
        if hour.stopped_at:
            raise OfficeHour.Stopped
        moved = (hour.how, hour.place) != (said["how"], said["place"])
        for name, value in said.items():
            setattr(hour, name, value)
        hour.save(update_fields=[*said])
        hour.topics.set(topics)
        if moved:
            hour.slots.to_come(at).tell_of_place(at=at)
        self.refresh_from_db()

    @transaction.atomic
    def skip(self, day: date, *, at: datetime) -> int:
        """Not on this day: its slots are cancelled, made or not; how many people had to be told."""
        hour = OfficeHour.objects.locked().get(pk=self.pk)
        if hour.stopped_at:
            raise OfficeHour.Stopped
        if day in hour.days(since=day, until=day):
            hour.slots.make(hour, [start for start in hour.starts_on(day) if start > at])
        return hour.slots.on(day).to_come(at).cancel(at=at)

    @transaction.atomic
    def offer_again(self, day: date, *, at: datetime) -> int:
        """A skipped day after all, unless the host has opened other hours at that time."""
        hour = OfficeHour.objects.locked().get(pk=self.pk)
        if hour.stopped_at:
            raise OfficeHour.Stopped
        return hour.slots.on(day).offer_again(at=at)

    @transaction.atomic
    def stop(self, *, by: Any = None, at: datetime) -> int:
        """No more of these hours; who has booked is told, and how many that were."""
        hour = OfficeHour.objects.locked().get(pk=self.pk)
        if hour.stopped_at is None:
            OfficeHour.objects.filter(pk=self.pk).update(stopped_at=at)
            AuditEvent.objects.record(
                "connections.office_hour_stopped", actor=by, thing=self, at=at
            )
        told = hour.slots.to_come(at).cancel(at=at)
        self.refresh_from_db(fields=["stopped_at"])
        return told
