"""Coaches on every step, credentials in every state, supervision past and to come, and logs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.timezone import localdate

from academy.models import Person
from academy.sample import World, keep
from connections.models import (
    Credential,
    LogLine,
    Practice,
    Step,
    SupervisionGroup,
    SupervisionPlace,
    SupervisionSession,
)
from connections.sample.people import written_in

FEW = 60  # coaches with a practice of their own; among very many people the rest only have an offer
GROUPS = [
    ("A quiet hour for coaches (sample)", "en"),
    ("Awr dawel i hyfforddwyr gwella (sampl)", "cy"),
]
NAMES = {"en": "Improvement coach (sample)", "cy": "Hyfforddwr gwella (sampl)"}
AWARDED_BY = {"en": "A sample college", "cy": "Coleg sampl"}
READ = {"en": "Read about run charts (sample)", "cy": "Darllen am siartiau rhediad (sampl)"}
MET = {
    "en": "Learning set with other coaches (sample)",
    "cy": "Set ddysgu gyda hyfforddwyr gwella eraill (sampl)",
}
THOUGHT = {
    "en": "I ask more than I answer now (sample)",
    "cy": "Rwy’n gofyn mwy nag rwy’n ateb erbyn hyn (sampl)",
}
DAYS = (-140, -96, -52, -9, 12, 40, 75)  # sessions of a group, from today


def fill_coaches(world: World) -> None:
    coaches = world.people["coach"][:FEW]
    practices(world, coaches)
    keep(one for place, coach in enumerate(coaches) for one in credentials(world, coach, place))
    supervision(world, coaches)
    keep(line for place, coach in enumerate(coaches) for line in own_lines(world, coach, place))


def practices(world: World, coaches: list[Person]) -> None:
    """The second coach of the tour leads supervision; a few learners help their peers."""
    steps = [(one, Step.COACH) for one in coaches]
    leads = {1, 5 % len(coaches)}
    steps = [
        (one, Step.SUPERVISOR if place in leads else step)
        for place, (one, step) in enumerate(steps)
    ]
    steps += [(one, Step.PEER_HELPER) for one in world.people["improver"][1:4]]
    by = world.people["coordinator"][0]
    keep(
        Practice(
            person=one,
            step=step,
            given_at=world.days(-160, -100),
            given_by=by,
            shown=world.rng.random() < 0.5,
        )
        for one, step in steps
    )


def credentials(world: World, coach: Person, place: int) -> Iterator[Credential]:
    """One each but for a few: confirmed, soon to expire, expired, waiting."""
    kind = place % 6
    if kind == 5:
        return
    language, today = written_in(coach), localdate(world.at)
    lasts = {0: 40, 2: -20}.get(kind, world.rng.randint(200, 900))
    added = world.days(-90, -10)
    yield Credential(
        person=coach,
        name=NAMES[language],
        awarded_by=AWARDED_BY[language],
        awarded_on=today - timedelta(days=1095 - max(lasts, 0)),
        expires_on=None if kind == 4 else today + timedelta(days=lasts),
        language=language,
        token=world.token(),
        added_at=added,
        confirmed_at=None if kind == 3 else added + timedelta(days=2),
        confirmed_by=None if kind == 3 else world.people["coordinator"][0],
    )


def supervision(world: World, coaches: list[Person]) -> None:
    """Two groups; past sessions are recorded but for the newest, and stand in the logs."""
    leads = [coaches[1], coaches[5 % len(coaches)]]
    groups = keep(
        SupervisionGroup(
            name=name,
            name_language=language,
            language="cy" if language == "cy" else "both",
            how="online",
            places=6,
            lead=lead,
            token=world.token(),
            made_at=world.days(-200, -180),
        )
        for (name, language), lead in zip(GROUPS, leads, strict=True)
    )
    sessions = keep(
        SupervisionSession(
            group=group,
            starts_at=world.days(day, day, hour=10 + number * 4),
            minutes=90,
            places=6,
            token=world.token(),
            planned_at=group.made_at,
        )
        for number, group in enumerate(groups)
        for day in DAYS
    )
    places = keep(one for session in sessions for one in booked(world, session, coaches))
    for session in sessions:
        session.places_taken = sum(one.session_id == session.pk for one in places)
        unrecorded = session.starts_at > world.at - timedelta(days=15)
        session.recorded_at = None if unrecorded else session.ends_at
    SupervisionSession.objects.bulk_update(sessions, ["places_taken", "recorded_at"])
    keep(recorded(world, one) for one in places if one.came)


def booked(
    world: World, session: SupervisionSession, coaches: list[Person]
) -> Iterator[SupervisionPlace]:
    others = [one for one in coaches if one.pk != session.group.lead_id]
    over = session.starts_at < world.at - timedelta(days=15)
    for coach in world.rng.sample(others, min(len(others), world.rng.randint(2, 5))):
        yield SupervisionPlace(
            session=session,
            person=coach,
            token=world.token(),
            booked_at=min(session.starts_at, world.at) - timedelta(days=14),
            came=(world.rng.random() < 0.85) if over else None,
        )


def recorded(world: World, place: SupervisionPlace) -> LogLine:
    line = LogLine(
        person=place.person,
        session=place.session,
        done_on=localdate(place.session.starts_at),
        minutes=place.session.minutes,
        kind=LogLine.Kind.SUPERVISION,
        language=written_in(place.person),
        token=world.token(),
        written_at=place.session.ends_at,
    )
    line.seal_words("", "")
    return line


def own_lines(world: World, coach: Person, place: int) -> Iterator[LogLine]:
    """What coaches wrote themselves; the tour's own coach has written the most."""
    language = written_in(coach)
    for number in range(4 if place == 0 else world.rng.randint(0, 2)):
        alone = number % 2 == 0
        day = world.days(-200, -3)
        line = LogLine(
            person=coach,
            done_on=localdate(day),
            minutes=world.pick([30, 45, 60, 120]),
            kind=LogLine.Kind.ALONE if alone else LogLine.Kind.WITH_OTHERS,
            language=language,
            token=world.token(),
            written_at=day,
        )
        line.seal_words((READ if alone else MET)[language], "" if alone else THOUGHT[language])
        yield line
