"""The messages of this pillar: fresh facts and a calendar file, found when a message is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from academy import calendars, hooks
from academy.letters import absolute
from academy.models import Notification
from capability.models import Booking, Cohort, Message, Session
from capability.models.invitations import invitation


def booking_of(letter: Notification) -> Booking | None:
    found = Booking.objects.select_related("cohort__course", "person")
    return found.filter(pk=letter.facts["booking"]).first()


def files(booking: Booking, sessions: list[Session], method: str) -> tuple[hooks.Attachment, ...]:
    if not sessions:
        return ()
    name = "cancelled.ics" if method == calendars.CANCEL else "sessions.ics"
    kind = f"{calendars.TYPE}; method={method}"
    content = invitation(booking, sessions, method=method, at=now())
    return (hooks.Attachment(name, content, kind),)


def about(booking: Booking, sessions: Iterable[Session]) -> dict[str, Any]:
    return {
        "booking": booking,
        "cohort": booking.cohort,
        "sessions": list(sessions),
        "cancel_url": absolute(reverse("capability:leave", args=[booking.pk])),
    }


@hooks.notification("capability.booked", label=_("Your place on a course"), essential=True)
def booked(letter: Notification) -> hooks.Letter | None:
    booking = booking_of(letter)
    if booking is None or booking.left_at:
        return None
    sessions = list(booking.cohort.sessions.live().order_by("starts_at", "pk"))
    return hooks.Letter(about(booking, sessions), files(booking, sessions, calendars.REQUEST))


@hooks.notification("capability.cancelled_own", label=_("A place you gave up"), essential=True)
def cancelled_own(letter: Notification) -> hooks.Letter | None:
    booking = booking_of(letter)
    if booking is None:
        return None
    sessions = list(booking.cohort.sessions.to_come(now()).order_by("starts_at", "pk"))
    return hooks.Letter(about(booking, sessions), files(booking, sessions, calendars.CANCEL))


def one_session(letter: Notification) -> tuple[Booking, Session] | None:
    """The booking while it stands, and the session unless something newer was written about it."""
    booking = booking_of(letter)
    if booking is None or booking.left_at:
        return None
    session = booking.cohort.sessions.filter(
        pk=letter.facts["session"], sequence=letter.facts["sequence"]
    ).first()
    return (booking, session) if session else None


@hooks.notification(
    "capability.session_moved", label=_("A session has a new time or place"), essential=True
)
def session_moved(letter: Notification) -> hooks.Letter | None:
    found = one_session(letter)
    if found is None:
        return None
    booking, session = found
    return hooks.Letter(about(booking, [session]), files(booking, [session], calendars.REQUEST))


@hooks.notification(
    "capability.session_cancelled", label=_("A session is cancelled"), essential=True
)
def session_cancelled(letter: Notification) -> hooks.Letter | None:
    found = one_session(letter)
    if found is None:
        return None
    booking, session = found
    return hooks.Letter(about(booking, [session]), files(booking, [session], calendars.CANCEL))


@hooks.notification("capability.place_changed", label=_("A course has moved"), essential=True)
def place_changed(letter: Notification) -> hooks.Letter | None:
    booking = booking_of(letter)
    if booking is None or booking.left_at:
        return None
    sessions = list(booking.cohort.sessions.to_come(now()).order_by("starts_at", "pk"))
    return hooks.Letter(about(booking, sessions), files(booking, sessions, calendars.REQUEST))


@hooks.notification(
    "capability.cohort_cancelled", label=_("A course you booked is cancelled"), essential=True
)
def cohort_cancelled(letter: Notification) -> hooks.Letter | None:
    booking = booking_of(letter)
    if booking is None:
        return None
    sessions = list(booking.cohort.sessions.to_come(now()).order_by("starts_at", "pk"))
    return hooks.Letter(about(booking, sessions), files(booking, sessions, calendars.CANCEL))


@hooks.notification(
    "capability.message_to_all", label=_("Messages from your course team"), essential=True
)
def message_to_all(letter: Notification) -> hooks.Letter | None:
    booking = booking_of(letter)
    message = Message.objects.filter(pk=letter.facts["message"]).first()
    if booking is None or booking.left_at or message is None:
        return None
    return hooks.Letter({"message": message, "cohort": booking.cohort})


@hooks.notification("capability.dates_announced", label=_("Dates for a course you asked about"))
def dates_announced(letter: Notification) -> hooks.Letter | None:
    cohorts = Cohort.objects.open(now()).select_related("course")
    cohort = cohorts.filter(pk=letter.facts["cohort"]).first()
    if cohort is None:
        return None
    sessions = list(cohort.sessions.live().order_by("starts_at", "pk"))
    return hooks.Letter({"cohort": cohort, "sessions": sessions})
