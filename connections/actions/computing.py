"""A worker computes a round, or what it would be with other weights: claim, assign, keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now

from connections import matching, pool
from connections.models import (
    LeftOut,
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    RoundPair,
)

State = MatchingRound.State
LEASE = timedelta(minutes=10)
MOST_TRIES = 3
STAGES = ("loading", "candidates", "assigning", "proving", "explaining", "widening", "writing")
STEPS = 100 * len(STAGES)
AT_ONCE = 1000


def claim(pk: int, *, at: datetime) -> MatchingRound | None:
    """Lease one round; None when another worker has it, or it was given up on."""
    won = (
        MatchingRound.objects.due(at)
        .filter(pk=pk)
        .update(leased_until=at + LEASE, tries=F("tries") + 1)
    )
    if not won:
        return None
    round = MatchingRound.objects.select_related("weights", "alternative_to").get(pk=pk)
    if round.tries > MOST_TRIES:
        give_up(round, "worker")
        return None
    return round


def compute(round: MatchingRound, *, at: datetime) -> None:
    """Assign the whole pool of a claimed round and keep the drafts, all or none."""
    tell, first = progress_of(round), round.alternative_to or round
    locked = list(
        first.pairs.locked()
        .filter(request__state=MentoringRequest.State.LOOKING)
        .order_by("pk")
        .values_list("request__mentee_id", "profile__person_id")
    )
    profiles = MentorProfile.objects.unpaused()
    loaded = pool.load(_asked(round), profiles, progress=tell)
    try:
        assignment = pool.assign(
            loaded, round.weights, locked=locked, seed=round.seed, progress=tell
        )
    except matching.LockRefused:
        give_up(round, "lock")
        return
    except Exception:
        give_up(round, "worker")  # trying again would come to the same
        raise
    tell("writing", 0)
    keep(round, assignment, at=at)


def _asked(round: MatchingRound) -> Any:
    """Who is being looked for: all who wait or, for an alternative, those of its round."""
    if round.alternative_to is None:
        return _one_request_each(round)
    first = round.alternative_to
    paired, left_out = first.pairs.values("request"), first.left_outs.values("request")
    waiting = MentoringRequest.objects.filter(
        state=MentoringRequest.State.LOOKING, mentee__is_active=True
    )
    return waiting.filter(Q(pk__in=paired) | Q(pk__in=left_out))


def _one_request_each(round: MatchingRound) -> Any:
    """Who is being looked for: of several requests of one person a locked one, else the oldest."""
    locked = RoundPair.objects.filter(round=round, request=OuterRef("pk"), locked=True)
    first = (
        MentoringRequest.objects.filter(
            state=MentoringRequest.State.LOOKING, mentee__is_active=True
        )
        .annotate(is_locked=Exists(locked))
        .order_by("mentee_id", "-is_locked", "asked_at", "pk")
        .distinct("mentee_id")
    )
    return MentoringRequest.objects.filter(pk__in=first.values("pk"))


def still_mine(round: MatchingRound) -> Any:
    """This round while this worker's lease stands: one that slept past it changes nothing."""
    return MatchingRound.objects.filter(pk=round.pk, state=State.COMPUTING, tries=round.tries)


def progress_of(round: MatchingRound) -> Callable[[str, float], None]:
    """Keeps the steps done, a hundred for each stage, and the lease alive; once a second at most."""
    told, most = now() - LEASE, 0

    def tell(stage: str, share: float) -> None:
        nonlocal told, most
        at, done = now(), 100 * STAGES.index(stage) + int(99 * share)
        if done // 100 == most // 100 and at - told < timedelta(seconds=1):
            return
        told, most = at, max(most, done)
        still_mine(round).update(steps_done=most, leased_until=at + LEASE)

    return tell


@transaction.atomic
def keep(round: MatchingRound, assignment: pool.Assignment, *, at: datetime) -> bool:
    """All drafts in one transaction: a crash half-way leaves what was there before."""
    won = still_mine(round).update(
        state=State.DRAFTS,
        leased_until=None,
        steps_done=F("steps"),
        requests_seen=assignment.requests,
        mentors_seen=assignment.mentors,
        left_out=len(assignment.missed),
        proven=assignment.proven,
        pool_mark=assignment.mark,
        computed_at=at,
        trouble="",
    )
    if not won:
        return False
    kept = set(round.pairs.locked().values_list("request_id", flat=True))
    round.pairs.unlocked().delete()
    round.left_outs.all().delete()
    RoundPair.objects.bulk_create(
        (
            RoundPair(
                round=round,
                request_id=draft.request,
                profile_id=draft.profile,
                reasons=draft.reasons,
            )
            for draft in assignment.drafts
            if draft.request not in kept
        ),
        batch_size=AT_ONCE,
    )
    LeftOut.objects.bulk_create(
        (
            LeftOut(round=round, request_id=missed.request, widen=missed.widen)
            for missed in assignment.missed
        ),
        batch_size=AT_ONCE,
    )
    return True


def give_up(round: MatchingRound, why: str) -> None:
    """Back to where a person can act, with a word on what went wrong."""
    state = State.DRAFTS if round.computed_at else State.DRAFTED
    still_mine(round).update(state=state, leased_until=None, trouble=why)
