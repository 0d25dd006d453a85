"""The times at which somebody is promised already: a planned meeting of a pair, a booked slot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from connections.models.meetings import Meeting
from connections.models.slot_bookings import SlotBooking

Span = tuple[datetime, datetime]


def taken(*people: int, since: datetime, until: datetime) -> list[Span]:
    """From when to when any of these people is promised, whichever half they are."""
    meetings = Meeting.objects.planned().of_people(*people).between(since, until)
    bookings = SlotBooking.objects.of_people(*people).between(since, until)
    slots = bookings.values_list("slot__starts_at", "slot__ends_at")
    return [*((one.starts_at, one.ends_at) for one in meetings), *slots]


def clashes(starts_at: datetime, until: datetime, spans: Iterable[Span]) -> bool:
    """Whether one of these takes some of this time."""
    return any(begins < until and starts_at < ends for begins, ends in spans)
