"""All that a coach's own page shows, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from connections.models.coach_rules import CoachRules
from connections.models.credentials import Credential, Standing
from connections.models.ladder import Ladder, ladder_of
from connections.models.log import LogLine, OpenedLine, Totals, year_of
from connections.models.supervision_places import SupervisionPlace

LINES = 3


@dataclass(frozen=True)
class Stood:
    """A credential and where it stands today."""

    credential: Credential
    standing: Standing


@dataclass(frozen=True)
class OwnPractice:
    ladder: Ladder
    credentials: list[Stood]
    last: date | None  # supervision
    due_on: date | None
    overdue: bool
    places: list[SupervisionPlace]
    totals: Totals
    lines: list[OpenedLine]


def stood(person: Any, *, at: datetime) -> list[Stood]:
    """One person's credentials, those that expire first on top."""
    on = localdate(at)
    soon = CoachRules.current().expires_soon(on)
    rows = Credential.objects.of(person).order_by("expires_on", "pk")
    return [Stood(row, row.standing(on=on, soon=soon)) for row in rows]


def own_practice(person: Any, *, at: datetime) -> OwnPractice:
    on, mine = localdate(at), LogLine.objects.of(person)
    last = mine.supervision().newest_first().values_list("done_on", flat=True).first()
    due_on = CoachRules.current().supervision_due_on(last) if last else None
    places = SupervisionPlace.objects.of(person).to_come(at).select_related("session__group__lead")
    return OwnPractice(
        ladder=ladder_of(person, at=at),
        credentials=stood(person, at=at),
        last=last,
        due_on=due_on,
        overdue=due_on is not None and due_on < on,
        places=list(places.order_by("session__starts_at", "pk")),
        totals=LogLine.objects.totals(person, year=year_of(on)),
        lines=mine.newest_first()[:LINES].opened(),
    )
