"""Between the draw and the coffee: somebody cannot come, and nobody is left sitting alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from academy.rows import each
from connections.actions.coffee_rounds import tell
from connections.matching import coffee
from connections.models import CoffeeGroup, CoffeeMember, CoffeeRound, CoffeeSeat
from connections.models.coffee_groups import MOST
from connections.pool.coffee import load


@transaction.atomic
def give_up(person: Any, *, at: datetime) -> None:
    """Not this month after all. The others are told kindly; who had met already changes nothing."""
    CoffeeRound.objects.held()
    seat = CoffeeSeat.objects.present(at).of(person).kept().exclude(met=True).first()
    if seat is None:
        return
    CoffeeSeat.objects.filter(pk=seat.pk).update(gave_up_at=at, met=None, answered_at=None)
    if seat.group_id is None:
        return
    CoffeeGroup.objects.filter(pk=seat.group_id).update(seats_taken=F("seats_taken") - 1)
    for other in _company(seat):
        tell("coffee_partner_left", other, mark=seat.pk, at=at)


def _company(seat: CoffeeSeat) -> Any:
    """Who sits with this person, one by one."""
    return CoffeeSeat.objects.beside(seat).select_related("person").order_by("pk")


@transaction.atomic
def leave(person: Any, *, at: datetime) -> None:
    """Out of the coffee rounds, and out of this month's group."""
    give_up(person, at=at)
    CoffeeMember.objects.filter(person=person).leave(at=at)


@transaction.atomic
def join_another(person: Any, *, at: datetime) -> CoffeeSeat:
    """Somebody without company joins one who waits too, or two who then are three."""
    CoffeeRound.objects.held()
    seat = CoffeeSeat.objects.present(at).of(person).kept().first()
    if seat is None or not CoffeeMember.objects.joined().filter(person=person).exists():
        raise CoffeeSeat.NotYours
    if seat.group_id and CoffeeSeat.objects.beside(seat).exists():
        return seat
    group = _with_room(seat)
    if group is None:
        raise CoffeeGroup.NoRoom
    CoffeeGroup.objects.filter(pk=seat.group_id or 0).update(seats_taken=F("seats_taken") - 1)
    CoffeeGroup.objects.filter(pk=group).update(seats_taken=F("seats_taken") + 1)
    CoffeeSeat.objects.filter(pk=seat.pk).update(group=group, met=None, answered_at=None)
    seat.refresh_from_db()
    for other in _company(seat):
        tell("coffee_joined", other, mark=seat.pk, at=at)
    return seat


def _with_room(seat: CoffeeSeat) -> int | None:
    """The group this person suits best, of those that have not met and have a chair."""
    round = seat.round
    tables: dict[int, list[int]] = defaultdict(list)
    met: set[int] = set()
    others = CoffeeSeat.objects.kept().filter(round=round, group__isnull=False)
    for group, one, said in others.order_by("group", "person").values_list(
        "group", "person", "met"
    ):
        tables[group].append(one)
        if said is not None:
            met.add(group)
    free = [
        (group, table)
        for group, table in tables.items()
        if group not in met and group != seat.group_id and len(table) < MOST
    ]
    people = [seat.person_id, *(one for _group, table in free for one in table)]
    here = CoffeeMember.objects.joined().filter(person__in=people)
    pool = load(here, month=round.month, rounds=round.rounds_apart)
    known = set(pool.person.tolist())
    free = [(group, table) for group, table in free if set(table) <= known]
    chosen = coffee.joins(
        pool,
        seat.person_id,
        [table for _group, table in free],
        window=round.window,
        seed=round.seed,
    )
    return None if chosen is None else free[chosen][0]


def remind_due(*, at: datetime) -> int:
    """A gentle word two weeks on, once in a round."""
    due = CoffeeSeat.objects.due_a_reminder(at).order_by("pk").values_list("pk", flat=True)
    return each(due, _remind, at=at)


@transaction.atomic
def _remind(pk: int, *, at: datetime) -> bool:
    if not CoffeeSeat.objects.due_a_reminder(at).filter(pk=pk).update(reminded_at=at):
        return False  # another beat was first, or somebody has answered meanwhile
    tell("coffee_reminder", CoffeeSeat.objects.select_related("person").get(pk=pk), at=at)
    return True
