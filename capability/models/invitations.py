"""A booking's meetings as a calendar file, for the mail and for the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from academy.bilingual import site_words
from academy.letters import absolute
from capability import calendars
from capability.models.bookings import Booking
from capability.models.sessions import Session


def meeting(booking: Booking, session: Session, *, raised: int = 0) -> calendars.Meeting:
    """Its UID belongs to the booking: a person who leaves and comes back starts afresh."""
    cohort = booking.cohort
    online = cohort.joining_link
    return calendars.Meeting(
        uid=f"{session.uid}-{booking.pk}@{settings.SITE_MAIL_DOMAIN}",
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
    return calendars.calendar(
        [meeting(booking, session, raised=raised) for session in sessions],
        method=method,
        host=calendars.Party(site_words()["name"], settings.SITE_CONTACT),
        guest=calendars.Party(booking.person.name, booking.person.email),
        at=at,
    )
