"""Sample mentoring: offers, requests and relationships in every state, with notes in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any

from academy import hooks
from academy.models import Person, Topic
from academy.sample import World, keep
from connections.models import (
    Agreement,
    Goal,
    Meeting,
    MentoringRequest,
    MentorProfile,
    Note,
    Relationship,
    Setting,
    Suggestion,
    Weights,
)
from connections.models.agreements import NEWEST

SETTINGS = list(Setting)
State = MentoringRequest.State
# How many of 400 people's requests stand in each state, and how long ago they were asked.
REQUESTS = {
    State.LOOKING: (16, -3, 0),
    State.ASKED: (14, -11, -1),
    State.DECLINED: (6, -30, -10),
    State.EXPIRED: (5, -50, -20),
    State.WITHDRAWN: (4, -40, -10),
}
PAIRS = {"current": 46, "waiting": 7, "ended": 12}
FIRST = ("mentor1@", "coach1@")  # whose desks the guided tour shows: they are given people first


def written_in(one: Person) -> str:
    return one.language if one.language == "cy" else "en"


def fit(world: World, one: Person) -> dict[str, Any]:
    """Language, form and ways of working of one person."""
    rng = world.rng
    welsh = one.language in ("cy", "both")
    return {
        "in_welsh": welsh,
        "in_english": one.language != "cy" or rng.random() < 0.6,
        "online": True,
        "in_person": rng.random() < 0.5,
        "setting": rng.choice(SETTINGS),
        **{
            f"way_{name}": rng.choice([-1, 0, 0, 1])
            for name in ("pace", "challenge", "rhythm", "learning")
        },
    }


class Pool:
    """The methods and service topics people offer and ask for; a few are wanted by many."""

    def __init__(self, world: World) -> None:
        self.rng = world.rng
        topics = sorted(world.topics.values(), key=lambda topic: topic.pk)
        self.methods = [one for one in topics if one.group in ("method", "leadership", "journey")]
        self.services = [
            one
            for one in topics
            if one.group in ("service_area", "patient_safety", "cross_cutting")
        ]

    def some(self, of: list[Topic], most: int) -> list[Topic]:
        weights = [1 / (place + 2) for place in range(len(of))]
        return list(dict.fromkeys(self.rng.choices(of, weights, k=self.rng.randint(1, most))))


def offers(world: World) -> list[MentorProfile]:
    """Approved offers for all mentors and coaches; the last few wait, are drafts, or are paused."""
    mentors, coaches = world.people["mentor"], world.people["coach"]
    everyone = [*mentors, *coaches]
    unusual = {one.pk: number for number, one in enumerate(reversed(mentors)) if number < 5}
    rows = []
    for place, one in enumerate(everyone):
        coach = place >= len(mentors)
        bios = [bio for bio in world.words["mentor_bios"] if bio["language"] == written_in(one)]
        bio = world.pick(bios)
        number = unusual.get(one.pk, 9)
        state = {0: "waiting", 1: "waiting", 2: "draft"}.get(number, "approved")
        rows.append(
            MentorProfile(
                person=one,
                offers_mentoring=not coach or world.rng.random() < 0.3,
                offers_coaching=coach or world.rng.random() < 0.15,
                about_help=bio["help"],
                about_story=bio["who"],
                about_meeting=bio["work"],
                written_in=bio["language"],
                capacity=6 if coach else world.pick([2, 3, 3, 4]),
                paused=number == 3,
                state=state,
                asked_at=world.days(-6, -1) if state == "waiting" else None,
                decided_at=world.days(-150, -60) if state == "approved" else None,
                review_on=(world.at + timedelta(days=200)).date() if state == "approved" else None,
                **fit(world, one),
            )
        )
    return rows


def give_topics(world: World, pool: Pool, rows: list[Any], fields: tuple[str, str]) -> None:
    """Methods and services apart, for offers and for requests."""
    for name, of in zip(fields, (pool.methods, pool.services), strict=True):
        through = getattr(type(rows[0]), name).through
        owner = f"{type(rows[0])._meta.model_name}_id"
        keep(
            through(**{owner: row.pk, "topic_id": topic.pk})
            for row in rows
            for topic in pool.some(of, 4)
        )


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


def requests(world: World, open_: list[MentorProfile]) -> Iterator[MentoringRequest]:
    """Requests without a relationship, in every state; the worker finds people for those looking."""
    asked = cycle(open_)
    mentees = cycle(world.people["improver"][: max(40, len(world.people["improver"]) // 2)])
    for state, (many, oldest, newest) in REQUESTS.items():
        for _number in range(max(2, many * world.size // 400)):
            one = next(mentees)
            at = world.days(oldest, newest)
            pending = state in MentoringRequest.PENDING
            yield MentoringRequest(
                mentee=one,
                token=world.token(),
                words=world.said("mentee_aims", written_in(one)),
                written_in=written_in(one),
                kind=world.pick(["mentoring", "coaching", "either"]),
                state=state,
                mentor=next(asked) if state == State.ASKED else None,
                asked_at=at,
                remind_at=at + timedelta(days=7) if pending else None,
                closes_at=at + timedelta(days=14),
                ended_at=None if pending else at + timedelta(days=5),
                suggest_from=world.at if state == State.LOOKING else None,
                **fit(world, one),
            )


def relationship(world: World, profile: MentorProfile, mentee: Person, state: str) -> Relationship:
    """Dates that make sense: begun, agreed, met, silent or with a next meeting."""
    began = world.days(-200, -100) if state == "ended" else world.days(-120, -12)
    quiet = world.rng.random()
    last = began + (world.at - began) * quiet if state == "current" else began
    met = state == "ended" or (state == "current" and world.rng.random() < 0.85)
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
            minutes=60,
            token=world.token(),
            written_by=pair.mentor,
            written_at=pair.last_contact_at,
        )


def words_of(world: World, pair: Relationship) -> Iterator[Note | Goal]:
    """Shared and private notes and goals, each in the language of who writes."""
    mentor, mentee = written_in(pair.mentor), written_in(pair.mentee)
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
                written_at=pair.last_contact_at - timedelta(days=number),
            )
            note.seal(world.said(name, mentor))
            yield note
    for number in range(2):
        goal = Goal(
            relationship=pair,
            set_by=pair.mentee,
            language=mentee,
            token=world.token(),
            set_at=pair.began_at + timedelta(days=9),
            reached_at=pair.last_contact_at if number and world.rng.random() < 0.4 else None,
        )
        goal.seal(world.said("goals", mentee))
        yield goal


@hooks.sample(order=30)
def mentoring(world: World) -> str:
    pool = Pool(world)
    profiles = offers(world)
    together = pairs(world, profiles)
    for profile, _mentee, state in together:
        profile.places_taken += state != "ended"
    keep(profiles)
    give_topics(world, pool, profiles, ("methods", "services"))
    MentorProfile.objects.reindex()
    made = keep(relationship(world, *one) for one in together)
    fill_pairs(world, made)
    asked = keep(requests(world, [one for one in profiles if one.state == "approved"]))
    give_topics(world, pool, asked, ("methods", "services"))
    keep(
        Suggestion(
            request=one,
            profile=one.mentor,
            source="mentee",
            made_at=one.asked_at,
            asked_at=one.asked_at,
        )
        for one in asked
        if one.mentor is not None
    )
    Weights.objects.current(at=world.at)
    return f"{len(profiles)} mentors and coaches, {len(made)} relationships, {len(asked)} requests"


def fill_pairs(world: World, made: list[Relationship]) -> None:
    agreed = [pair for pair in made if pair.agreed_at]
    keep(
        Agreement(
            relationship=pair,
            person=one,
            version=NEWEST,
            language=written_in(one),
            accepted_at=pair.agreed_at or pair.began_at,
        )
        for pair in agreed
        for one in (pair.mentor, pair.mentee)
    )
    keep(meeting for pair in agreed for meeting in meetings(world, pair))
    said = [words for pair in agreed for words in words_of(world, pair)]
    keep(one for one in said if isinstance(one, Note))
    keep(one for one in said if isinstance(one, Goal))
