"""Coffee: a third of the people are in; two rounds are over, and this month's has been drawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from academy.sample import World, keep
from connections.actions import coffee_rounds
from connections.models import CoffeeMember, CoffeePrompt, CoffeeRound, CoffeeRules, CoffeeSeat
from connections.sample import tour
from connections.sample.people import fit

SEED = 1828
CHOICES = ("in_welsh", "in_english", "online", "in_person")
MET = {True: 6, False: 2, None: 2}  # of ten people, what they say of a coffee that is over


def fill_coffee(world: World) -> None:
    members(world)
    if not CoffeePrompt.objects.exists():
        return
    for before in (2, 1, 0):
        drawn(world, _months_before(localdate(world.at), before))


def members(world: World) -> None:
    rows = []
    for one in world.everyone():
        if not (tour.known(one) or world.rng.random() < 0.35):
            continue
        wishes = fit(world, one)
        rows.append(
            CoffeeMember(
                person=one,
                reach=one.email,
                joined_at=world.days(-120, -95),
                paused=not tour.known(one) and world.rng.random() < 0.05,
                **{name: wishes[name] for name in CHOICES},
            )
        )
    keep(rows)


def _months_before(day: date, many: int) -> date:
    years, place = divmod(day.year * 12 + day.month - 1 - many, 12)
    return date(years, place + 1, 1)


def drawn(world: World, month: date) -> None:
    """Drawn as a worker would on its day; nobody is written to about a sample."""
    rules = CoffeeRules.current()
    day = rules.draw_day(month)
    at = world.at + (day - localdate(world.at))
    if at > world.at:
        return
    round = CoffeeRound.objects.create(
        month=month,
        seed=SEED + month.month,
        rounds_apart=rules.rounds_apart,
        share_wanted=rules.share_across,
        begun_at=at,
    )
    claimed = coffee_rounds.claim(round.pk, at=at)
    if claimed is not None and coffee_rounds.compute(claimed, at=at):
        CoffeeRound.objects.filter(pk=round.pk).update(state=CoffeeRound.State.DRAWN)
        CoffeeSeat.objects.filter(round=round).update(told_at=at, reminded_at=at)
        answers(world, round, at + timedelta(days=10))


def answers(world: World, round: CoffeeRound, at: datetime) -> None:
    """What people have said; this month's are still to be asked."""
    if round.month == localdate(world.at).replace(day=1):
        return
    said = [answer for answer, many in MET.items() for _one in range(many)]
    seats = list(CoffeeSeat.objects.filter(round=round, group__isnull=False).order_by("pk"))
    for seat in seats:
        seat.met = world.pick(said)
        seat.again = world.rng.random() < 0.8 if seat.met else None
        seat.answered_at = at if seat.met is not None else None
    CoffeeSeat.objects.bulk_update(seats, ["met", "again", "answered_at"], batch_size=1000)
