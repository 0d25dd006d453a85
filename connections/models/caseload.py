"""The desk: all of one mentor's people, who needs them first, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localdate

from academy.models import Membership
from connections.models.care import Level, RelationshipRules
from connections.models.check_ins import CheckIn
from connections.models.goals import Goal
from connections.models.meetings import Meeting, since_april
from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship, RelationshipQuerySet
from connections.models.requests import MentoringRequest
from connections.models.terms import Terms
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
    meetings = Meeting.objects.expected_or_held().order_by("starts_at", "pk")
    asked = list(
        pairs.select_related("mentor", "mentee", "request").prefetch_related(
            Prefetch("meetings", meetings),
            Prefetch("goals", Goal.objects.open().order_by("set_at", "pk")),
            Prefetch("versions", Terms.objects.proposed().filter(proposed_by=reader)),
        )
    )
    people = [pair.other(reader) for pair in asked]
    work = Membership.objects.current().filter(person__in=people).select_related("organisation")
    places = {one.person_id: one.organisation.name for one in work}
    said = CheckIn.objects.said_by(reader, asked)
    rows = [
        Row(
            pair=pair,
            person=person,
            organisation=places.get(person.pk, ""),
            working_on=_working_on(pair),
            weather=weather(
                pair,
                rules=rules,
                agreed=bool(pair.versions.all()),
                said=said.get(pair.pk, Level.CALM),
                at=at,
            ),
            held=[localdate(one.starts_at) for one in pair.meetings.all() if one.held],
            planned=[localdate(one.starts_at) for one in pair.meetings.all() if one.planned],
            today=localdate(at),
        )
        for pair, person in zip(asked, people, strict=True)
    ]
    rows.sort(key=lambda row: (row.weather.rank, row.pair.last_contact_at, row.pair.pk))
    return rows


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
        requests=list(asking.by_day()),
        profile=MentorProfile.objects.of(mentor).first(),
        minutes=Meeting.objects.minutes_given_by(mentor, since=since_april(localdate(at))),
    )
