"""Messages about office hours. Names are looked up when a message is sent; questions never are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import calendars, hooks
from academy.models import Notification
from connections.hooks.request_letters import offers_help
from connections.models import SlotBooking
from connections.models.slot_entries import entry


def _booking(letter: Notification) -> SlotBooking | None:
    rows = SlotBooking.objects.select_related("slot__office_hour", "person", "host")
    return rows.filter(pk=letter.facts["slot_booking"]).first()


def _letter(letter: Notification, booking: SlotBooking, method: str) -> hooks.Letter:
    """Who the other is, when and where, with the calendar file that puts it in or takes it out."""
    hour, other = booking.slot.office_hour, booking.other(letter.person)
    facts: dict[str, Any] = {
        "other": other.name,
        "starts_at": localtime(booking.slot.starts_at),
        "how": hour.get_how_display(),
        "place": hour.place,
    }
    title = _("Office hour with %(name)s") % {"name": other.name}
    entries = [entry(booking, title=title, gone=method == calendars.CANCEL)]
    files = calendars.attached(entries, to=letter.person, method=method, at=now())
    return hooks.Letter(facts, files)


def _while_it_stands(letter: Notification) -> hooks.Letter | None:
    booking = _booking(letter)
    if booking is None or booking.left_at:
        return None
    return _letter(letter, booking, calendars.REQUEST)


def _once_it_is_off(letter: Notification) -> hooks.Letter | None:
    booking = _booking(letter)
    if booking is None or not booking.left_at:
        return None
    return _letter(letter, booking, calendars.CANCEL)


@hooks.notification(
    "connections.slot_booked", label=gettext_lazy("Your place in an office hour"), essential=True
)
def slot_booked(letter: Notification) -> hooks.Letter | None:
    return _while_it_stands(letter)


@hooks.notification(
    "connections.slot_taken",
    label=gettext_lazy("Somebody comes to your office hour"),
    audience=offers_help,
)
def slot_taken(letter: Notification) -> hooks.Letter | None:
    return _while_it_stands(letter)


@hooks.notification(
    "connections.slot_moved",
    label=gettext_lazy("An office hour is held somewhere else"),
    essential=True,
)
def slot_moved(letter: Notification) -> hooks.Letter | None:
    return _while_it_stands(letter)


@hooks.notification(
    "connections.slot_left", label=gettext_lazy("An office hour you gave back"), essential=True
)
def slot_left(letter: Notification) -> hooks.Letter | None:
    return _once_it_is_off(letter)


@hooks.notification(
    "connections.slot_given_back",
    label=gettext_lazy("Somebody gave back their time in your office hour"),
    essential=True,
    audience=offers_help,
)
def slot_given_back(letter: Notification) -> hooks.Letter | None:
    return _once_it_is_off(letter)


@hooks.notification(
    "connections.slot_cancelled",
    label=gettext_lazy("An office hour will not take place"),
    essential=True,
)
def slot_cancelled(letter: Notification) -> hooks.Letter | None:
    return _once_it_is_off(letter)


@hooks.notification("connections.slot_reminder", label=gettext_lazy("A reminder of an office hour"))
def slot_reminder(letter: Notification) -> hooks.Letter | None:
    booking = _booking(letter)
    if booking is None or booking.left_at or booking.slot.starts_at <= now():
        return None
    return hooks.Letter(_letter(letter, booking, calendars.REQUEST).context)


@hooks.notification(
    "connections.slots_today",
    label=gettext_lazy("A reminder of your own office hours"),
    audience=offers_help,
)
def slots_today(letter: Notification) -> hooks.Letter | None:
    """How many come on that day; nothing when nobody does any more."""
    day = date.fromisoformat(letter.facts["day"])
    coming = SlotBooking.objects.current().hosted_by(letter.person)
    coming = coming.filter(slot__starts_at__date=day, slot__starts_at__gt=now())
    starts = list(coming.order_by("slot__starts_at").values_list("slot__starts_at", flat=True))
    if not starts:
        return None
    return hooks.Letter({"n": len(starts), "starts_at": localtime(starts[0])})
