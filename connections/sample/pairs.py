"""Relationships in every state, with meetings, notes and goals in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from academy.models import Person
from academy.sample import World, keep
from connections.models import Goal, Meeting, MentorProfile, Note, Relationship
from connections.models.planning import remind_at
from connections.sample.people import written_in
from connections.sample.terms import fill_changes, fill_terms

PAIRS = {"current": 46, "waiting": 7, "paused": 2, "ended": 12}
FIRST = ("mentor1@", "coach1@")  # whose desks the guided tour shows: they are given people first


def pairs(world: World, profiles: list[MentorProfile]) -> list[tuple[MentorProfile, Person, str]]:
    """Who is with whom, never over capacity; the desks of the tour are filled first."""
    open_ = [one for one in profiles if one.state == "approved" and not one.paused]
    first = [one for one in open_ if one.person.email.startswith(FIRST)]
    seats = [one for one in first for _seat in range(one.capacity - 1)]
    rest = [one for one in open_ if one not in first]
    wanted = {state: max(3, many * len(profiles) // 60) for state, many in PAIRS.items()}
    places = {id(one): one.capacity for one in open_}
    chosen: list[tuple[MentorProfile, Person, str]] = []
    mentees = cycle(
        world.rng.sample(world.people["improver"][1:], len(world.people["improver"]) - 1)
    )
    turns = cycle(rest)
    for state, many in wanted.items():
        for number in range(many):
            profile = seats[number] if state == "current" and number < len(seats) else next(turns)
            while profile not in first and state != "ended" and places[id(profile)] < 2:
                profile = next(turns)
            if state != "ended":
                places[id(profile)] -= 1
            chosen.append((profile, next(mentees), state))
    return chosen


def relationship(world: World, profile: MentorProfile, mentee: Person, state: str) -> Relationship:
    """Dates that make sense: begun, agreed, met, silent or with a next meeting."""
    began = world.days(-200, -100) if state == "ended" else world.days(-120, -12)
    quiet = world.rng.random()
    under_way = state in ("current", "paused")
    last = began + (world.at - began) * quiet if under_way else began
    met = state == "ended" or (under_way and world.rng.random() < 0.85)
    return Relationship(
        mentor=profile.person,
        mentee=mentee,
        kind="coaching" if profile.offers_coaching else "mentoring",
        state=state,
        began_at=began,
        agreed_at=None if state == "waiting" else began + timedelta(days=2),
        ends_on=(began + timedelta(days=182)).date(),
        first_met_at=began + timedelta(days=8) if met else None,
        last_contact_at=max(last, began + timedelta(days=8)) if met else began + timedelta(days=2),
        next_meeting_at=world.days(2, 20, hour=14) if state == "current" and quiet > 0.5 else None,
        paused_at=world.days(-20, -5) if state == "paused" else None,
        paused_until=world.days(10, 60).date() if state == "paused" and quiet > 0.4 else None,
        ended_at=world.days(-40, -5) if state == "ended" else None,
        why="chosen" if state == "ended" else "",
    )


def meetings(world: World, pair: Relationship) -> Iterator[Meeting]:
    shared = {"relationship": pair, "how": "online"}
    if pair.first_met_at:
        count = world.rng.randint(1, 5)
        span = (pair.last_contact_at - pair.first_met_at) / count
        for number in range(count):
            yield Meeting(
                **shared,
                state=Meeting.State.HELD,
                starts_at=pair.first_met_at + span * (number + 1 if number else 0),
                minutes=world.pick([30, 45, 60]),
                token=world.token(),
                written_by=pair.mentor,
                written_at=pair.first_met_at + span * number,
            )
    if pair.next_meeting_at:
        yield Meeting(
            **shared,
            state=Meeting.State.PLANNED,
            starts_at=pair.next_meeting_at,
            mentor=pair.mentor,
            mentee=pair.mentee,
            remind_at=remind_at(pair.next_meeting_at, at=world.at),
            minutes=60,
            token=world.token(),
            written_by=pair.mentor,
            written_at=pair.last_contact_at,
        )


def words_of(world: World, pair: Relationship) -> Iterator[Note | Goal]:
    """Shared and private notes and goals, each in the language of who writes."""
    mentor, mentee = written_in(pair.mentor), written_in(pair.mentee)
    agreed = pair.agreed_at or pair.began_at
    for audience, name, many in (
        ("shared", "meeting_summaries", 2),
        ("private", "private_notes", 1),
    ):
        for number in range(many):
            note = Note(
                relationship=pair,
                author=pair.mentor,
                audience=audience,
                language=mentor,
                token=world.token(),
                written_at=max(pair.last_contact_at - timedelta(days=number), agreed),
            )
            note.seal(world.said(name, mentor))
            yield note
    for number in range(2):
        goal = Goal(
            relationship=pair,
            set_by=pair.mentee,
            language=mentee,
            token=world.token(),
            set_at=agreed,
            reached_at=pair.last_contact_at if number and world.rng.random() < 0.4 else None,
        )
        goal.seal(world.said("goals", mentee))
        yield goal


def fill_pairs(world: World, made: list[Relationship]) -> None:
    agreed = [pair for pair in made if pair.agreed_at]
    fill_terms(world, made)
    fill_changes(world, made)
    keep(meeting for pair in agreed for meeting in meetings(world, pair))
    said = [words for pair in agreed for words in words_of(world, pair)]
    keep(one for one in said if isinstance(one, Note))
    keep(one for one in said if isinstance(one, Goal))
