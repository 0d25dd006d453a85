"""What a host of office hours has before them: who comes when, with which question."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from connections.models.office_hours import OfficeHour
from connections.models.profiles import MentorProfile
from connections.models.slot_bookings import LOOK_BACK, SlotBooking, SlotQuestion
from connections.models.slots import Slot
from connections.models.taken import Span, clashes, taken

MOST = 200


@dataclass(frozen=True)
class Line:
    """One slot of the list. Its repr does not show the question."""

    slot: Slot
    booking: SlotBooking | None
    question: SlotQuestion | None = field(repr=False)
    words: str | None = field(repr=False)
    over: bool
    busy: bool  # the host is promised elsewhere, so that nobody can book it

    @property
    def unmarked(self) -> bool:
        return self.over and self.booking is not None and self.booking.came is None


@dataclass(frozen=True)
class Day:
    day: Any
    lines: list[Line]

    @property
    def booked(self) -> int:
        return sum(1 for line in self.lines if line.booking)


@dataclass(frozen=True)
class Skipped:
    hour: OfficeHour
    day: date


@dataclass(frozen=True)
class Desk:
    offers: bool
    hours: list[OfficeHour]
    skipped: list[Skipped]
    to_mark: list[Day]
    days: list[Day]


def desk_of(host: Any, *, at: datetime) -> Desk:
    """Days to come, and slots of the last two weeks that nobody has marked."""
    slots = Slot.objects.live().of_host(host).filter(starts_at__gt=at - LOOK_BACK)
    rows = list(slots.order_by("starts_at", "pk")[:MOST])
    bookings = SlotBooking.objects.current().hosted_by(host).filter(slot__in=rows)
    by_slot = {one.slot_id: one for one in bookings.select_related("person")}
    questions = SlotQuestion.objects.visible_to(host).filter(booking__in=by_slot.values())
    asked = {one.booking_id: one for one in questions}
    mine = taken(host.pk, since=at, until=rows[-1].ends_at) if rows else []
    lines = [_line(slot, by_slot.get(slot.pk), asked, at, mine) for slot in rows]
    hours = OfficeHour.objects.of(host).filter(stopped_at=None)
    kept = {hour.pk: hour for hour in hours.order_by("weekday", "begins", "pk")}
    off = Slot.objects.of_host(host).filter(office_hour__in=hours.values("pk")).skipped(at)
    return Desk(
        offers=MentorProfile.objects.approved().of(host).exists(),
        hours=list(kept.values()),
        skipped=[Skipped(kept[number], day) for number, day in off if number in kept],
        to_mark=_days([line for line in lines if line.unmarked]),
        days=_days([line for line in lines if not line.over]),
    )


def _line(
    slot: Slot,
    booking: SlotBooking | None,
    asked: dict[int, SlotQuestion],
    at: datetime,
    mine: list[Span],
) -> Line:
    question = asked.get(booking.pk) if booking else None
    words = question.opened() if question else None
    busy = booking is None and clashes(slot.starts_at, slot.ends_at, mine)
    return Line(slot, booking, question, words, over=slot.starts_at <= at, busy=busy)


def _days(lines: list[Line]) -> list[Day]:
    return [Day(day, list(group)) for day, group in groupby(lines, key=lambda one: one.slot.day)]
