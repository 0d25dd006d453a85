"""A sample academy: the same people every time, with dates around today, marked as sample.

Rows are written in bulk, so that 100,000 people take minutes. Everything a pillar needs to fill
itself stands in the World that is handed round.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import F

from academy import hooks, roles
from academy.models import Membership, Organisation, Person, SupportRequest, Topic

WORDS = Path(__file__).parent / "data" / "sample_words.json"
SEED = 1828
BATCH = 5000
EACH_STAFF_ROLE = 3
# The address each role signs in with, and the group it holds; mentors and coaches hold none.
STAFF = {
    "sponsor": roles.SPONSOR,
    "coordinator": roles.COORDINATOR,
    "curator": roles.CURATOR,
    "lead": roles.ORGANISATION_LEAD,
    "administrator": roles.ADMINISTRATOR,
    "safeguarding": roles.SAFEGUARDING_LEAD,
}
# Whoever tries the product reads these first, in English.
TOUR = {"improver1", "mentor1", "coach1", "supervisor1", "manager1"}
TOUR |= {"coordinator1", "curator1", "safeguarding1"}
TEAM = 3  # the first improvers, whose line manager is manager1
COMMON = 4  # job roles most people have: the first in the list
RARE_WORKPLACES = {
    "government": 0.05,
    "partner": 0.02,
    "other": 0.02,
}  # among all that are no board
Row = TypeVar("Row", bound=models.Model)
Thing = TypeVar("Thing")


def load_words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(WORDS.read_text(encoding="utf-8"))
    return words


def last_nine(at: datetime) -> datetime:
    """The latest nine o'clock that has been: nothing sample happened after this very moment."""
    nine = at.replace(hour=9, minute=0, second=0, microsecond=0)
    return nine if nine <= at else nine - timedelta(days=1)


def between_the_years(day: datetime) -> bool:
    """Nobody meets then."""
    return (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 4)


