"""A month's coffee round: begun on its day or by a coordinator, drawn by a worker, told to everybody."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime

from academy.doorbell import ring
from academy.models import AuditEvent, Notification
from connections.matching import coffee
from connections.models import (
    CoffeeGroup,
    CoffeeMember,
    CoffeePrompt,
    CoffeeRound,
    CoffeeRules,
    CoffeeSeat,
)
from connections.pool.coffee import load

State = CoffeeRound.State
LEASE = timedelta(minutes=10)
MOST_TRIES = 3
AT_ONCE = 200
MORNING = 8  # nobody is written to earlier


def begin_due(*, at: datetime) -> CoffeeRound | None:
    """On the day of the rules, from the morning on; a day or two late when nobody was there."""
    rules = CoffeeRules.current()
    month = rules.due_month(at)
    if month is None or localtime(at).hour < MORNING:
        return None
    if CoffeeRound.objects.filter(month=month).exists() or _too_few(month):
        return None
    made, new = _begin(month, rules, by=None, at=at)
    return made if new else None


@transaction.atomic
def draw_now(*, by: Any, at: datetime) -> CoffeeRound:
    """A coordinator does not wait for the day, or has a round drawn again that failed."""
    month = localtime(at).date().replace(day=1)
    if _too_few(month):
        raise CoffeeRound.TooFew
    failed = CoffeeRound.objects.failed().filter(month=month)
    if failed.update(state=State.DRAWING, tries=0, leased_until=None, begun_by=by):
        made = CoffeeRound.objects.get(month=month)
        ring("connections.tasks.draw_coffee", round=made.pk)
    else:
        made, new = _begin(month, CoffeeRules.current(), by=by, at=at)
        if not new:
            raise CoffeeRound.DrawnAlready
    AuditEvent.objects.record("connections.coffee_round_begun", actor=by, thing=made, at=at)
    return made


def _too_few(month: date) -> bool:
    return CoffeeMember.objects.in_for(month).count() < 2


@transaction.atomic
def _begin(month: date, rules: CoffeeRules, *, by: Any, at: datetime) -> tuple[CoffeeRound, bool]:
    """One a month, whoever asks first; with its seed and its rules, so that it can be drawn again."""
    made, new = CoffeeRound.objects.get_or_create(
        month=month,
        defaults={
            "seed": secrets.randbelow(2**31),
            "rounds_apart": rules.rounds_apart,
            "share_wanted": rules.share_across,
            "begun_at": at,
            "begun_by": by,
        },
    )
    if new:
        ring("connections.tasks.draw_coffee", round=made.pk)
    return made, new


def claim(pk: int, *, at: datetime) -> CoffeeRound | None:
    """Lease one round; None when another worker has it, or it was given up on."""
    due = CoffeeRound.objects.due(at).filter(pk=pk)
    if not due.update(leased_until=at + LEASE, tries=F("tries") + 1):
        return None
    round = CoffeeRound.objects.get(pk=pk)
    if round.tries > MOST_TRIES:
        _mine(round).update(state=State.FAILED, leased_until=None)
        return None
    return round


def _mine(round: CoffeeRound) -> Any:
    """This round while this worker's lease stands: one that slept past it changes nothing."""
    return CoffeeRound.objects.filter(pk=round.pk, state=State.DRAWING, tries=round.tries)


def compute(round: CoffeeRound, *, at: datetime) -> bool:
    """Seat everybody of a claimed round: all of it is written, or nothing."""
    members = CoffeeMember.objects.in_for(round.month)
    pool = load(members, month=round.month, rounds=round.rounds_apart)
    return keep(round, coffee.draw(pool, seed=round.seed, rounds=round.rounds_apart), at=at)


@transaction.atomic
def keep(round: CoffeeRound, drawn: coffee.Draw, *, at: datetime) -> bool:
    """The round's row is held: whoever leaves meanwhile waits, and is then missing from no table."""
    won = _mine(round).update(state=State.TELLING, leased_until=None, drawn_at=at, **_counts(drawn))
    if not won:
        return False
    still = set(CoffeeMember.objects.in_for(round.month).values_list("person_id", flat=True))
    tables = [[one for one in group.people if one in still] for group in drawn.groups]
    groups = CoffeeGroup.objects.bulk_create(
        [
            CoffeeGroup(
                round=round,
                prompt_id=prompt,
                languages=group.languages,
                across=group.across,
                again=group.again,
                seats_taken=len(table),
            )
            for group, table, prompt in zip(
                drawn.groups, tables, _prompts(round, len(tables)), strict=True
            )
            if len(table) > 1
        ],
        batch_size=1000,
    )
    seated = [(table, group) for table, group in zip(_full(tables), groups, strict=True)]
    alone = [*(one for one in drawn.alone if one in still), *_left_of(tables)]
    CoffeeSeat.objects.bulk_create(
        [
            *(
                CoffeeSeat(round=round, person_id=one, group=group)
                for table, group in seated
                for one in table
            ),
            *(CoffeeSeat(round=round, person_id=one) for one in alone),
        ],
        batch_size=1000,
    )
    ring("connections.tasks.tell_coffee", round=round.pk)
    return True


