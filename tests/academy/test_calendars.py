"""One calendar file for the whole house: what one part of it sends, every calendar program reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils.translation import override
from icalendar import Calendar

from academy import calendars

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN = SimpleNamespace(name="Ann\nO’Neill", email="ann@example.org")
HOUR = timedelta(hours=1)


def entry(starts_at, **facts):
    return calendars.Entry(
        uid=calendars.uid("meeting", 7),
        sequence=0,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        title="With Carys",
        **facts,
    )


def read(one, *, method=calendars.REQUEST, to=ANN):
    [attachment] = calendars.attached([one], to=to, method=method, at=AT)
    assert attachment.type == f"text/calendar; charset=utf-8; method={method}"
    file = Calendar.from_ical(attachment.content)
    assert file["METHOD"] == method
    return file, file.walk("VEVENT")[0]


@pytest.mark.parametrize(
    ("day", "utc", "clock"),
    [("2026-03-28", 9, "09:00"), ("2026-03-30", 8, "09:00"), ("2026-10-26", 9, "09:00")],
)
def test_nine_in_the_morning_in_wales_stays_nine_when_the_clocks_change(day, utc, clock):
    starts_at = datetime.fromisoformat(f"{day}T{utc:02}:00+00:00")
    file, event = read(entry(starts_at))

    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert (f"{event['DTSTART'].dt:%H:%M}", event["DTSTART"].dt) == (clock, starts_at)
    zone = file.walk("VTIMEZONE")[0].to_tz()
    assert starts_at.astimezone(zone).strftime("%H:%M") == clock


def test_a_move_and_a_cancellation_keep_the_name_and_outrank_what_was_sent_before():
    first = entry(AT + 24 * HOUR)
    moved = replace(first, sequence=1, starts_at=first.starts_at + HOUR)
    events = [read(first)[1], read(moved)[1], read(replace(moved, sequence=2), method="CANCEL")[1]]

    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_only_the_reader_is_named_and_a_public_file_names_nobody():
    _file, event = read(entry(AT))
    assert str(event["ATTENDEE"]) == "mailto:ann@example.org"
    assert event["ATTENDEE"].params["CN"] == "Ann O’Neill"

    _file, event = read(entry(AT), method=calendars.PUBLISH, to=None)
    assert "ATTENDEE" not in event
    assert "ORGANIZER" in event


def test_the_academy_invites_in_the_readers_language(settings):
    with override("cy"):
        _file, event = read(entry(AT))

    assert event["ORGANIZER"].params["CN"] == settings.SITE_NAME["cy"]
