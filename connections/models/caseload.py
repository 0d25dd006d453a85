"""The desk: all of one mentor's people, who needs them first, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localdate

from academy.models import Membership
from connections.models.agreements import Agreement
from connections.models.care import RelationshipRules
from connections.models.goals import Goal
from connections.models.meetings import Meeting, since_april
from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship, RelationshipQuerySet
from connections.models.requests import MentoringRequest
from connections.models.weather import Weather, weather


@dataclass(frozen=True)
class WorkingOn:
    """What the pair works towards: the first open goal, else the words of the request."""

    words: str = field(repr=False)
    language: str


@dataclass(frozen=True)
class Row:
    """One relationship on the desk, as the one who looks at it sees it."""

    pair: Relationship
    person: Any
    organisation: str
    working_on: WorkingOn | None
    weather: Weather
    held: list[date]
    planned: list[date]
    today: date


@dataclass(frozen=True)
class Desk:
    rows: list[Row]
    ended: list[Relationship]
    requests: list[MentoringRequest]
    profile: MentorProfile | None
    minutes: int

    @property
    def hours(self) -> int:
        """Whole hours, halves upwards."""
        return (self.minutes + 30) // 60

    @property
    def needing(self) -> int:
        return len(self.requests) + sum(row.weather.needs_me for row in self.rows)


def rows_of(pairs: RelationshipQuerySet, *, reader: Any, at: datetime) -> list[Row]:
    """Who needs the reader first: help, watch, calm; the longest silence first in each."""
    rules = RelationshipRules.current()
    work = Membership.objects.current().select_related("organisation")
    asked = pairs.select_related("mentor", "mentee", "request").prefetch_related(
        Prefetch(
            "meetings", Meeting.objects.exclude(state="cancelled").order_by("starts_at", "pk")
        ),
        Prefetch("goals", Goal.objects.open().order_by("set_at", "pk")),
        Prefetch("agreements", Agreement.objects.filter(person=reader)),
        Prefetch("mentee__memberships", work),
        Prefetch("mentor__memberships", work),
    )
    rows = [_row(pair, reader=reader, rules=rules, at=at) for pair in asked]
    rows.sort(key=lambda row: (row.weather.rank, row.pair.last_contact_at, row.pair.pk))
    return rows


def _row(pair: Relationship, *, reader: Any, rules: RelationshipRules, at: datetime) -> Row:
    person = pair.other(reader)
    work = list(person.memberships.all())
    meetings = list(pair.meetings.all())
    return Row(
        pair=pair,
        person=person,
        organisation=work[0].organisation.name if work else "",
        working_on=_working_on(pair),
        weather=weather(pair, rules=rules, agreed=bool(pair.agreements.all()), at=at),
        held=[localdate(meeting.starts_at) for meeting in meetings if meeting.held],
        planned=[localdate(meeting.starts_at) for meeting in meetings if meeting.planned],
        today=localdate(at),
    )


def _working_on(pair: Relationship) -> WorkingOn | None:
    for goal in pair.goals.all():
        words = goal.opened()
        if words:
            return WorkingOn(words, goal.language)
    asked = pair.request
    return WorkingOn(asked.words, asked.written_in) if asked else None


def desk_of(mentor: Any, *, at: datetime) -> Desk:
    given = Relationship.objects.given_by(mentor)
    asking = MentoringRequest.objects.asked_of(mentor).prefetch_related("methods", "services")
    return Desk(
        rows=rows_of(given.open(), reader=mentor, at=at),
        ended=list(given.ended().select_related("mentee").order_by("-ended_at", "pk")[:20]),
        requests=list(asking.order_by("closes_at", "pk")),
        profile=MentorProfile.objects.of(mentor).first(),
        minutes=Meeting.objects.minutes_given_by(mentor, since=since_april(localdate(at))),
    )
