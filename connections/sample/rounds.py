"""Two matching rounds: one that went out, one whose drafts wait beside an alternative."""

from __future__ import annotations

from datetime import timedelta

from academy.sample import World, keep
from connections import pool
from connections.actions import alternatives, computing, rounds
from connections.models import (
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    RoundPair,
    Weights,
)

SEED = 1828
WENT = 5  # requests that went out with the last round
TRIED = {
    "why": "Settings and needs count for more (sample) / lleoliadau ac anghenion yn cyfrif mwy (sampl)",
    "way": 20,
    "setting": 400,
    "minimum": 180,
}


def fill(world: World, asked: list[MentoringRequest]) -> set[int]:
    """Which requests went out with the last round; everybody asked is somebody possible."""
    matched = published(world, asked)
    put_right(world, asked)
    return matched


def published(world: World, asked: list[MentoringRequest]) -> set[int]:
    """The requests that wait for an answer longest went out with a round of their day.

    Assigned as a worker would, so that its pairs are lawful and none better exist.
    """
    waiting = (one for one in asked if one.state == MentoringRequest.State.ASKED)
    went = sorted(waiting, key=lambda one: (one.asked_at, one.pk))[:WENT]
    at = max(one.asked_at for one in went)
    found = assigned(went, Weights.objects.current(at=at))
    round = MatchingRound.objects.create(
        title="Last round, rownd ddiwethaf (sample, sampl)",
        state=MatchingRound.State.PUBLISHED,
        weights=Weights.objects.current(at=at),
        seed=SEED,
        made_by=world.people["coordinator"][0],
        made_at=at - timedelta(hours=2),
        computed_at=at - timedelta(hours=1),
        published_at=at,
        published_by=world.people["coordinator"][0],
        requests_seen=found.requests,
        mentors_seen=found.mentors,
        proven=found.proven,
    )
    put_before(went, found)
    keep(
        RoundPair(
            round=round,
            request_id=draft.request,
            profile_id=draft.profile,
            published_at=at,
            reasons=draft.reasons,
        )
        for draft in found.drafts
    )
    return {draft.request for draft in found.drafts}


def assigned(asked: list[MentoringRequest], weights: Weights) -> pool.Assignment:
    """These requests and every mentor who is not paused, the best for all."""
    requests = MentoringRequest.objects.filter(pk__in=[one.pk for one in asked])
    loaded = pool.load(requests, MentorProfile.objects.unpaused())
    return pool.assign(loaded, weights, locked=[], seed=SEED, progress=lambda stage, share: None)


def put_before(asked: list[MentoringRequest], found: pool.Assignment) -> None:
    mentors = {draft.request: draft.profile for draft in found.drafts}
    for one in asked:
        one.mentor_id = mentors.get(one.pk, one.mentor_id)
    MentoringRequest.objects.bulk_update(asked, ["mentor"])


def put_right(world: World, asked: list[MentoringRequest]) -> None:
    """Whoever asked somebody the rules keep from them has asked somebody else."""
    wrong = [one for one in asked if one.mentor and not pool.may_pair(one, one.mentor)]
    put_before(wrong, assigned(wrong, Weights.objects.current(at=world.at)))


def drafts(world: World) -> None:
    """Drawn up and computed as a coordinator and a worker would."""
    by = world.people["coordinator"][0]
    round = rounds.draw_up("Next round, rownd nesaf (sample, sampl)", by=by, seed=SEED, at=world.at)
    rounds.start(round, by=by, at=world.at)
    work(world, round.pk)
    compared(world, round)


def compared(world: World, round: MatchingRound) -> None:
    """What other weights would do to the same people, to be looked at beside the drafts."""
    by = world.people["coordinator"][0]
    tried = Weights.objects.add_version(by=by, at=world.at, use=False, **TRIED)
    round.refresh_from_db()
    work(world, alternatives.compare(round, tried, by=by, at=world.at).pk)


def work(world: World, pk: int) -> None:
    claimed = computing.claim(pk, at=world.at)
    if claimed is not None:
        computing.compute(claimed, at=world.at)
