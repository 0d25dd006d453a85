"""What one person sees of the coffee rounds: this month's company, and whom they have met before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from academy.models import Membership
from connections.models.coffee_groups import CoffeeSeat

MOST_SHOWN = 36  # months of one's own list


@dataclass(frozen=True)
class Companion:
    """Somebody of the same group, with what they agreed to share."""

    seat: CoffeeSeat
    organisation: str
    reach: str = field(repr=False)

    @property
    def person(self) -> Any:
        return self.seat.person


@dataclass(frozen=True)
class Month:
    seat: CoffeeSeat
    companions: list[Companion]

    @property
    def given_up(self) -> bool:
        return self.seat.gave_up_at is not None

    @property
    def waiting(self) -> bool:
        """Nobody is there to have coffee with."""
        return not self.given_up and not self.companions

    @property
    def names(self) -> list[str]:
        return [one.person.name for one in self.companions]


def month_of(person: Any, *, at: datetime) -> Month | None:
    """The seat of the present round and who sits beside it; one query when there is none."""
    seats = CoffeeSeat.objects.visible_to(person).present(at)
    seat = seats.select_related("round", "group__prompt").first()
    if seat is None:
        return None
    if seat.group_id is None or seat.gave_up_at is not None:
        return Month(seat, [])
    others = CoffeeSeat.objects.beside(seat).select_related("person__coffee_member")
    return Month(seat, _companions(list(others.order_by("person__name", "pk"))))


def _companions(seats: list[CoffeeSeat]) -> list[Companion]:
    work = Membership.objects.current().filter(person__in=[seat.person_id for seat in seats])
    places = {row.person_id: row.organisation.name for row in work.select_related("organisation")}
    return [Companion(seat, places.get(seat.person_id, ""), _reach(seat.person)) for seat in seats]


def _reach(person: Any) -> str:
    member = getattr(person, "coffee_member", None)  # nobody's once they are erased
    return member.reach if member and person.is_active else ""


@dataclass(frozen=True)
class Past:
    """One coffee of before, in one's own list."""

    month: date
    seat: CoffeeSeat
    company: list[CoffeeSeat]


def past_of(person: Any, *, at: datetime) -> list[Past]:
    """Whom somebody has sat with, newest first, in two queries."""
    seats = CoffeeSeat.objects.visible_to(person).kept().past(at)
    mine = list(seats.select_related("round").order_by("-round__month", "pk")[:MOST_SHOWN])
    others = CoffeeSeat.objects.kept().filter(group__in=[seat.group_id for seat in mine])
    company: dict[int, list[CoffeeSeat]] = defaultdict(list)
    for other in others.exclude(person=person).select_related("person").order_by("pk"):
        company[other.group_id or 0].append(other)
    return [
        Past(seat.round.month, seat, company[seat.group_id or 0])
        for seat in mine
        if company[seat.group_id or 0]
    ]
