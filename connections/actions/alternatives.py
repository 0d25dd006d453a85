"""What if: a round in drafts beside what it would be with another version of the weights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from academy.doorbell import ring
from academy.models import AuditEvent
from connections.actions.computing import STEPS
from connections.models import MatchingRound, Weights

State = MatchingRound.State
TAKEN_OVER = (
    "weights",
    "requests_seen",
    "mentors_seen",
    "left_out",
    "proven",
    "pool_mark",
    "computed_at",
)


@transaction.atomic
def compare(round: MatchingRound, weights: Weights, *, by: Any, at: datetime) -> MatchingRound:
    """Have a worker assign the same people with these weights; one comparison at a time."""
    held = _drafts(round)
    if weights.pk == held.weights_id:
        raise MatchingRound.SameWeights
    under_way = held.alternatives.filter(weights=weights, state=State.COMPUTING).first()
    if under_way is not None:
        return under_way
    held.alternatives.all().delete()
    made = MatchingRound.objects.create(
        title=held.title,
        alternative_to=held,
        weights=weights,
        seed=held.seed,
        state=State.COMPUTING,
        steps=STEPS,
        made_by=by,
        made_at=at,
    )
    AuditEvent.objects.record("connections.alternative_started", actor=by, thing=held, at=at)
    ring("connections.tasks.solve_round", round=made.pk)
    return made


@transaction.atomic
def use(round: MatchingRound, alternative: int, *, by: Any, at: datetime) -> None:
    """The alternative takes the place of the drafts; locked pairs stay as they are."""
    held = _drafts(round)
    other = held.alternatives.held().filter(pk=alternative, state=State.DRAFTS).first()
    if other is None:
        raise MatchingRound.NothingToUse
    held.pairs.unlocked().delete()
    held.left_outs.all().delete()
    other.pairs.exclude(request__in=held.pairs.values("request")).update(round=held)
    other.left_outs.all().update(round=held)
    for name in TAKEN_OVER:
        setattr(held, name, getattr(other, name))
    held.save(update_fields=TAKEN_OVER)
    other.delete()
    AuditEvent.objects.record("connections.alternative_used", actor=by, thing=held, at=at)
    round.refresh_from_db()


@transaction.atomic
def put_back(round: MatchingRound, alternative: int, *, by: Any, at: datetime) -> None:
    """The drafts stay as they are. Asked twice, it is done once."""
    held = _drafts(round)
    if held.alternatives.filter(pk=alternative).delete()[0]:
        AuditEvent.objects.record("connections.alternative_put_back", actor=by, thing=held, at=at)


def _drafts(round: MatchingRound) -> MatchingRound:
    """The round, held until the transaction ends, while its drafts may still be changed."""
    held = MatchingRound.objects.held().get(pk=round.pk)
    if not held.in_drafts or held.alternative_to_id:
        raise MatchingRound.NotNow
    return held
