"""Messages about circles. Titles and names are looked up when a message is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _

from academy import calendars, hooks
from academy.models import Notification
from connections.hooks.request_letters import offers_help
from connections.models import Circle, CircleMeeting, CircleMember
from connections.models.circle_entries import entries


def _circle(letter: Notification) -> Circle | None:
    return Circle.objects.select_related("host").filter(pk=letter.facts["circle"]).first()


def _still_in_it(letter: Notification) -> Circle | None:
    """The circle, while it is open and its reader hosts it or has the place this was written to."""
    circle = _circle(letter)
    place = letter.facts.get("member")
    if circle is None or circle.closed_at:
        return None
    if place and not CircleMember.objects.current().filter(pk=place).exists():
        return None
    return circle


def _facts(circle: Circle, letter: Notification, **more: Any) -> dict[str, Any]:
    hosts = letter.person_id == circle.host_id
    return {
        "title": str(circle),
        "host": circle.host.name,
        "hosts": hosts,
        "how": circle.get_how_display(),
        "place": circle.place,
        **more,
    }


def _files(
    circle: Circle, letter: Notification, meetings: Iterable[CircleMeeting], method: str
) -> tuple[hooks.Attachment, ...]:
    gone = method == calendars.CANCEL
    held = entries(circle, meetings, member=letter.facts.get("member"), gone=gone)
    if not held:
        return ()
    return calendars.attached(held, to=letter.person, method=method, at=now(), name="circle.ics")


def _to_come(circle: Circle) -> list[CircleMeeting]:
    return list(circle.meetings.to_come(now()).order_by("starts_at", "pk"))


def _with_dates(letter: Notification) -> hooks.Letter | None:
    """The circle and all its dates to come, for who is in it."""
    circle = _still_in_it(letter)
    if circle is None:
        return None
    meetings = _to_come(circle)
    dates = [localtime(meeting.starts_at) for meeting in meetings]
    files = _files(circle, letter, meetings, calendars.REQUEST)
    return hooks.Letter(_facts(circle, letter, dates=dates), files)


def _plain(letter: Notification) -> hooks.Letter | None:
    circle = _still_in_it(letter)
    return hooks.Letter(_facts(circle, letter)) if circle else None


def _one_date(letter: Notification, method: str) -> hooks.Letter | None:
    """One date as it stands now; nothing when it has changed since."""
    circle = _still_in_it(letter)
    if circle is None:
        return None
    meeting = circle.meetings.filter(
        pk=letter.facts["meeting"], sequence=letter.facts["sequence"]
    ).first()
    if meeting is None or (meeting.cancelled_at is None) != (method == calendars.REQUEST):
        return None
    facts = _facts(
        circle,
        letter,
        starts_at=localtime(meeting.starts_at),
        moved=meeting.sequence > 0,
    )
    return hooks.Letter(facts, _files(circle, letter, [meeting], method))


@hooks.notification(
    "connections.circle_yours", label=_("A circle you are to host"), audience=offers_help
)
def circle_yours(letter: Notification) -> hooks.Letter | None:
    return _with_dates(letter)


@hooks.notification("connections.circle_joined", label=_("You are in a circle"), essential=True)
def circle_joined(letter: Notification) -> hooks.Letter | None:
    return _with_dates(letter)


@hooks.notification(
    "connections.circle_grew", label=_("Somebody joins your circle"), audience=offers_help
)
def circle_grew(letter: Notification) -> hooks.Letter | None:
    return _plain(letter)


@hooks.notification(
    "connections.circle_shrank", label=_("Somebody leaves your circle"), audience=offers_help
)
def circle_shrank(letter: Notification) -> hooks.Letter | None:
    return _plain(letter)


@hooks.notification("connections.circle_room", label=_("A place is free in a circle"))
def circle_room(letter: Notification) -> hooks.Letter | None:
    """Lost its point when somebody else has taken the place."""
    circle = _still_in_it(letter)
    return hooks.Letter(_facts(circle, letter)) if circle and circle.free else None


@hooks.notification(
    "connections.circle_left", label=_("You are not in a circle any more"), essential=True
)
def circle_left(letter: Notification) -> hooks.Letter | None:
    """By one's own choice or not; calendars let go of what is to come."""
    circle = _circle(letter)
    member = CircleMember.objects.filter(pk=letter.facts["member"]).first()
    if circle is None or member is None or member.left_at is None:
        return None
    files = _files(circle, letter, _to_come(circle), calendars.CANCEL)
    chosen = member.left_why == CircleMember.Why.OWN
    return hooks.Letter(_facts(circle, letter, chosen=chosen, dates=bool(files)), files)


@hooks.notification("connections.circle_closed", label=_("A circle has closed"), essential=True)
def circle_closed(letter: Notification) -> hooks.Letter | None:
    circle = _circle(letter)
    if circle is None or circle.closed_at is None:
        return None
    off = list(circle.meetings.filter(cancelled_at=circle.closed_at).order_by("starts_at", "pk"))
    files = _files(circle, letter, off, calendars.CANCEL)
    return hooks.Letter(_facts(circle, letter, dates=bool(files)), files)


@hooks.notification(
    "connections.circle_elsewhere", label=_("A circle meets somewhere else"), essential=True
)
def circle_elsewhere(letter: Notification) -> hooks.Letter | None:
    return _with_dates(letter)


@hooks.notification(
    "connections.circle_meeting", label=_("A date of a circle, new or moved"), essential=True
)
def circle_meeting(letter: Notification) -> hooks.Letter | None:
    return _one_date(letter, calendars.REQUEST)


@hooks.notification(
    "connections.circle_meeting_cancelled",
    label=_("A date of a circle will not take place"),
    essential=True,
)
def circle_meeting_cancelled(letter: Notification) -> hooks.Letter | None:
    return _one_date(letter, calendars.CANCEL)


@hooks.notification("connections.circle_reminder", label=_("A reminder of a circle"))
def circle_reminder(letter: Notification) -> hooks.Letter | None:
    found = _one_date(letter, calendars.REQUEST)
    return hooks.Letter(found.context) if found else None


@hooks.notification("connections.circle_message", label=_("Your circle’s host has written"))
def circle_message(letter: Notification) -> hooks.Letter | None:
    """Says that it is there, and where; not one word of it."""
    return _plain(letter)
