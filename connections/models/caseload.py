"""The desk: all of one mentor's people, who needs them first, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.timezone import localdate

from academy.models import Membership
from connections.models.asks import Ask, asks_of, with_asks
from connections.models.care import Level, RelationshipRules
from connections.models.check_ins import CheckIn
from connections.models.goals import Goal
from connections.models.handovers import HandOver
from connections.models.meetings import Meeting, since_april
from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship, RelationshipQuerySet
from connections.models.requests import Kind, MentoringRequest
from connections.models.terms import Terms
from connections.models.weather import Weather, weather

Thing = TypeVar("Thing", Meeting, Goal)


@dataclass(frozen=True)
class WorkingOn:
    """What the pair works towards, in the language it was written in."""

    words: str = field(repr=False)
    language: str


@dataclass(frozen=True)
class Row:
    """One relationship on the desk, as the one who looks at it sees it."""

    pair: Relationship
    person: Any
    organisation: str
    goals: list[WorkingOn]
    weather: Weather
    held: list[date]
    planned: list[date]
    today: date
    asks: list[Ask]
    proposal: int | None  # times to choose from, proposed by the other
    my_times: int | None  # one's own, which wait for the other
    goals_full: bool  # as many open as a pair keeps in mind

    @property
    def needs_me(self) -> bool:
        return bool(self.asks) or self.weather.needs_me

    @property
    def working_on(self) -> WorkingOn | None:
        """The first open goal, else what they asked for in the beginning."""
        asked = self.pair.request
        first = WorkingOn(asked.words, asked.written_in) if asked else None
        return self.goals[0] if self.goals else first

    @property
    def last(self) -> date | None:
        return self.held[-1] if self.held else None

    @property
    def next(self) -> date | None:
        return next((day for day in self.planned if day >= self.today), None)


@dataclass(frozen=True)
class Desk:
    rows: list[Row]
    ended: list[Relationship]
    requests: list[MentoringRequest]
    hand_overs: list[HandOver]
    profile: MentorProfile | None
    minutes: int

    @property
    def hours(self) -> int:
        """Whole hours, halves upwards."""
        return (self.minutes + 30) // 60

    @property
    def asking(self) -> int:
        """How many wait for a yes or a no."""
        return len(self.requests) + len(self.hand_overs)

    @property
    def needing(self) -> int:
        return len(self.shown("needs"))

    def shown(self, which: str) -> list[Row]:
        """Those who need me, those of one kind, or everybody."""
        if which == "needs":
            return [row for row in self.rows if row.needs_me]
        if which in (Kind.MENTORING, Kind.COACHING):
            return [row for row in self.rows if row.pair.kind == which]
        return self.rows


def rows_of(pairs: RelationshipQuerySet, *, reader: Any, at: datetime) -> list[Row]:
    """Who needs the reader first: help, watch, calm; the longest silence first in each."""
    rules = RelationshipRules.current()
    told = with_asks(pairs, reader=reader, at=at)
    asked: list[Any] = list(told.select_related("mentor", "mentee", "request"))
    coming = Meeting.objects.expected_or_held().filter(relationship__in=asked)
    meetings = _by_pair(coming.order_by("starts_at", "pk"))
    open_ = Goal.objects.open().filter(relationship__in=asked)
    goals = _by_pair(open_.order_by("set_at", "pk"))
    proposed = Terms.objects.proposed().filter(proposed_by=reader, relationship__in=asked)
    agreed = set(proposed.values_list("relationship", flat=True))
    people = [pair.other(reader) for pair in asked]
    places = Membership.objects.places_of(people)
    said = CheckIn.objects.said_by(reader, asked)
    rows = [
        Row(
            pair=pair,
            person=person,
            organisation=places.get(person.pk, ""),
            goals=_opened(goals[pair.pk]),
            weather=weather(
                pair,
                rules=rules,
                agreed=pair.pk in agreed,
                said=said.get(pair.pk, Level.CALM),
                at=at,
            ),
            held=[localdate(one.starts_at) for one in meetings[pair.pk] if one.held],
            planned=[localdate(one.starts_at) for one in meetings[pair.pk] if one.planned],
            today=localdate(at),
            asks=asks_of(pair, reader=reader, at=at),
            proposal=pair.to_choose if pair.current else None,
            my_times=pair.my_times if pair.current else None,
            goals_full=len(goals[pair.pk]) >= rules.goals,
        )
        for pair, person in zip(asked, people, strict=True)
    ]
    rows.sort(
        key=lambda row: (row.weather.rank, not row.needs_me, row.pair.last_contact_at, row.pair.pk)
    )
    return rows


def _by_pair(things: Iterable[Thing]) -> defaultdict[int, list[Thing]]:
    """The things of each pair. A prefetch makes a query set for each of 200 pairs, which costs more."""
    found: defaultdict[int, list[Thing]] = defaultdict(list)
    for one in things:
        found[one.relationship_id].append(one)
    return found


def _opened(goals: list[Goal]) -> list[WorkingOn]:
    """Those whose words can be opened."""
    opened = ((goal.opened(), goal.language) for goal in goals)
    return [WorkingOn(words, language) for words, language in opened if words]


def asking(mentor: Any) -> int:
    """How many wait for this mentor's yes or no, as their desk counts them."""
    requests = MentoringRequest.objects.asked_of(mentor).count()
    return requests + HandOver.objects.offered_to(mentor).count()


def desk_of(mentor: Any, *, at: datetime) -> Desk:
    given = Relationship.objects.given_by(mentor)
    asking = MentoringRequest.objects.asked_of(mentor).prefetch_related("methods", "services")
    return Desk(
        rows=rows_of(given.open(), reader=mentor, at=at),
        ended=list(given.ended().select_related("mentee").order_by("-ended_at", "pk")[:20]),
        requests=list(asking.select_related("mentee").by_day()),
        hand_overs=list(HandOver.objects.offered_to(mentor).with_people().order_by("closes_at")),
        profile=MentorProfile.objects.of(mentor).first(),
        minutes=Meeting.objects.minutes_given_by(mentor, since=since_april(localdate(at))),
    )
