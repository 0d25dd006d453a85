"""The dates of a circle as one person's calendar holds them."""

from __future__ import annotations

from collections.abc import Iterable

from academy import calendars
from academy.letters import absolute
from connections.models.circle_meetings import CircleMeeting
from connections.models.circles import Circle


def entries(
    circle: Circle, meetings: Iterable[CircleMeeting], *, member: int | None, gone: bool = False
) -> list[calendars.Entry]:
    """For a member by their place, or for the host. Who leaves and comes back starts afresh;
    what is taken out while it stands for the others outranks what was sent before."""
    return [
        calendars.Entry(
            uid=calendars.uid("circle", meeting.pk, member or "host"),
            sequence=meeting.sequence + int(gone and meeting.cancelled_at is None),
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            title=str(circle),
            place=circle.place,
            url=absolute(circle.get_absolute_url()),
            cancelled=gone or meeting.cancelled_at is not None,
        )
        for meeting in meetings
    ]
