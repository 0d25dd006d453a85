"""A booking's meetings as a calendar file, for the mail and for the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from academy import calendars
from academy.letters import absolute
from capability.models.bookings import Booking
from capability.models.sessions import Session


def meeting(booking: Booking, session: Session, *, raised: int = 0) -> calendars.Entry:
    """Its UID belongs to the booking: a person who leaves and comes back starts afresh."""
    cohort = booking.cohort
    online = cohort.joining_link
    return calendars.Entry(
        uid=calendars.uid(str(session.uid), booking.pk),
        sequence=session.sequence + raised,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=cohort.course.title,
        place=", ".join(filter(None, [session.place or cohort.place, online])),
        url=absolute(cohort.get_absolute_url()),
        cancelled=session.cancelled_at is not None,
    )


def invitation(
    booking: Booking, sessions: Iterable[Session], *, method: str, at: datetime
) -> bytes:
    """The file. When the person gave the place up, it outranks what was sent before."""
    raised = int(booking.left_why == Booking.Why.OWN)
    entries = [meeting(booking, session, raised=raised) for session in sessions]
    return calendars.invitation(entries, to=booking.person, method=method, at=at)
