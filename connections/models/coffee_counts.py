"""How a round went, as counts in which nobody can be found: never who said what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from connections.models.coffee_groups import CoffeeSeat
from connections.models.coffee_rounds import CoffeeRound
from connections.models.coffee_rules import CoffeeRules


@dataclass(frozen=True)
class Share:
    """Some of all. Where either they or the others are few, only that is told."""

    some: int
    all: int
    least: int

    @property
    def shown(self) -> str:
        """none, few, most or exact: how much of it may be told."""
        if self.all < self.least:
            return "none"
        if self.some < self.least:
            return "few"
        return "most" if self.all - self.some < self.least else "exact"


@dataclass(frozen=True)
class Went:
    """A round that is over, and what people said of it."""

    round: CoffeeRound
    present: bool
    met: Share
    again: Share


def went(rounds: Iterable[CoffeeRound]) -> list[Went]:
    """For each round, in one query. While people still answer nothing is told: two looks at a
    count, before and after somebody's answer, would tell it."""
    listed, least = list(rounds), CoffeeRules.current().counts_from
    newest = max((one.month for one in listed if one.drawn), default=None)
    seats = CoffeeSeat.objects.kept().filter(round__in=listed).order_by("round").values("round")
    said = {
        row["round"]: row
        for row in seats.annotate(
            answers=Count("pk", filter=Q(met__isnull=False)),
            met=Count("pk", filter=Q(met=True)),
            asked=Count("pk", filter=Q(again__isnull=False)),
            again=Count("pk", filter=Q(again=True)),
        )
    }
    nothing = {"answers": 0, "met": 0, "asked": 0, "again": 0}

    def of(one: CoffeeRound) -> Went:
        row = said.get(one.pk, nothing)
        met = Share(row["met"], row["answers"], least)
        return Went(one, one.month == newest, met, Share(row["again"], row["asked"], least))

    return [of(one) for one in listed]
