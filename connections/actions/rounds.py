"""A matching round: begun, computed by a worker, looked over, then published or abandoned."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.timezone import now

from academy.doorbell import ring
from academy.models import AuditEvent
from connections import matching, pool
from connections.models import (
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    RoundPair,
    Weights,
)

State = MatchingRound.State
LEASE = timedelta(minutes=10)
MOST_TRIES = 3
STAGES = ("candidates", "assigning", "proving", "checking")
STEPS = 100 * len(STAGES)


def draw_up(
    title: str, *, by: Any, weights: Weights | None = None, seed: int | None = None, at: datetime
) -> MatchingRound:
    """A round with its own seed and weights: computed twice, it comes out the same."""
    return MatchingRound.objects.create(
        title=title,
        weights=weights or Weights.objects.current(at=at),
        seed=secrets.randbelow(2**31) if seed is None else seed,
        made_by=by,
        made_at=at,
    )


@transaction.atomic
def start(round: MatchingRound, *, by: Any, at: datetime) -> None:
    """Have a worker assign the whole pool; drafts of before are replaced, locked ones stay."""
    _move(
        round,
        (State.DRAFTED, State.DRAFTS),
        state=State.COMPUTING,
        leased_until=None,
        tries=0,
        steps_done=0,
        steps=STEPS,
        trouble="",
    )
    AuditEvent.objects.record("connections.round_started", actor=by, thing=round, at=at)
    ring("connections.tasks.solve_round", round=round.pk)


def claim(pk: int, *, at: datetime) -> MatchingRound | None:
    """Lease one round; None when another worker has it, or it was given up on."""
    won = (
        MatchingRound.objects.due(at)
        .filter(pk=pk)
        .update(leased_until=at + LEASE, tries=F("tries") + 1)
    )
    if not won:
        return None
    round = MatchingRound.objects.select_related("weights").get(pk=pk)
    if round.tries > MOST_TRIES:
        give_up(round, "worker")
        return None
    return round


def compute(round: MatchingRound, *, at: datetime) -> None:
    """Assign the whole pool of a claimed round and keep the drafts, all or none."""
    locked = list(
        round.pairs.filter(locked=True, request__state=MentoringRequest.State.LOOKING)
        .order_by("pk")
        .values_list("request__mentee_id", "profile__person_id")
    )
    loaded = pool.load(_one_request_each(round), MentorProfile.objects.unpaused(), at=at)
    try:
        assignment = pool.assign(
            loaded, round.weights, locked=locked, seed=round.seed, progress=_progress(round)
        )
    except matching.LockRefused:
        give_up(round, "lock")
        return
    keep(round, assignment, at=at)


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


def _mine(round: MatchingRound) -> Any:
    """This round while this worker's lease stands: one that slept past it changes nothing."""
    return MatchingRound.objects.filter(pk=round.pk, state=State.COMPUTING, tries=round.tries)


def _progress(round: MatchingRound) -> Callable[[str, float], None]:
    """Keeps the steps done, a hundred for each stage, and the lease alive; once a second at most."""
    told = now() - LEASE

    def tell(stage: str, share: float) -> None:
        nonlocal told
        at = now()
        if at - told < timedelta(seconds=1):
            return
        told = at
        done = 100 * STAGES.index(stage) + int(100 * share) if stage in STAGES else 0
        _mine(round).update(steps_done=done, leased_until=at + LEASE)

    return tell


@transaction.atomic
def keep(round: MatchingRound, assignment: pool.Assignment, *, at: datetime) -> bool:
    """All drafts in one transaction: a crash half-way leaves what was there before."""
    won = _mine(round).update(
        state=State.DRAFTS,
        leased_until=None,
        steps_done=F("steps"),
        requests_seen=assignment.requests,
        mentors_seen=assignment.mentors,
        left_out=assignment.left_out,
        proven=assignment.proven,
        computed_at=at,
        trouble="",
    )
    if not won:
        return False
    kept = set(round.pairs.filter(locked=True).values_list("request_id", flat=True))
    round.pairs.filter(locked=False).delete()
    RoundPair.objects.bulk_create(
        [
            RoundPair(
                round=round,
                request_id=draft.request,
                profile_id=draft.profile,
                reasons=draft.reasons,
            )
            for draft in assignment.drafts
            if draft.request not in kept
        ],
        batch_size=1000,
    )
    return True