@dataclass
class World:
    """What the pillars share while they fill themselves."""

    size: int
    at: datetime
    password: str
    totp_secret: str
    rng: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 -- a sample, no secret
    words: dict[str, Any] = field(default_factory=load_words)
    people: dict[str, list[Person]] = field(default_factory=dict)
    organisations: list[Organisation] = field(default_factory=list)
    topics: dict[str, Topic] = field(default_factory=dict)
    decks: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def mentors_wanted(self) -> int:
        """About 60 mentors and coaches among 400 people, one in ten among very many."""
        return max(8, self.size * 3 // 20) if self.size <= 1000 else self.size // 10

    def pick(self, things: Sequence[Thing]) -> Thing:
        return self.rng.choice(things)

    def draw(self, name: str, language: str = "") -> Any:
        """The next words of this kind: each is used once before any comes again."""
        deck = self.decks.setdefault((name, language), [])
        if not deck:
            deck += [one for one in self.words[name] if language in ("", one["language"])]
            self.rng.shuffle(deck)
        return deck.pop()

    def said(self, name: str, language: str) -> str:
        """Sample user text of this kind in this language."""
        return str(self.draw(name, language)["text"])

    def token(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def days(self, least: int, most: int, *, hour: int = 9) -> datetime:
        """A moment between so many days from today (negative: ago), on the hour of a working day."""
        day = self.at + timedelta(days=self.rng.randint(least, most))
        if least >= 0 and between_the_years(day):
            day += timedelta(days=21)
        if day.weekday() > 4:
            day += (
                timedelta(days=7 - day.weekday())
                if least >= 0
                else timedelta(days=4 - day.weekday())
            )
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)

    def everyone(self) -> Iterator[Person]:
        for group in self.people.values():
            yield from group


def keep(rows: Iterable[Row]) -> list[Row]:
    """Write rows of one kind in batches; they come back with their keys."""
    listed = list(rows)
    if not listed:
        return []
    manager: models.Manager[Row] = type(listed[0])._default_manager
    return manager.bulk_create(listed, batch_size=BATCH)


def addresses(size: int, mentors: int) -> Iterator[tuple[str, str]]:
    """Role and address of everyone: mentor1@, coach1@ … and improvers for the rest.

    The second coach supervises the others, and the last improver is somebody's line manager.
    """
    staff = EACH_STAFF_ROLE * len(STAFF)
    for role in STAFF:
        for number in range(1, EACH_STAFF_ROLE + 1):
            yield role, f"{role}{number}@example.org"
    for number in range(1, mentors * 2 // 3 + 1):
        yield "mentor", f"mentor{number}@example.org"
    yield "coach", "coach1@example.org"
    yield "coach", "supervisor1@example.org"
    for number in range(2, mentors - mentors * 2 // 3):
        yield "coach", f"coach{number}@example.org"
    for number in range(1, max(3, size - staff - mentors)):
        yield "improver", f"improver{number}@example.org"
    yield "improver", "manager1@example.org"


def person(world: World, role: str, email: str, secret: str) -> Person:
    first, last = world.pick(world.words["first_names"]), world.pick(world.words["surnames"])
    welsh = first["language"] == "cy"
    jobs = world.words["job_roles"]
    job = world.pick(jobs[:COMMON] if world.rng.random() < 0.6 else jobs)
    language = world.pick(["cy", "cy", "both", "en"] if welsh else ["en", "en", "both", "en", "cy"])
    if email.partition("@")[0] in TOUR:
        language = "en"
    approved = world.at - timedelta(days=world.rng.randint(210, 700))
    return Person(
        email=email,
        name=f"{first['text']} {last['text']}",
        job_role=job["cy" if language == "cy" else "en"],
        language=language,
        language_chosen_at=approved - timedelta(days=1) if language != "both" else None,
        password=secret,
        approved_at=approved,
        sample=True,
    )


@transaction.atomic
def fill_people(world: World) -> None:
    secret = make_password(world.password)
    listed = list(addresses(world.size, world.mentors_wanted()))
    everyone = keep(person(world, role, email, secret) for role, email in listed)
    Person.objects.filter(sample=True).update(joined_at=F("approved_at") - timedelta(days=1))
    for (role, _email), one in zip(listed, everyone, strict=True):
        world.people.setdefault(role, []).append(one)
    keep(EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in everyone)
    for role, name in STAFF.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.user_set.add(*world.people[role])
    factors = get_adapter()
    keep(
        Authenticator(
            user=one,
            type=Authenticator.Type.TOTP,
            data={"secret": factors.encrypt(world.totp_secret)},
        )
        for role in STAFF
        if STAFF[role] in roles.STAFF_ROLES and world.totp_secret
        for one in world.people[role]
    )
    fill_memberships(world)


def fill_memberships(world: World) -> None:
    """Mostly health boards, then councils and others; some name their line manager."""
    boards = [one for one in world.organisations if one.kind == "health_board"]
    others = [one for one in world.organisations if one.kind != "health_board"]
    weights = [RARE_WORKPLACES.get(one.kind, 1.0) for one in others]
    heads: dict[int, Person] = {}
    *improvers, head = world.people["improver"]
    led = improvers[:TEAM]
    rows = []
    for one in world.everyone():
        board = world.rng.random() < 0.75
        place = world.pick(boards) if board else world.rng.choices(others, weights)[0]
        team = world.pick(world.words["teams"])["cy" if one.language == "cy" else "en"]
        manager = heads.get(place.pk) if world.rng.random() < 0.4 else None
        manager = head if one in led else manager
        heads.setdefault(place.pk, one)
        rows.append(
            Membership(
                person=one,
                organisation=place,
                team=team if world.rng.random() < 0.9 else "",
                line_manager=manager,
                started_on=(world.at - timedelta(days=world.rng.randint(60, 2000))).date(),
            )
        )
    keep(rows)


def fill_questions(world: World) -> None:
    """Support requests: open, late and answered."""
    rows = []
    for number in range(max(6, min(60, world.size // 20))):
        asked = world.days(-20, -1)
        words = world.draw("support_questions")
        answered = number % 3 == 0
        rows.append(
            SupportRequest(
                asker=world.pick(world.people["improver"]),
                topic=world.topics.get(words["topic"]),
                words=words["text"],
                language=words["language"],
                owner=world.pick(world.people["coordinator"]) if number % 3 != 1 else None,
                asked_at=asked,
                reply_by=asked + timedelta(days=7),
                reply=world.said("support_replies", words["language"]) if answered else "",
                reply_language=words["language"] if answered else "",
                answered_at=asked + timedelta(days=2) if answered else None,
                token=world.token(),
            )
        )
    keep(rows)


@hooks.sample(order=10)
def people(world: World) -> str:
    world.organisations = list(Organisation.objects.choices().order_by("code"))
    world.topics = {topic.slug: topic for topic in Topic.objects.order_by("pk")}
    fill_people(world)
    fill_questions(world)
    return f"{sum(1 for _one in world.everyone())} people"
