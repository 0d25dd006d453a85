"""Calendar files (iCalendar): sessions in, the bytes of a file out. It knows no table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

LONDON = ZoneInfo("Europe/London")
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Meeting:
    """One meeting as a calendar needs it. A higher `sequence` replaces what was sent before."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    url: str
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


def event(meeting: Meeting, method: str, host: Party, guest: Party, at: datetime) -> Event:
    entry = Event()
    gone = meeting.cancelled or method == CANCEL
    entry.add("uid", meeting.uid)
    entry.add("sequence", meeting.sequence)
    entry.add("dtstamp", at)
    entry.add("dtstart", meeting.starts_at.astimezone(LONDON))
    entry.add("dtend", meeting.ends_at.astimezone(LONDON))
    entry.add("summary", meeting.title)
    entry.add("status", "CANCELLED" if gone else "CONFIRMED")
    if meeting.place:
        entry.add("location", meeting.place)
    if meeting.url:
        entry.add("url", meeting.url)
    entry.add("organizer", host.as_value())
    attendee = guest.as_value()
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    entry.add("attendee", attendee)
    return entry


def calendar(
    meetings: Iterable[Meeting], *, method: str, host: Party, guest: Party, at: datetime
) -> bytes:
    """One file with these meetings; REQUEST puts them in a calendar, CANCEL takes them out."""
    file = Calendar()
    file.add("prodid", "-//Improvement Academy//Academi Gwelliant//EN")
    file.add("version", "2.0")
    file.add("method", method)
    file.add_component(timezone())
    for meeting in meetings:
        file.add_component(event(meeting, method, host, guest, at))
    return bytes(file.to_ical())
