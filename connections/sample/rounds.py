"""Two matching rounds: one that went out, one whose drafts wait beside an alternative."""

from __future__ import annotations

from datetime import timedelta

from academy.sample import World, keep
from connections import pool
from connections.actions import alternatives, computing, rounds
from connections.models import MatchingRound, MentoringRequest, RoundPair, Weights

SEED = 1828
TRIED = {
    "why": "Settings and needs count for more (sample) / lleoliadau ac anghenion yn cyfrif mwy (sampl)",
    "way": 20,
    "setting": 400,
    "minimum": 180,
}


def fill(world: World, asked: list[MentoringRequest]) -> None:
    """Only where a round is computed within a second or two."""
    published(world, asked)
    drafts(world)


def published(world: World, asked: list[MentoringRequest]) -> None:
    """The requests that wait for an answer longest went out with a round of their day."""
    went = sorted(
        (one for one in asked if one.mentor is not None), key=lambda one: (one.asked_at, one.pk)
    )[:5]
    if not went:
        return
    by, at = world.people["coordinator"][0], max(one.asked_at for one in went)
    round = MatchingRound.objects.create(
        title="Last round, rownd ddiwethaf (sample, sampl)",
        state=MatchingRound.State.PUBLISHED,
        weights=Weights.objects.current(at=at),
        seed=SEED,
        made_by=by,
        made_at=at - timedelta(hours=2),
        computed_at=at - timedelta(hours=1),
        published_at=at,
        published_by=by,
        requests_seen=len(went),
        mentors_seen=len({one.mentor_id for one in went}),
        proven=True,
    )
    keep(
        RoundPair(
            round=round,
            request=one,
            profile=profile,
            published_at=at,
            reasons=pool.reasons(one, profile),
        )
        for one in went
        if (profile := one.mentor)
    )


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
