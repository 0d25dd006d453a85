"""When the pair met, and when they will: dates and minutes. What was said is a note."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models, transaction
from django.db.models import F, Func, Q, Sum, Value
from django.urls import reverse
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.models.base import Refusal
from connections.models.notes import Note
from connections.models.planning import LONGEST, SHORTEST, PlanningQuerySet
from connections.models.relationships import Relationship

APRIL = 4
DAYS_BEFORE = 31  # a pair may have met this long before the academy knew of it
# What an index may hold: no time zone comes in.
BEGINS = Func(Value("UTC"), F("starts_at"), function="timezone")
WHEN = Func(
    BEGINS,
    Func(
        BEGINS, F("minutes"), arg_joiner=" + ", template="(%(expressions)s * interval '1 minute')"
    ),
    function="tsrange",
)
BOTH = Func(
    Func(F("mentor"), F("mentor"), Value("[]"), function="int8range"),
    Func(F("mentee"), F("mentee"), Value("[]"), function="int8range"),
    function="int8multirange",
)


class MeetingQuerySet(PlanningQuerySet):
    def visible_to(self, reader: Any) -> Self:
        return self.filter(Q(relationship__mentor=reader) | Q(relationship__mentee=reader))

    def held(self) -> Self:
        return self.filter(state=Meeting.State.HELD)

    def given_by(self, person: Any) -> Self:
        return self.filter(relationship__mentor=person)

    def expected_or_held(self) -> Self:
        return self.exclude(state=Meeting.State.CANCELLED)

    def minutes_given_by(self, person: Any, *, since: datetime) -> int:
        given = self.held().given_by(person).filter(starts_at__gte=since)
        return given.aggregate(sum=Sum("minutes"))["sum"] or 0

    @transaction.atomic
    def record(
        self,
        relationship: Relationship,
        *,
        by: Any,
        starts_at: datetime,
        minutes: int,
        how: str,
        token: UUID,
        summary: str = "",
        language: str = "en",
        another: bool = False,
        at: datetime,
    ) -> Meeting:
        """They met. A summary becomes a note both can read; the same form twice is one meeting.

        A second meeting on one day is written only when it is said to be `another`.
        """
        if starts_at > at:
            raise Meeting.StillToCome
        pair = relationship.locked_for(by)
        if localdate(starts_at) < earliest_day(pair):
            raise Meeting.TooEarly
        facts: dict[str, Any] = {"minutes": minutes, "how": how, "token": token, "another": another}
        meeting, new = self._held(pair, by=by, starts_at=starts_at, at=at, **facts)
        if new and summary:
            self._say(meeting, summary, by=by, language=language, at=at)
        self.sum_up(pair)
        return meeting

    def _held(
        self,
        pair: Relationship,
        *,
        by: Any,
        starts_at: datetime,
        token: UUID,
        another: bool,
        at: datetime,
        **way: Any,
    ) -> tuple[Meeting, bool]:
        """The meeting planned for that day, or a new one; and whether the form is new."""
        same = self.filter(relationship=pair, token=token).first()
        if same is not None:
            return same, False
        that_day = self.of(pair).filter(starts_at__date=localdate(starts_at)).order_by("starts_at")
        recorded = that_day.held().select_related("written_by").first()
        if recorded is not None and not another:
            raise Meeting.SameDay(recorded)
        meeting = that_day.planned().order_by("starts_at", "pk").first()
        if meeting is None:
            meeting = self.model(
                relationship=pair, written_by=by, written_at=at, starts_at=starts_at
            )
        meeting.state, meeting.token, meeting.remind_at = Meeting.State.HELD, token, None
        meeting.starts_at = min(meeting.starts_at, at)
        meeting.minutes, meeting.how = way["minutes"], way["how"]
        written = ("state", "token", "remind_at", "starts_at", "minutes", "how")
        meeting.save(update_fields=written if meeting.pk else None)
        return meeting, True

    def _say(self, meeting: Meeting, words: str, *, by: Any, language: str, at: datetime) -> None:
        Note.objects.write(
            meeting.relationship,
            by=by,
            audience=Note.Audience.SHARED,
            words=words,
            language=language,
            token=meeting.token,
            meeting=meeting,
            at=at,
        )

    @transaction.atomic
    def settle(
        self,
        meeting: Meeting,
        *,
        by: Any,
        held: bool,
        summary: str = "",
        language: str = "en",
        at: datetime,
    ) -> bool:
        """A planned meeting took place, or will not. Twice is once: the second changes nothing."""
        pair = meeting.relationship.locked_for(by, even_paused=True)
        if held and meeting.starts_at > at:
            raise Meeting.StillToCome
        if held:
            won = bool(self.planned().filter(pk=meeting.pk).update(state=Meeting.State.HELD))
        else:
            won = self.drop(meeting)
        if won and not held and meeting.starts_at > at:
            meeting.tell("meeting_cancelled", by=by, at=at)
        if won and held and summary:
            self._say(meeting, summary, by=by, language=language, at=at)
        self.sum_up(pair)
        meeting.refresh_from_db(fields=["state"])
        return won


class Meeting(models.Model):
    """One meeting of a pair: past or planned."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Took place")
        CANCELLED = "cancelled", _("Did not take place")

    class How(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("By phone")

    class StillToCome(Refusal):
        """Nobody can record what has not happened yet."""

    class TooEarly(Refusal):
        """Nobody met as a pair long before they were one."""

    class SameDay(Refusal):
        """One is recorded for that day. `by` is who did, where it was not planned before."""

        def __init__(self, recorded: Meeting) -> None:
            super().__init__(recorded.pk)
            self.by = recorded.written_by if recorded.mentor_id is None else None

    class AlreadyPast(Refusal):
        """Nobody can plan what is over."""

    class Settled(Refusal):
        """It has taken place, or was cancelled: it cannot be moved."""

    class Moved(Refusal):
        """It has been moved or changed since this was read."""

    class Clash(Refusal):
        """One of the two is promised elsewhere at that time."""

        def __init__(self, person: Any) -> None:
            super().__init__(person.pk)
            self.person = person

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="meetings"
    )
    state = models.CharField(_("state"), max_length=9, choices=State)
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    how = models.CharField(_("how"), max_length=9, choices=How)
    place = models.CharField(_("where, or a link to join"), max_length=200, blank=True, default="")
    token = models.UUIDField(editable=False)
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    remind_at = models.DateTimeField(_("reminder at"), null=True, editable=False)
    # The pair's two again, so that the database can see who is where.
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            models.Index(name="meeting_of_pair", fields=["relationship", "starts_at"]),
            models.Index(
                name="meeting_to_remind", fields=["remind_at"], condition=Q(remind_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_meeting_for_each_form", fields=["relationship", "token"]
            ),
            models.CheckConstraint(
                name="meeting_lasts_minutes_not_days",
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
            ),
            ExclusionConstraint(
                name="nobody_is_promised_to_two_meetings_at_one_time",
                expressions=[(BOTH, RangeOperators.OVERLAPS), (WHEN, RangeOperators.OVERLAPS)],
                condition=Q(state="planned", mentor__isnull=False, mentee__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Meeting %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:meeting", args=[self.relationship_id, self.pk])

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    def tell(self, kind: str, *, by: Any, at: datetime) -> None:
        """Both, with ids alone; the letter looks up the rest and makes the calendar file."""
        pair = self.relationship
        for person in (pair.mentor, pair.mentee):
            Notification.objects.post(
                f"connections.{kind}",
                key=f"meeting-{self.pk}:{person.pk}:{self.sequence}",
                to=person,
                facts={
                    "meeting": self.pk,
                    "sequence": self.sequence,
                    "by": by.pk if by is not None else None,
                },
                link=("connections:meeting", [pair.pk, self.pk]),
                at=at,
            )


def earliest_day(pair: Relationship) -> date:
    """The first day on which this pair can have met."""
    return localdate(pair.began_at) - timedelta(days=DAYS_BEFORE)


def since_april(today: date) -> datetime:
    """The start of the working year: the first of April on or before today, in Wales."""
    year = today.year if today.month >= APRIL else today.year - 1
    return make_aware(datetime.combine(date(year, APRIL, 1), time.min))
