"""Calendar files (iCalendar): entries in, the bytes of a file out. It knows no table.

Keep `uid` and `sequence` with the row: `uid(...)` never changes, `sequence` rises with each change
that calendars must follow, a cancellation too. A letter function answers, at the time of sending,

    entry = calendars.Entry(uid=calendars.uid("meeting", row.pk), sequence=row.sequence, ...)
    return hooks.Letter(facts, calendars.attached([entry], to=letter.person, method=REQUEST, at=now()))

with CANCEL once it is off, and a page offers the same with `calendars.download`. The letter function
runs in the reader's language, so titles are simply `gettext`; nobody else's address is in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from academy.bilingual import site_words
from academy.hooks import Attachment

if TYPE_CHECKING:
    from academy.models import Person

LONDON = ZoneInfo("Europe/London")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"  # PUBLISH: for nobody in particular
TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One meeting as a calendar needs it. A higher `sequence` replaces what was sent before."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    url: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Party:
    """Who invites, or who is invited."""

    name: str
    address: str

    def as_value(self) -> vCalAddress:
        value = vCalAddress(f"mailto:{self.address}")
        value.params["CN"] = vText(" ".join(self.name.split()))
        return value


def timezone() -> Timezone:
    """Europe/London by its rule, so that the file needs no list of years."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for part, month, name, before, after in (
        (TimezoneDaylight(), 3, "BST", 0, 1),
        (TimezoneStandard(), 10, "GMT", 1, 0),
    ):
        began = f"1996-{month:02}-{31 if month == 3 else 27}T0{1 + before}:00"
        part.add("dtstart", datetime.fromisoformat(began))  # by the clock on the wall
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def event(entry: Entry, method: str, host: Party, guest: Party | None, at: datetime) -> Event:
    made = Event()
    gone = entry.cancelled or method == CANCEL
    made.add("uid", entry.uid)
    made.add("sequence", entry.sequence)
    made.add("dtstamp", at)
    made.add("dtstart", entry.starts_at.astimezone(LONDON))
    made.add("dtend", entry.ends_at.astimezone(LONDON))
    made.add("summary", entry.title)
    made.add("status", "CANCELLED" if gone else "CONFIRMED")
    if entry.place:
        made.add("location", entry.place)
    if entry.url:
        made.add("url", entry.url)
    made.add("organizer", host.as_value())
    if guest is not None:
        attendee = guest.as_value()
        attendee.params["PARTSTAT"] = "ACCEPTED"
        attendee.params["RSVP"] = "FALSE"
        made.add("attendee", attendee)
    return made


def calendar(
    entries: Iterable[Entry], *, method: str, host: Party, guest: Party | None, at: datetime
) -> bytes:
    """One file with these meetings; REQUEST puts them in a calendar, CANCEL takes them out."""
    file = Calendar()
    file.add("prodid", "-//Improvement Academy//Academi Gwelliant//EN")
    file.add("version", "2.0")
    file.add("method", method)
    file.add_component(timezone())
    for entry in entries:
        file.add_component(event(entry, method, host, guest, at))
    return bytes(file.to_ical())


def uid(kind: str, *numbers: object) -> str:
    """One name for ever: uid("meeting", 7) is meeting-7 at our mail domain."""
    return "-".join([kind, *map(str, numbers)]) + f"@{settings.SITE_MAIL_DOMAIN}"


def invitation(entries: Iterable[Entry], *, to: Person | None, method: str, at: datetime) -> bytes:
    """A file in which the academy invites this person, or nobody in particular."""
    host = Party(site_words()["name"], settings.SITE_CONTACT)
    guest = Party(to.name, to.email) if to is not None else None
    return calendar(entries, method=method, host=host, guest=guest, at=at)


def attached(
    entries: Iterable[Entry],
    *,
    to: Person | None,
    method: str,
    at: datetime,
    name: str = "meeting.ics",
) -> tuple[Attachment, ...]:
    """What a letter carries, ready for `hooks.Letter`."""
    content = invitation(entries, to=to, method=method, at=at)
    return (Attachment(name, content, f"{TYPE}; method={method}"),)


def download(content: bytes, *, name: str) -> HttpResponse:
    """The same file from a page."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPE, headers=headers)