def give_up(round: MatchingRound, why: str) -> None:
    """Back to where a person can act, with a word on what went wrong."""
    state = State.DRAFTS if round.computed_at else State.DRAFTED
    _mine(round).update(state=state, leased_until=None, trouble=why)


@transaction.atomic
def lock(pair: RoundPair, locked: bool, *, by: Any, at: datetime) -> None:
    """A locked pair stays when the rest is computed again."""
    _in_drafts(pair)
    RoundPair.objects.filter(pk=pair.pk).update(locked=locked)
    AuditEvent.objects.record("connections.pair_locked", actor=by, thing=pair, at=at)


@transaction.atomic
def override(
    pair: RoundPair, profile: MentorProfile | None, *, reason: str, by: Any, at: datetime
) -> None:
    """Another mentor for this request, or none, with the reason written down; it is locked then."""
    if not reason.strip():
        raise RoundPair.NoReason
    _in_drafts(pair)
    if profile is None:
        AuditEvent.objects.record(
            "connections.pair_removed", actor=by, thing=pair, reason=reason, at=at
        )
        pair.delete()
        return
    profile = MentorProfile.objects.locked().get(pk=profile.pk)
    may_override(pair, profile, at=at)
    RoundPair.objects.filter(pk=pair.pk).update(
        profile=profile,
        locked=True,
        override_reason=reason,
        overridden_by=by,
        reasons=pool.reasons(pair.request, profile, at=at),
    )
    AuditEvent.objects.record(
        "connections.pair_overridden",
        actor=by,
        thing=pair,
        fields=["profile"],
        reason=reason,
        at=at,
    )


def may_override(pair: RoundPair, profile: MentorProfile, *, at: datetime) -> None:
    """Raises what stands between this request and another mentor."""
    if not pool.may_pair(pair.request, profile, at=at):
        raise MentoringRequest.NotPossible
    given = pair.round.pairs.filter(profile=profile).exclude(pk=pair.pk).count()
    if profile.paused or not profile.approved or given >= profile.free:
        raise MentorProfile.Full


def _in_drafts(pair: RoundPair) -> None:
    """The round is held until the transaction ends: nobody publishes it meanwhile."""
    rounds = MatchingRound.objects.select_for_update(no_key=True)
    if rounds.get(pk=pair.round_id).state != State.DRAFTS:
        raise MatchingRound.NotNow


@transaction.atomic
def abandon(round: MatchingRound, *, by: Any, at: datetime) -> None:
    """Nothing of it reaches anybody."""
    _move(round, (State.DRAFTED, State.COMPUTING, State.DRAFTS), state=State.ABANDONED)
    AuditEvent.objects.record("connections.round_abandoned", actor=by, thing=round, at=at)


def _move(round: MatchingRound, before: tuple[State, ...], **after: Any) -> None:
    if not MatchingRound.objects.filter(pk=round.pk, state__in=before).update(**after):
        raise MatchingRound.NotNow
    round.refresh_from_db()


def ring_for_waiting(*, at: datetime) -> int:
    """Ring for rounds whose bell nobody heard, or whose worker died."""
    due = list(MatchingRound.objects.due(at).order_by("pk").values_list("pk", flat=True))
    for pk in due:
        ring("connections.tasks.solve_round", round=pk)
    publishing = MatchingRound.objects.filter(state=State.PUBLISHING).order_by("pk")
    for pk in (pks := list(publishing.values_list("pk", flat=True))):
        ring("connections.tasks.publish_round", round=pk)
    return len(due) + len(pks)
