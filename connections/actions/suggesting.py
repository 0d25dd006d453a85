"""A worker looks for people: claim the request, look, keep what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from academy.doorbell import ring
from academy.models import Notification
from academy.rows import repeatable
from connections import pool
from connections.models import MentoringRequest, MentoringRules, Suggestion, Weights

LEASE = timedelta(minutes=2)


@repeatable()
def claim(pk: int, *, at: datetime) -> MentoringRequest | None:
    """Lease one request that wants suggestions; None when another worker was first."""
    won = (
        MentoringRequest.objects.wanting_suggestions(at)
        .filter(pk=pk)
        .update(suggest_from=at + LEASE, suggest_tries=F("suggest_tries") + 1)
    )
    rows = MentoringRequest.objects.with_topics().select_related("mentee")
    return rows.get(pk=pk) if won else None


def suggest(request: MentoringRequest, *, at: datetime) -> int:
    """Find the best few for a claimed request and keep them; how many there are."""
    rules = MentoringRules.current()
    weights = Weights.objects.current(at=at)
    found = pool.suggest(
        request,
        weights,
        least=rules.suggestions_least,
        most=rules.suggestions_most,
    )
    return keep(request, found, at=at)


@repeatable()
def keep(request: MentoringRequest, found: pool.Found, *, at: datetime) -> int:
    """Replace the open suggestions, unless the lease was lost or somebody has been asked meanwhile."""
    mine = MentoringRequest.objects.filter(
        pk=request.pk,
        suggest_tries=request.suggest_tries,
        suggest_from=request.suggest_from,
        state__in=MentoringRequest.RESTING_OR_LOOKING,
    )
    if not mine.update(suggest_from=None, suggested_at=at, widen=found.widen):
        return 0
    request.suggestions.filter(asked_at=None, choice=None, outcome="").delete()
    Suggestion.objects.bulk_create(
        [
            Suggestion(request=request, profile_id=profile, rank=rank, reasons=why, made_at=at)
            for rank, (profile, why) in enumerate(found.profiles, 1)
        ],
        update_conflicts=True,
        unique_fields=["request", "profile"],
        update_fields=["rank", "reasons", "outcome", "made_at", "asked_at", "answered_at"],
    )
    if request.state == MentoringRequest.State.LOOKING:
        Notification.objects.post(
            "connections.suggestions_ready",
            key=f"{request.pk}:{at.timestamp()}",
            to=request.mentee,
            facts={"request": request.pk, "found": len(found.profiles)},
            link=("connections:request", [request.pk]),
            at=at,
        )
    return len(found.profiles)


def ring_for_waiting(*, at: datetime) -> int:
    """Ring for requests whose bell nobody heard, or whose worker died."""
    waiting = MentoringRequest.objects.wanting_suggestions(at).order_by("suggest_from", "pk")
    for pk in (pks := list(waiting.values_list("pk", flat=True)[:200])):
        ring("connections.tasks.suggest", request=pk)
    return len(pks)
