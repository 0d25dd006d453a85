"""What the people of the guided tour show: pairs in every weather, and help that nobody offers yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

from django.utils.timezone import localdate

from academy.models import Person
from academy.sample import World
from connections.models import MentoringRequest, MentorProfile, Relationship
from connections.sample.people import Pool

GUIDES = ("mentor1@", "coach1@")  # whose desks are shown
FIRST = "improver1@"  # whose own pages are shown
SPARE = 1  # places a guide has left, besides that of the pair that ended
SELDOM = 3  # requests for help that nobody offers
# Days from today: when it began, the last contact, and the next meeting where there is one.
STORIES: dict[str, tuple[int, int, int | None]] = {
    "calm": (-34, -6, 5),
    "watch": (-75, -23, None),
    "help": (-80, -41, None),
    "longer": (-165, -4, 9),
    "moving": (-70, -8, None),
    "paused": (-90, -14, None),
    "waiting": (-3, -3, None),
    "ended": (-150, -20, None),
}
State = Relationship.State


def guides(person: Person) -> bool:
    return person.email.startswith(GUIDES)


def known(person: Person) -> bool:
    """Whoever tries the product may be this one."""
    return person.email.startswith((*GUIDES, FIRST, "coordinator1@"))


def shown(pair: Relationship) -> bool:
    return guides(pair.mentor)


def firsts(pair: Relationship) -> bool:
    """The pairs of the improver of the tour."""
    return pair.mentee.email.startswith(FIRST)


def pairs(world: World, profiles: list[MentorProfile]) -> Iterator[Relationship]:
    """One pair of each kind for each guide; the first of each is with the same improver."""
    first, *others = world.people["improver"]
    rest = iter(others)
    for profile in profiles:
        if guides(profile.person):
            mentees = [first, *islice(rest, len(STORIES) - 1)]
            made = [
                told(world, profile, mentee, story)
                for mentee, story in zip(mentees, STORIES, strict=False)
            ]
            profile.capacity = len(made) + SPARE
            yield from made


def told(world: World, profile: MentorProfile, mentee: Person, story: str) -> Relationship:
    began, last, ahead = STORIES[story]
    coaching = profile.person.email.startswith("coach1@")
    if coaching and mentee.email.startswith(FIRST):
        ahead = None  # times are proposed for it
    start = world.days(began, began)
    pair = Relationship(
        mentor=profile.person,
        mentee=mentee,
        kind="coaching" if coaching else "mentoring",
        state=story if story in State.values else State.CURRENT,
        began_at=start,
        ends_on=(start + timedelta(days=182)).date(),
        last_contact_at=world.at + timedelta(days=last),
        next_meeting_at=world.days(ahead, ahead, hour=14) if ahead else None,
    )
    for name, value in more(world, pair, story).items():
        setattr(pair, name, value)
    return pair


def more(world: World, pair: Relationship, story: str) -> dict[str, Any]:
    """What only pairs that are agreed have, and what this one has alone."""
    if story == "waiting":
        return {}
    facts: dict[str, Any] = {
        "agreed_at": pair.began_at + timedelta(days=2),
        "first_met_at": pair.began_at + timedelta(days=8),
    }
    if story == "longer":
        facts |= {"later_on": pair.ends_on + timedelta(days=120), "later_by": pair.mentee}
    if story == "paused":
        facts |= {
            "paused_at": world.at - timedelta(days=12),
            "paused_until": localdate(world.at) + timedelta(days=18),
        }
    if story == "ended":
        facts |= {"ended_at": world.at - timedelta(days=18), "why": Relationship.Why.CHOSEN}
    return facts


def moving(made: list[Relationship]) -> Iterator[Relationship]:
    """The pair of each guide that waits for a new mentor's answer."""
    for _guide, theirs in groupby(filter(shown, made), key=lambda pair: pair.mentor_id):
        yield from (one for story, one in zip(STORIES, theirs, strict=False) if story == "moving")


def seldom(world: World, pool: Pool, asked: list[MentoringRequest]) -> None:
    """A few ask for what nobody offers: a round leaves them out, and says how to widen."""
    offered = {
        topic
        for through in (MentorProfile.methods.through, MentorProfile.services.through)
        for topic in through.objects.values_list("topic_id", flat=True)
    }
    rare = [topic for topic in pool.methods if topic.pk not in offered]
    looking = [one for one in asked if one.state == MentoringRequest.State.LOOKING]
    for one in looking[-SELDOM:] if rare and len(looking) > 2 * SELDOM else ():
        one.methods.set([world.pick(rare)])
        one.services.clear()
