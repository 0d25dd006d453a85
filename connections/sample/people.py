"""Who offers what: languages, ways of working, topics, and the offers of mentors and coaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from academy.models import Person, Topic
from academy.sample import World, keep
from connections.models import MentorProfile, Setting

SETTINGS = list(Setting)


def written_in(one: Person) -> str:
    return one.language if one.language == "cy" else "en"


def fit(world: World, one: Person) -> dict[str, Any]:
    """Language, form and ways of working of one person."""
    rng = world.rng
    welsh = one.language in ("cy", "both")
    return {
        "in_welsh": welsh,
        "in_english": one.language != "cy" or rng.random() < 0.4,
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
