"""Sample courses and cohorts: past, full, near, far, cancelled; every title says sample."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from academy import hooks
from academy.sample import World, between_the_years, keep
from capability.models import Booking, Cohort, Course, Interest, Session
from capability.models.rules import BookingRules

DATA = Path(__file__).parent / "data" / "sample_courses.json"
Course_ = dict[str, Any]


def courses_wanted(size: int) -> int:
    """25 for a small academy, 2,000 for 100,000 people."""
    return max(25, size // 50)


def cohorts_wanted(size: int) -> int:
    """40 to 80 for a small academy, 20,000 for 100,000 people."""
    return min(80, max(40, size // 5)) if size < 1000 else size // 5


def course_rows(size: int) -> Iterator[Course_]:
    """The written sample courses; beyond them, numbered copies for measurements."""
    written = json.loads(DATA.read_text(encoding="utf-8"))["courses"]
    for number in range(courses_wanted(size)):
        row = dict(written[number % len(written)])
        copy = number // len(written)
        if copy:
            row["slug"] = f"{row['slug']}-{copy + 1}"
            row["title_en"] = row["title_en"].replace("(sample)", f"{copy + 1} (sample)")
            row["title_cy"] = row["title_cy"].replace("(sampl)", f"{copy + 1} (sampl)")
        yield row


def sessions(row: Course_, first: datetime) -> list[tuple[datetime, datetime]]:
    pattern = row["sessions"]
    hour, minute = map(int, pattern["start"].split(":"))
    first = first.replace(hour=hour, minute=minute)
    length = timedelta(minutes=pattern["minutes"])
    starts: list[datetime] = []
    for step in range(pattern["count"]):
        start = starts[-1] + timedelta(days=pattern["gap_days"]) if step else first
        while between_the_years(start):
            start += timedelta(days=7)
        starts.append(start)
    return [(start, start + length) for start in starts]


def cohort(
    world: World, course: Course, row: Course_, number: int
) -> tuple[Cohort, list[tuple[datetime, datetime]]]:
    """Four in five are to come; every twelfth is cancelled."""
    dates = sessions(row, world.days(-90, -20) if number % 5 == 4 else world.days(2, 150))
    venues = {venue["slug"]: venue for venue in world.words["venues"]}
    venue = venues.get(world.pick(row["places"])) if row["places"] else None
    boards = [one for one in world.organisations if one.kind == "health_board"]
    host = world.pick(boards) if world.rng.random() < 0.6 else None
    made = Cohort(
        course=course,
        organisation=host,
        region=host.region if host else "",
        place_en=venue["en"] if venue else "",
        place_cy=venue["cy"] if venue else "",
        joining_link="" if venue else "https://example.org/join/sample",
        language=world.pick(row["languages"]),
        format="in_person" if venue else "online_live",
        places=world.pick([8, 12, 12, 16, 20, 24]),
        starts_at=dates[0][0],
        ends_at=dates[-1][1],
        closes_at=BookingRules.current().closes_at(dates[0][0]),
        published=True,
        published_at=world.at - timedelta(days=120),
        cancelled_at=world.at - timedelta(days=3) if number % 12 == 11 else None,
        sample=True,
    )
    return made, dates


def bookings(world: World, made: Cohort, number: int) -> Iterator[Booking]:
    """Every seventh cohort is full, the others fill up to a different height."""
    share = 1.0 if number % 7 == 2 else world.rng.random() * 0.9
    pool = world.people["improver"]
    over = made.cancelled_at is not None
    latest = (made.cancelled_at or made.starts_at or world.at) - timedelta(days=2)
    for one in world.rng.sample(pool, min(len(pool), round(made.places * share))):
        language = "cy" if one.language == "cy" else "en"
        yield Booking(
            cohort=made,
            person=one,
            hope=world.pick(world.words["project_themes"])[language],
            hope_language=language,
            token=world.token(),
            joined_at=min(world.days(-60, -1), latest - timedelta(days=world.rng.randint(0, 20))),
            left_at=made.cancelled_at,
            left_why="cohort" if over else "",
        )


@hooks.sample(order=20)
def courses(world: World) -> str:
    rows = list(course_rows(world.size))
    Course.objects.load({**row, "sample": True} for row in rows)
    by_slug = Course.objects.in_bulk([row["slug"] for row in rows], field_name="slug")
    undated = {row["slug"] for row in rows[20:23]}  # nobody knows yet when: tell me
    dated = [row for row in rows if row["slug"] not in undated]
    planned = [
        cohort(world, by_slug[row["slug"]], row, number)
        for number, row in enumerate(
            dated[n % len(dated)] for n in range(cohorts_wanted(world.size))
        )
    ]
    made = keep(one for one, _dates in planned)
    keep(
        Session(cohort=one, starts_at=start, ends_at=end)
        for one, (_same, dates) in zip(made, planned, strict=True)
        for start, end in dates
    )
    taken = keep(
        booking for number, one in enumerate(made) for booking in bookings(world, one, number)
    )
    keep(
        Interest(course=by_slug[slug], person=one, declared_at=world.days(-40, -1))
        for slug in sorted(undated)
        for one in world.rng.sample(world.people["improver"], min(8, len(world.people["improver"])))
    )
    return f"{len(rows)} courses, {len(made)} cohorts, {len(taken)} bookings"
