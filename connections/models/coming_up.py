"""What somebody goes to beside their pairs: office hours that are booked and circles, the next first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connections.models.circle_list import mine
from connections.models.circles import Circle
from connections.models.slot_bookings import SlotBooking

MOST = 20  # a host may have a full term before them; the rest stands on their own page


@dataclass(frozen=True)
class Coming:
    """One line: the other of a booking, or a circle; when, how and where."""

    thing: SlotBooking | Circle
    starts_at: datetime | None
    how: str
    place: str = field(repr=False)
    other: Any = None

    @property
    def circle(self) -> Circle | None:
        return self.thing if isinstance(self.thing, Circle) else None


def coming_up(person: Any, *, at: datetime) -> list[Coming]:
    """As guest and as host, as member and as host; circles without a date come last."""
    booked = SlotBooking.objects.visible_to(person).to_come(at)
    rows = booked.select_related("slot__office_hour", "host", "person")
    times = [
        Coming(
            one,
            one.slot.starts_at,
            one.slot.office_hour.get_how_display(),
            one.slot.office_hour.place,
            one.other(person),
        )
        for one in rows.order_by("slot__starts_at", "pk")[:MOST]
    ]
    circles = [
        Coming(one.circle, one.meets_at, one.circle.get_how_display(), one.circle.place)
        for one in mine(person, at=at)
    ]
    return sorted([*times, *circles], key=lambda one: (one.starts_at is None, one.starts_at or at))
