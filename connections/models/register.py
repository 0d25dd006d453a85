"""The register of coaches: one query finds the people and everything counted about them.

Counts and dates only. Nobody is ranked: the order is by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from academy.models import Membership, Person
from connections.models.coach_rules import CoachRules
from connections.models.credentials import Credential, Standing
from connections.models.log import LogLine, year_of
from connections.models.meetings import Meeting, since_april
from connections.models.practices import Practice, Step, coaching, supervises
from connections.models.relationships import Relationship
from connections.models.supervision_places import SupervisionPlace

SIZE = 50
NONE = "none"


@dataclass(frozen=True)
class Asked:
    """How the register is narrowed."""

    words: str = ""
    step: str = ""
    credential: str = ""
    supervision: str = ""


@dataclass(frozen=True)
class RegisterLine:
    """One coach, in counts and dates."""

    person: Person
    organisation: str
    step: Step
    credential: str  # a Standing, or none
    expires_on: date | None
    waiting: bool
    supervised_on: date | None
    own_word: bool  # no supervisor recorded it: the coach wrote it into their log
    due_on: date | None
    overdue: bool
    books_at: datetime | None
    people: int
    minutes: int
    cpd: int  # minutes since April of what they have logged as learning

    @property
    def hours(self) -> int:
        return (self.minutes + 30) // 60

    @property
    def cpd_hours(self) -> float:
        return round(self.cpd / 60, 2)


def visible_to(reader: Any) -> QuerySet[Person]:
    """Who is on the register; supervisors and coordinators see it, nobody else.

    Whoever was given a step stays, also back at the foot of the ladder: it can be given again.
    """
    if not supervises(reader):
        return Person.objects.none()
    mine = Credential.objects.filter(person=OuterRef("pk"))
    given = Practice.objects.given().filter(person=OuterRef("pk"))
    return Person.objects.active().filter(coaching() | Q(Exists(mine)) | Q(Exists(given)))


def _counted(rows: Any, what: Any) -> Subquery:
    """One number or date over another table's rows of the same person."""
    return Subquery(rows.order_by().values("whose").annotate(found=what).values("found"))


def dated(people: QuerySet[Person], *, at: datetime) -> QuerySet[Person]:
    """The same people with everything a line shows, in one query."""
    me, on = OuterRef("pk"), localdate(at)
    confirmed = Credential.objects.confirmed().filter(person=me)
    log = LogLine.objects.filter(person=me).annotate(whose=F("person"))
    supervision = log.supervision()
    places = SupervisionPlace.objects.to_come(at).filter(person=me).annotate(whose=F("person"))
    pairs = Relationship.objects.open().filter(mentor=me).annotate(whose=F("mentor"))
    held = Meeting.objects.held().filter(
        relationship__mentor=me, starts_at__gte=since_april(on), starts_at__lte=at
    )
    step = Practice.objects.filter(person=me).values("step")
    nought = Value(0, output_field=IntegerField())
    return people.annotate(
        stands=Coalesce(Subquery(step), Value(Step.LEARNER.value)),
        has_waiting=Exists(Credential.objects.waiting().filter(person=me)),
        has_lasting=Exists(confirmed.filter(expires_on=None)),
        has_any=Exists(Credential.objects.filter(person=me)),
        lasts_until=_counted(confirmed.annotate(whose=F("person")), Max("expires_on")),
        supervised_on=_counted(supervision, Max("done_on")),
        attended_on=_counted(supervision.filter(session__isnull=False), Max("done_on")),
        books_at=_counted(places, Min("session__starts_at")),
        people_now=Coalesce(_counted(pairs, Count("pk")), nought),
        minutes_given=Coalesce(
            _counted(held.annotate(whose=F("relationship__mentor")), Sum("minutes")), nought
        ),
        minutes_learnt=Coalesce(_counted(log.in_year(year_of(on)), Sum("minutes")), nought),
    )


def narrowed(people: QuerySet[Person], asked: Asked, *, at: datetime) -> QuerySet[Person]:
    """By name, step, credential and supervision; `people` are dated."""
    rules, on = CoachRules.current(), localdate(at)
    soon, recent = rules.expires_soon(on), rules.supervised_since(on)
    credential = {
        Standing.WAITING: Q(has_waiting=True),
        Standing.CURRENT: Q(has_lasting=True) | Q(lasts_until__gt=soon),
        Standing.SOON: Q(has_lasting=False, lasts_until__gte=on, lasts_until__lte=soon),
        Standing.EXPIRED: Q(has_lasting=False, lasts_until__lt=on),
        NONE: Q(has_any=False),
    }
    supervision = {
        "due": Q(supervised_on__lt=recent),
        NONE: Q(supervised_on=None),
        "recent": Q(supervised_on__gte=recent),
    }
    wanted = credential.get(asked.credential, Q()) & supervision.get(asked.supervision, Q())
    if asked.step:
        wanted &= Q(stands=asked.step)
    if asked.words:
        wanted &= Q(name__icontains=asked.words)
    return people.filter(wanted)


def lines(people: Any, *, at: datetime) -> list[RegisterLine]:
    """These dated people as lines, with where they work."""
    rules, on, listed = CoachRules.current(), localdate(at), list(people)
    work = Membership.objects.current().filter(person__in=[one.pk for one in listed])
    places = {one.person_id: one.organisation.name for one in work.select_related("organisation")}
    return [_line(one, places.get(one.pk, ""), rules=rules, on=on) for one in listed]


def _line(person: Any, organisation: str, *, rules: CoachRules, on: date) -> RegisterLine:
    last = person.supervised_on
    due_on = rules.supervision_due_on(last) if last else None
    return RegisterLine(
        person=person,
        organisation=organisation,
        step=Step(person.stands),
        credential=_standing(person, on=on, soon=rules.expires_soon(on)),
        expires_on=None if person.has_lasting else person.lasts_until,
        waiting=person.has_waiting,
        supervised_on=last,
        own_word=last != person.attended_on,
        due_on=due_on,
        overdue=due_on is None or due_on < on,
        books_at=person.books_at,
        people=person.people_now,
        minutes=person.minutes_given,
        cpd=person.minutes_learnt,
    )


def _standing(person: Any, *, on: date, soon: date) -> str:
    """The best confirmed credential; where none is, whether one waits."""
    until = person.lasts_until
    if person.has_lasting or (until is not None and until > soon):
        return Standing.CURRENT
    if until is not None:
        return Standing.SOON if until >= on else Standing.EXPIRED
    if person.has_waiting:
        return Standing.WAITING
    return Standing.RETURNED if person.has_any else NONE
