"""Two matching rounds: one that went out, one whose drafts wait to be looked over."""

from __future__ import annotations

from datetime import timedelta

from academy.sample import World, keep
from connections.actions import computing, rounds
from connections.models import MatchingRound, MentoringRequest, RoundPair, Weights

SEED = 1828


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
        title="Last round (sample)",
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
        RoundPair(round=round, request=one, profile=one.mentor, published_at=at, reasons=[])
        for one in went
    )


def drafts(world: World) -> None:
    """Drawn up and computed as a coordinator and a worker would."""
    by = world.people["coordinator"][0]
    round = rounds.draw_up("Next round (sample)", by=by, seed=SEED, at=world.at)
    rounds.start(round, by=by, at=world.at)
    claimed = computing.claim(round.pk, at=world.at)
    if claimed is not None:
        computing.compute(claimed, at=world.at)
