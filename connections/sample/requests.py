"""Requests for mentoring, in every state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle

from academy.sample import World
from connections.models import MentoringRequest, MentorProfile
from connections.sample import tour
from connections.sample.people import fit, written_in

State = MentoringRequest.State
# How many of 400 people's requests stand in each state, and how long ago they were asked.
REQUESTS = {
    State.LOOKING: (72, -3, 0),
    State.ASKED: (14, -11, -1),
    State.DECLINED: (6, -30, -10),
    State.EXPIRED: (5, -50, -20),
    State.WITHDRAWN: (4, -40, -10),
}


def requests(world: World, open_: list[MentorProfile]) -> Iterator[MentoringRequest]:
    """Requests without a relationship, in every state; the worker finds people for those looking."""
    asked = cycle([*(one for one in open_ if tour.guides(one.person)), *open_])
    mentees = cycle(world.people["improver"][: max(40, len(world.people["improver"]) // 2)])
    for state, (many, oldest, newest) in REQUESTS.items():
        for _number in range(max(2, many * world.size // 400)):
            one = next(mentees)
            at = world.days(oldest, newest)
            pending = state in MentoringRequest.PENDING
            mentor = next(asked) if state == State.ASKED else None
            yield MentoringRequest(
                mentee=one,
                token=world.token(),
                words=world.said("mentee_aims", written_in(one)),
                written_in=written_in(one),
                kind=_kind(world, mentor),
                state=state,
                mentor=mentor,
                asked_at=at,
                remind_at=at + timedelta(days=7) if pending else None,
                closes_at=at + timedelta(days=14),
                ended_at=None if pending else at + timedelta(days=5),
                suggest_from=at if state == State.LOOKING else None,
                **fit(world, one),
            )


def _kind(world: World, mentor: MentorProfile | None) -> str:
    """What is looked for; of a mentor who was asked, only what they offer."""
    kinds = ["mentoring", "coaching", "either"]
    return world.pick([kind for kind in kinds if mentor is None or mentor.offers(kind)])
