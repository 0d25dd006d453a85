"""A matching round: begun, looked over, then published or abandoned; `computing` is the worker's."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from academy.doorbell import ring
from academy.models import AuditEvent
from connections import pool
from connections.actions.computing import STEPS
from connections.models import (
    LeftOut,
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    RoundPair,
    SetApart,
    Weights,
)

State = MatchingRound.State


def draw_up(
    title: str,
    *,
    by: Any,
    weights: Weights | None = None,
    seed: int | None = None,
    token: UUID | None = None,
    at: datetime,
) -> MatchingRound:
    """A round with its own seed and weights: computed twice, it comes out the same.

    One form, whose `token` it is, makes one round however often it is sent.
    """
    facts = {
        "title": title,
        "weights": weights or Weights.objects.current(at=at),
        "seed": secrets.randbelow(2**31) if seed is None else seed,
        "made_by": by,
        "made_at": at,
    }
    made, _new = MatchingRound.objects.get_or_create(token=token or uuid4(), defaults=facts)
    return made


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
    round.alternatives.all().delete()
    AuditEvent.objects.record("connections.round_started", actor=by, thing=round, at=at)
    ring("connections.tasks.solve_round", round=round.pk)


@transaction.atomic
def lock(round: MatchingRound, pairs: Iterable[int], locked: bool, *, by: Any, at: datetime) -> int:
    """Locked pairs stay when the rest is computed again; how many changed."""
    held = _in_drafts(round.pk)
    chosen = list(held.pairs.filter(pk__in=pairs).exclude(locked=locked).order_by("pk"))
    if not chosen:
        return 0
    held.alternatives.put_away()
    held.pairs.filter(pk__in=[pair.pk for pair in chosen]).update(locked=locked)
    verb = "connections.pair_locked" if locked else "connections.pair_unlocked"
    for pair in chosen:
        AuditEvent.objects.record(verb, actor=by, thing=pair, at=at)
    return len(chosen)


@transaction.atomic
def override(
    pair: RoundPair, profile: MentorProfile | None, *, reason: str, by: Any, at: datetime
) -> None:
    """Another mentor for this request, or none, with the reason written down; it is locked then."""
    if not reason.strip():
        raise RoundPair.NoReason
    pair = _still_drafted(pair)
    pair.round.alternatives.put_away()
    MatchingRound.objects.filter(pk=pair.round_id).update(proven=None)
    if profile is None:
        _remove(pair, reason=reason, by=by, at=at)
        return
    profile = MentorProfile.objects.locked().get(pk=profile.pk)
    may_override(pair, profile)
    RoundPair.objects.filter(pk=pair.pk).update(
        profile=profile,
        locked=True,
        override_reason=reason,
        overridden_by=by,
        reasons=pool.reasons(pair.request, profile),
    )
    AuditEvent.objects.record(
        "connections.pair_overridden",
        actor=by,
        thing=pair,
        fields=["profile"],
        reason=reason,
        at=at,
    )


def _remove(pair: RoundPair, *, reason: str, by: Any, at: datetime) -> None:
    """The request is left out of the drafts, and for it these two stay apart, here and elsewhere."""
    facts = {"reason": reason, "made_by": by, "made_at": at}
    SetApart.objects.get_or_create(
        round=pair.round, request=pair.request, profile=pair.profile, defaults=facts
    )
    pair.request.suggestions.untouched().filter(profile=pair.profile).delete()
    LeftOut.objects.get_or_create(round=pair.round, request=pair.request)
    MatchingRound.objects.filter(pk=pair.round_id).update(left_out=F("left_out") + 1)
    AuditEvent.objects.record(
        "connections.pair_removed", actor=by, thing=pair, reason=reason, at=at
    )
    pair.delete()


def may_override(pair: RoundPair, profile: MentorProfile) -> None:
    """Raises what stands between this request and another mentor."""
    if not pool.may_pair(pair.request, profile):
        raise MentoringRequest.NotPossible
    if profile.paused or not profile.approved:
        raise MentorProfile.NotTaking
    if pair.round.pairs.filter(profile=profile).exclude(pk=pair.pk).count() >= profile.free:
        raise MentorProfile.Full


def _in_drafts(pk: int) -> MatchingRound:
    """The round, held until the transaction ends: nobody publishes it meanwhile."""
    round = MatchingRound.objects.held().get(pk=pk)
    if not round.in_drafts or round.alternative_to_id:
        raise MatchingRound.NotNow
    return round


def _still_drafted(pair: RoundPair) -> RoundPair:
    """The pair as it is now, its round held: assigned again meanwhile, it may be gone."""
    pairs = _in_drafts(pair.round_id).pairs.select_related("request", "profile")
    found = pairs.filter(pk=pair.pk).first()
    if found is None:
        raise MatchingRound.NotNow
    return found


@transaction.atomic
def abandon(round: MatchingRound, *, by: Any, at: datetime) -> None:
    """Nothing of it reaches anybody."""
    _move(round, (State.DRAFTED, State.COMPUTING, State.DRAFTS), state=State.ABANDONED)
    round.alternatives.all().delete()
    AuditEvent.objects.record("connections.round_abandoned", actor=by, thing=round, at=at)


def _move(round: MatchingRound, before: tuple[State, ...], **after: Any) -> None:
    if not MatchingRound.objects.originals().filter(pk=round.pk, state__in=before).update(**after):
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
