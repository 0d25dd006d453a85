"""Office hours with questions, and circles with dates, marked as sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import cycle
from typing import Any

from django.utils.timezone import localdate

from academy.models import Person
from academy.sample import World, between_the_years, keep
from connections.models import (
    Circle,
    CircleMeeting,
    CircleMember,
    MentorProfile,
    OfficeHour,
    Slot,
    SlotBooking,
    SlotQuestion,
)
from connections.sample import tour
from connections.sample.people import Pool, written_in

HOURS, CIRCLES = 12, 6
APART = {"fortnightly": timedelta(days=14), "monthly": timedelta(days=28)}
ABOUT = {
    "en": [
        "Bring one question about measuring. (sample)",
        "Stuck with a chart or a cycle? Bring it. (sample)",
        "For anybody who is about to test a first change. (sample)",
    ],
    "cy": [
        "Dewch ag un cwestiwn am fesur. (sampl)",
        "Siart neu gylch yn peri trafferth? Dewch ag ef. (sampl)",
        "I unrhyw un sydd ar fin profi newid cyntaf. (sampl)",
    ],
}
TOLD = {
    "en": [
        (
            "First months of leading change (sample)",
            "A few of us talk about what is hard, and what helped.",
        ),
        ("Measuring in small teams (sample)", "We look at one another’s measures, kindly."),
        ("Improving while short of staff (sample)", "How do you find time? We share what worked."),
    ],
    "cy": [
        (
            "Misoedd cyntaf arwain newid (sampl)",
            "Ychydig ohonom yn siarad am yr hyn sy’n anodd, a’r hyn a helpodd.",
        ),
        ("Mesur mewn timau bach (sampl)", "Rydym yn edrych ar fesurau ein gilydd, yn garedig."),
        (
            "Gwella pan fo staff yn brin (sampl)",
            "Sut mae cael amser? Rydym yn rhannu’r hyn a weithiodd.",
        ),
    ],
}


def spoken(one: Person) -> dict[str, Any]:
    code = written_in(one)
    return {"written_in": code, "in_welsh": one.language != "en", "in_english": code == "en"}


def fill(world: World, pool: Pool, profiles: list[MentorProfile]) -> str:
    """Some mentors and coaches, those of the guided tour among them."""
    hosts = [one.person for one in profiles if one.state == "approved" and not one.paused]
    hosts.sort(key=lambda one: not tour.guides(one))
    hours = office_hours(world, pool, hosts[:HOURS])
    circles(world, pool, hosts[:CIRCLES])
    return f"{len(hours)} office hours, {min(CIRCLES, len(hosts))} circles"


def tag(pool: Pool, rows: list[Any], name: str) -> None:
    through = type(rows[0]).topics.through
    keep(
        through(**{f"{name}_id": row.pk, "topic_id": topic.pk})
        for row in rows
        for topic in pool.some(pool.methods, 3)
    )


def office_hours(world: World, pool: Pool, hosts: list[Person]) -> list[OfficeHour]:
    today = localdate(world.at)
    rows = [
        OfficeHour(
            host=host,
            about=world.pick(ABOUT[written_in(host)]),
            how=world.pick(["online", "online", "phone"]),
            place="https://example.org/sample-room",
            weekday=number % 5,
            begins=time(world.pick([9, 12, 14, 16])),
            many=3,
            minutes=20,
            rhythm=world.pick([1, 2]),
            from_on=today - timedelta(days=14),
            token=world.token(),
            opened_at=world.at - timedelta(days=20),
            **spoken(host),
        )
        for number, host in enumerate(hosts)
    ]
    made = keep(rows)
    if made:
        tag(pool, made, "officehour")
    bookings(world, made)
    return made


def bookings(world: World, hours: list[OfficeHour]) -> None:
    """One time in each is taken, with a question, and one was kept a week ago."""
    people = cycle(world.people["improver"])
    for hour in hours:
        before = [
            s
            for day in hour.days(since=hour.from_on, until=localdate(world.at))
            for s in hour.starts_on(day)
        ]
        Slot.objects.make(hour, [start for start in before if start < world.at][-hour.many :])
        hour.fill(at=world.at)
        slots = list(hour.slots.order_by("starts_at", "pk"))
        past = [slot for slot in slots if slot.starts_at < world.at]
        ahead = [slot for slot in slots if slot.starts_at > world.at + timedelta(hours=12)]
        for slot in (*past[:1], *ahead[1:2]):
            person = next(people)
            booking = SlotBooking.objects.create(
                slot=slot,
                host=hour.host,
                person=person,
                token=world.token(),
                booked_at=world.at - timedelta(days=1),
                came=True if slot.starts_at < world.at else None,
            )
            question = SlotQuestion(
                booking=booking,
                token=world.token(),
                asked_at=booking.booked_at,
                language=written_in(person),
            )
            question.seal(world.said("mentee_aims", written_in(person)))
            question.save(force_insert=True)


def circles(world: World, pool: Pool, hosts: list[Person]) -> None:
    people = world.people["improver"][1:]
    made = []
    for number, host in enumerate(hosts):
        title, about = TOLD[written_in(host)][number % 3]
        many, places = (6, 6) if number == 1 else (world.rng.randint(2, 5), 8)
        made.append(
            (
                Circle(
                    host=host,
                    made_by=host,
                    title=title,
                    about=about,
                    places=places,
                    places_taken=min(many, len(people)),
                    rhythm=world.pick(list(APART)),
                    how="online",
                    place="https://example.org/sample-circle",
                    token=world.token(),
                    opened_at=world.days(-30, -10),
                    **spoken(host),
                ),
                many,
            )
        )
    rows = keep(one for one, _many in made)
    if rows:
        tag(pool, rows, "circle")
    keep(
        CircleMember(circle=one, person=person, joined_at=one.opened_at + timedelta(days=1))
        for one, many in made
        for person in world.rng.sample(people, min(many, len(people)))
    )
    keep(
        CircleMeeting(
            circle=one,
            starts_at=starts_at,
            minutes=60,
            token=world.token(),
        )
        for one in rows
        for starts_at in dates(world, one)
    )


def dates(world: World, circle: Circle) -> Iterator[datetime]:
    """The next two, as far apart as the circle says; none falls between the years."""
    first, apart = world.days(3, 10, hour=12), APART[circle.rhythm]
    while between_the_years(first) or between_the_years(first + apart):
        first += timedelta(days=7)
    yield from (first, first + apart)