def _full(tables: list[list[int]]) -> list[list[int]]:
    return [table for table in tables if len(table) > 1]


def _left_of(tables: list[list[int]]) -> list[int]:
    """Whose whole company left while the worker was drawing."""
    return [table[0] for table in tables if len(table) == 1]


def _counts(drawn: coffee.Draw) -> dict[str, int]:
    groups = drawn.groups
    return {
        "window": drawn.window,
        "people": sum(len(group.people) for group in groups) + len(drawn.alone),
        "groups_made": len(groups),
        "threes": sum(len(group.people) == 3 for group in groups),
        "across": drawn.across,
        "most_across": drawn.most_across,
        "repeats": sum(group.again for group in groups),
        "alone": len(drawn.alone),
    }


def _prompts(round: CoffeeRound, many: int) -> list[int | None]:
    """A question for each group: all of them in turn, in an order of the round's own."""
    asked = list(
        CoffeePrompt.objects.published().order_by("slug", "pk").values_list("pk", flat=True)
    )
    Random(round.seed).shuffle(asked)  # noqa: S311 -- an order, no secret
    return [asked[place % len(asked)] if asked else None for place in range(many)]


def tell_some(pk: int, *, at: datetime) -> int:
    """The next letters of a round that is drawn, each once; when none is left it is done."""
    round = CoffeeRound.objects.filter(pk=pk, state=State.TELLING).first()
    if round is None:
        return 0
    told = _tell_batch(round, at=at)
    if round.seats.untold().exists():
        ring("connections.tasks.tell_coffee", round=pk)
    else:
        CoffeeRound.objects.filter(pk=pk, state=State.TELLING).update(state=State.DRAWN)
    return told


@transaction.atomic
def _tell_batch(round: CoffeeRound, *, at: datetime) -> int:
    """Marked in the transaction that writes the letters: a worker that dies has told nobody."""
    waiting = CoffeeSeat.objects.untold().filter(round=round).order_by("pk")
    seats = list(
        waiting.select_for_update(no_key=True, of=("self",), skip_locked=True).select_related(
            "person"
        )[:AT_ONCE]
    )
    for seat in seats:
        if seat.gave_up_at is None:
            tell("coffee_drawn" if seat.group_id else "coffee_alone", seat, at=at)
    CoffeeSeat.objects.filter(pk__in=[seat.pk for seat in seats]).update(told_at=at)
    return len(seats)


def tell(kind: str, seat: CoffeeSeat, *, mark: object = "", at: datetime) -> None:
    """A letter that carries nothing but where to look."""
    Notification.objects.post(
        f"connections.{kind}",
        key=f"{seat.pk}:{mark}",
        to=seat.person,
        facts={"seat": seat.pk},
        link=("connections:coffee", []),
        at=at,
    )


def ring_for_waiting(*, at: datetime) -> int:
    """Ring for rounds whose bell nobody heard, or whose worker died."""
    due = list(CoffeeRound.objects.due(at).order_by("pk").values_list("pk", flat=True))
    telling = CoffeeRound.objects.filter(state=State.TELLING).order_by("pk")
    for pk in due:
        ring("connections.tasks.draw_coffee", round=pk)
    for pk in (late := list(telling.values_list("pk", flat=True))):
        ring("connections.tasks.tell_coffee", round=pk)
    return len(due) + len(late)


@dataclass(frozen=True)
class Preview:
    """What the next round would be, were it drawn now; nothing of it is kept."""

    month: date
    people: int
    round: CoffeeRound | None = None


MOST_PREVIEWED = 2_000  # people: more take longer than a page may


def preview(*, at: datetime, solve: bool = True) -> Preview:
    """How many are in for the next round; with `solve` also how they would sit."""
    rules = CoffeeRules.current()
    newest = CoffeeRound.objects.newest_first().values_list("month", flat=True).first()
    month = rules.next_month(at, newest=newest)
    members = CoffeeMember.objects.in_for(month)
    many = members.count()
    if not solve or not 1 < many <= MOST_PREVIEWED:
        return Preview(month, many)
    pool = load(members, month=month, rounds=rules.rounds_apart)
    drawn = coffee.draw(pool, seed=0, rounds=rules.rounds_apart)
    return Preview(month, many, CoffeeRound(share_wanted=rules.share_across, **_counts(drawn)))


def may_draw(*, at: datetime) -> bool:
    """This month has no round yet, or one that failed."""
    month = localtime(at).date().replace(day=1)
    this = CoffeeRound.objects.filter(month=month).first()
    return this is None or this.failed
