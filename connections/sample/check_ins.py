"""Check-ins of sample pairs: answered, waiting and lapsed; pairs nudged and looked after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import cycle

from django.utils.timezone import localdate, make_aware

from academy.models import Person
from academy.sample import World, keep
from connections.models import Care, CheckIn, Relationship
from connections.models.care import CareRules, Level
from connections.models.check_ins import FIT
from connections.sample import tour

# What the two of each pair said last; None: not answered. Most are well.
SAID = [
    ("w", "w"),
    ("w", None),
    ("w", "b"),
    ("w", "w"),
    ("b", "w"),
    (None, None),
    ("w", "h"),
    ("w", "w"),
]


def row(
    pair: Relationship, person: Person, occasion: int, *, asked: datetime, answer: str | None
) -> CheckIn:
    one = CheckIn(relationship=pair, person=person, occasion=occasion, asked_at=asked)
    if answer:
        one.seal(answer)
        one.answered_at = asked + timedelta(hours=5)
    return one


def check_ins(world: World, pairs: list[Relationship]) -> Iterator[CheckIn]:
    """The newest pulse of each pair, the fit question of those who have just met."""
    rules, said = CareRules(), cycle(SAID)
    for pair in pairs:
        days = (localdate(world.at) - localdate(pair.agreed_at or pair.began_at)).days
        newest = rules.newest_pulse(days)
        if newest:
            asked = world.at - timedelta(days=min(days - newest, 20))
            answers = ("w", None if tour.firsts(pair) else "w") if tour.shown(pair) else next(said)
            for person, answer in zip((pair.mentor, pair.mentee), answers, strict=True):
                yield row(pair, person, newest, asked=asked, answer=answer)
        elif pair.first_met_at:
            for person in (pair.mentor, pair.mentee):
                yield row(pair, person, FIT, asked=world.at - timedelta(days=1), answer=None)


def together(rows: list[CheckIn]) -> Level:
    levels = sorted(one.level() for one in rows if one.answered_at)
    if Level.HELP in levels:
        return Level.HELP
    return Level.WATCH if Level.WATCH in levels else Level.CALM


def fill_check_ins(world: World, made: list[Relationship]) -> None:
    pairs = [pair for pair in made if pair.agreed_at and pair.ended_at is None]
    said: dict[int, list[CheckIn]] = {}
    for one in keep(check_ins(world, pairs)):
        said.setdefault(one.relationship_id, []).append(one)
    midnight = make_aware(datetime.combine(localdate(world.at), time.min))
    by = world.people["coordinator"]
    cares = []
    for number, pair in enumerate(pairs):
        felt = together(said.get(pair.pk, []))
        tended = felt != Level.CALM and number % 3 == 0
        if felt == Level.CALM and number % 7:
            continue
        cares.append(
            Care(
                relationship=pair,
                felt=felt,
                felt_at=midnight - timedelta(days=2) if felt != Level.CALM else None,
                nudged_at=world.at - timedelta(days=9) if number % 7 == 0 else None,
                nudged_by=by[1] if number % 7 == 0 else None,
                looked_after_at=world.at - timedelta(days=3) if tended else None,
                looked_after_by=by[0] if tended else None,
            )
        )
    keep(cares)
