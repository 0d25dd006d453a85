"""Relationships in every state, with meetings, notes and goals in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice

from academy.models import Person
from academy.sample import World, keep
from connections.models import Goal, Meeting, MentorProfile, Note, Relationship
from connections.models.planning import remind_at
from connections.models.rules import MOST_PLACES
from connections.sample import tour
from connections.sample.people import written_in
from connections.sample.terms import fill_changes, fill_terms

PAIRS = {"current": 40, "waiting": 7, "paused": 2, "ended": 12}

# What a mentor writes, and what a mentee does.
NOTES = {
    (False, "shared"): "meeting_summaries",
    (False, "private"): "private_notes",
    (True, "shared"): "mentee_aims",
    (True, "private"): "mentee_aims",
}


def pairs(world: World, profiles: list[MentorProfile]) -> list[tuple[MentorProfile, Person, str]]:
    """Who is with whom besides the guides of the tour, never over capacity."""
    open_ = [one for one in profiles if one.state == "approved" and not one.paused]
    rest = [one for one in open_ if not tour.guides(one.person)]
    seats = iter([one for turn in range(MOST_PLACES) for one in rest if turn < one.capacity - 1])
    wanted = {state: max(3, many * len(profiles) // 60) for state, many in PAIRS.items()}
    mentees = cycle(
        world.rng.sample(world.people["improver"][1:], len(world.people["improver"]) - 1)
    )
    return [
        (profile, next(mentees), state)
        for state, many in wanted.items()
        for profile in islice(cycle(rest) if state == "ended" else seats, many)
    ]


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
    mentee = written_in(pair.mentee)
    agreed = pair.agreed_at or pair.began_at
    said = [(pair.mentor, "shared", 0), (pair.mentor, "shared", 1), (pair.mentor, "private", 0)]
    if tour.firsts(pair):
        said += [(pair.mentee, "shared", 0), (pair.mentee, "private", 0)]
    for author, audience, days in said:
        language = written_in(author)
        note = Note(
            relationship=pair,
            author=author,
            audience=audience,
            language=language,
            token=world.token(),
            written_at=max(pair.last_contact_at - timedelta(days=days), agreed),
        )
        note.seal(world.said(NOTES[author == pair.mentee, audience], language))
        yield note
    for number in range(2):
        reached = number and not tour.firsts(pair) and world.rng.random() < 0.4
        goal = Goal(
            relationship=pair,
            set_by=pair.mentee,
            language=mentee,
            token=world.token(),
            set_at=agreed,
            reached_at=pair.last_contact_at if reached else None,
            let_go_at=pair.last_contact_at if number and pair.ended and not reached else None,
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
