"""The made-up pool of `matching_pools` as rows: people, work, offers, requests, old pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils.timezone import now

from academy.models import Conflict, Membership, Organisation, Person, Topic
from academy.sample import keep
from bench.matching_pools import METHODS, ORGANISATIONS, TOPICS, pool
from connections.matching.people import People
from connections.models import (
    WAYS,
    MentoringRequest,
    MentorProfile,
    Relationship,
    Setting,
    Weights,
)

AT = now()
SETTINGS = Setting.values
KINDS = {1: "mentoring", 2: "coaching", 3: "either"}


def main(askers: str, mentors: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # of what no request and no worker ever does
    made = pool(int(askers), int(mentors))
    topics = keep(
        Topic(slug=f"bench-{n}", name_en=f"Topic {n}", name_cy=f"Pwnc {n}", group=group)
        for n, group in enumerate(["method"] * METHODS + ["service_area"] * TOPICS)
    )
    boards = keep(
        Organisation(
            code=f"BENCH{n}", name_en=f"Board {n}", name_cy=f"Bwrdd {n}", kind="health_board"
        )
        for n in range(ORGANISATIONS)
    )
    people = everybody(made.requests.person, made.mentors.person)
    keep(memberships(made.mentors, people, boards, set()))
    keep(memberships(made.requests, people, boards, set(made.mentors.person.tolist())))
    apart = {tuple(sorted(pair)) for pair in made.apart.tolist() if pair[0] != pair[1]}
    known = [pair for pair in sorted(apart) if pair[0] in people and pair[1] in people]
    keep(Conflict(person=people[one], other=people[two], declared_at=AT) for one, two in known)
    requests = keep(asked(made.requests, people))
    profiles = keep(offered(made.mentors, people))
    for rows, side in ((requests, made.requests), (profiles, made.mentors)):
        give(rows, "methods", side.methods, topics, 0)
        give(rows, "services", side.topics, topics, METHODS)
    keep(old_pairs(profiles, requests))
    MentorProfile.objects.reindex()
    Weights.objects.current(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # what autovacuum would do in the first hour
    return {"requests": len(requests), "profiles": len(profiles)}


def everybody(*sides: Any) -> dict[int, Person]:
    numbers = np.unique(np.concatenate(sides)).tolist()
    rows = keep(
        Person(email=f"bench{n}@example.org", name=f"Person {n}", approved_at=AT) for n in numbers
    )
    return dict(zip(numbers, rows, strict=True))


def memberships(
    side: People, people: dict[int, Person], boards: list[Organisation], done: set[int]
) -> Iterator[Membership]:
    """Where they work, and where they worked before, each person once."""
    columns = (side.person, side.organisation, side.team, side.workplace)
    for number, board, team, before in zip(*(one.tolist() for one in columns), strict=True):
        if number in done:
            continue
        name = f"Team {team}" if team >= 0 else ""
        start = date(2025, 1, 6)
        yield Membership(
            person=people[number], organisation=boards[board], team=name, started_on=start
        )
        if before >= 0 and before != board:
            yield Membership(
                person=people[number],
                organisation=boards[before],
                started_on=date(2020, 1, 6),
                ended_on=start,
            )


def fit(side: People, row: int) -> dict[str, Any]:
    languages, formats = int(side.languages[row]), int(side.formats[row])
    setting = int(side.setting[row])
    return {
        "in_english": bool(languages & 1),
        "in_welsh": bool(languages & 2),
        "online": bool(formats & 1),
        "in_person": bool(formats & 2),
        "setting": SETTINGS[setting] if setting >= 0 else "",
        **{way.field: int(end) for way, end in zip(WAYS, side.ways[row], strict=True)},
    }


def asked(side: Any, people: dict[int, Person]) -> Iterator[MentoringRequest]:
    for row, number in enumerate(side.person.tolist()):
        yield MentoringRequest(
            mentee=people[number],
            token=UUID(int=row),
            words="Bench",
            written_in="en",
            kind=KINDS[int(side.kinds[row])],
            left_out=bool(side.left_out[row]),
            asked_at=AT,
            remind_at=AT + timedelta(days=7),
            closes_at=AT + timedelta(days=14),
            suggest_from=AT if row < 40 else None,
            **fit(side, row),
        )


def offered(side: Any, people: dict[int, Person]) -> Iterator[MentorProfile]:
    for row, number in enumerate(side.person.tolist()):
        kinds = int(side.kinds[row])
        yield MentorProfile(
            person=people[number],
            offers_mentoring=bool(kinds & 1),
            offers_coaching=bool(kinds & 2),
            about_help="Bench",
            written_in="en",
            capacity=int(side.free[row]),
            paused=bool(side.paused[row]),
            state="approved",
            **fit(side, row),
        )


def give(rows: list[Any], name: str, sets: Any, topics: list[Topic], first: int) -> None:
    through = getattr(type(rows[0]), name).through
    owner = f"{type(rows[0])._meta.model_name}_id"
    keep(
        through(**{owner: row.pk, "topic_id": topics[first + item].pk})
        for number, row in enumerate(rows)
        for item in sets[number]
    )


def old_pairs(
    profiles: list[MentorProfile], requests: list[MentoringRequest]
) -> Iterable[Relationship]:
    """Every fifth who asks has been with somebody before."""
    draw = np.random.default_rng(2)
    for request in requests[::5]:
        mentor = profiles[int(draw.integers(len(profiles)))].person
        if mentor != request.mentee:
            yield Relationship(
                mentor=mentor,
                mentee=request.mentee,
                kind="mentoring",
                state="ended",
                began_at=AT - timedelta(days=400),
                agreed_at=AT - timedelta(days=399),
                ends_on=(AT - timedelta(days=200)).date(),
                last_contact_at=AT - timedelta(days=200),
                ended_at=AT - timedelta(days=200),
            )
