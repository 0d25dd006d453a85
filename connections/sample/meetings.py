"""Times proposed, weeks ticked and tasks taken on, for pairs under way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from academy.sample import World, keep
from connections.models import Availability, Proposal, ProposedTime, Relationship, Task
from connections.models.availability import CELLS
from connections.sample import tour
from connections.sample.people import written_in

SLOT = timedelta(minutes=90)


def apart(pairs: Iterable[Relationship]) -> Iterator[Relationship]:
    """Nobody is promised to two meetings at one time."""
    taken: set[tuple[Any, Any]] = set()
    for pair in pairs:
        people = (pair.mentor_id, pair.mentee_id)
        while pair.next_meeting_at and taken & {(one, pair.next_meeting_at) for one in people}:
            pair.next_meeting_at += SLOT
        taken |= {(one, pair.next_meeting_at) for one in people}
        yield pair


def fill(world: World, made: list[Relationship]) -> None:
    going = [pair for pair in made if pair.state == Relationship.State.CURRENT]
    keep(weeks(world, going))
    proposals = keep(proposed(world, going))
    keep(
        ProposedTime(proposal=one, starts_at=start)
        for one in proposals
        for start in sorted({world.days(3, 14, hour=hour) for hour in (9, 13, 17)})
    )
    keep(task for pair in going for task in tasks(world, pair))


def weeks(world: World, pairs: list[Relationship]) -> Iterator[Availability]:
    """About two people in three have said when they can meet."""
    people = {one.pk: one for pair in pairs for one in (pair.mentor, pair.mentee)}
    for one in people.values():
        if world.rng.random() < 0.66 or tour.known(one):
            cells = sorted(world.rng.sample(range(CELLS), world.rng.randint(8, 14)))
            yield Availability(person=one, cells=cells, changed_at=world.days(-60, -1))


def proposed(world: World, pairs: list[Relationship]) -> Iterator[Proposal]:
    """Every third pair with nothing planned has times to choose from, and so has the tour's."""
    idle = [one for one in pairs if one.next_meeting_at is None]
    for pair in [one for n, one in enumerate(idle) if n % 3 == 0 or tour.firsts(one)]:
        yield Proposal(
            relationship=pair,
            proposed_by=pair.mentor
            if tour.firsts(pair)
            else world.pick([pair.mentor, pair.mentee]),
            proposed_at=world.at - timedelta(days=1),
            minutes=60,
            how="online",
            token=world.token(),
        )


def tasks(world: World, pair: Relationship) -> Iterator[Task]:
    language = written_in(pair.mentee)
    for number in range(2):
        task = Task(
            relationship=pair,
            doer=pair.mentor if number and world.rng.random() < 0.4 else pair.mentee,
            set_by=pair.mentee,
            language=language,
            token=world.token(),
            set_at=pair.last_contact_at,
            due_on=world.days(-3, 20).date(),
            done_at=world.at if number and world.rng.random() < 0.5 else None,
        )
        task.seal(world.said("tasks", language))
        yield task
