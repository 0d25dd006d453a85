"""A booking of a slot as calendars hold it: one name for ever, one higher number for each change."""

from __future__ import annotations

from academy import calendars
from academy.letters import absolute
from connections.models.slot_bookings import SlotBooking


def entry(booking: SlotBooking, *, title: str, gone: bool = False) -> calendars.Entry:
    """When the person gave it back, it outranks what was sent before."""
    slot = booking.slot
    raised = int(booking.left_at is not None and slot.cancelled_at is None)
    return calendars.Entry(
        uid=calendars.uid("office-hour", booking.pk),
        sequence=slot.sequence + raised,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=title,
        place=slot.office_hour.place,
        url=absolute(booking.get_absolute_url()),
        cancelled=gone,
    )
