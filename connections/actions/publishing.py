"""A round goes out: each pair once, to people who still look and mentors who still have room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from academy.doorbell import ring
from academy.models import AuditEvent, Notification
from academy.models.base import Refusal
from connections.actions import asking
from connections.models import (
    LeftOut,
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    RoundPair,
    Suggestion,
)
from connections.models.going_out import mark_of

State = MatchingRound.State
AT_ONCE = 200


@transaction.atomic
def publish(round: MatchingRound, *, looked_over: str | None = None, by: Any, at: datetime) -> None:
    """Let a worker put every draft before its mentor. Asking twice publishes once.

    `looked_over` is the mark of the drafts somebody said yes to: of others it is not a yes.
    """
    list(MatchingRound.objects.filter(pk=round.pk).held())
    drafts = MatchingRound.objects.in_draft()
    if not drafts.filter(pk=round.pk).exists():
        raise MatchingRound.NotNow
    if looked_over not in (None, mark_of(round)):
        raise MatchingRound.Redrafted
    drafts.filter(pk=round.pk).update(state=State.PUBLISHING, published_by=by)
    round.alternatives.all().delete()
    round.refresh_from_db()
    AuditEvent.objects.record("connections.round_published", actor=by, thing=round, at=at)
    ring("connections.tasks.publish_round", round=round.pk)


def publish_some(pk: int, *, at: datetime) -> int:
    """The next pairs of a round that is being published; when none is left it is done."""
    round = MatchingRound.objects.filter(pk=pk, state=State.PUBLISHING).first()
    if round is None:
        return 0
    pairs = list(round.pairs.unpublished().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pair in pairs:
        _publish_pair(pair, at=at)
    if len(pairs) == AT_ONCE:
        ring("connections.tasks.publish_round", round=pk)
    else:
        finish(round, at=at)
    return len(pairs)


@transaction.atomic
def _publish_pair(pk: int, *, at: datetime) -> None:
    """Exactly once: the pair is marked in the transaction that asks and tells."""
    pair = (
        RoundPair.objects.unpublished()
        .select_for_update(no_key=True, of=("self",), skip_locked=True)
        .select_related("request", "profile")
        .filter(pk=pk)
        .first()
    )
    if pair is None:
        return
    why = _hindrance(pair)
    if not why:
        try:
            with transaction.atomic():
                asking.ask(pair.request, pair.profile, source=Suggestion.Source.ROUND, at=at)
        except Refusal:
            why = RoundPair.Skipped.MENTOR
    if why:
        RoundPair.objects.filter(pk=pk).update(skipped=why)
        return
    RoundPair.objects.filter(pk=pk).update(published_at=at)
    Notification.objects.post(
        "connections.request_matched",
        key=f"pair-{pk}",
        to=pair.request.mentee,
        facts={"request": pair.request.pk},
        link=("connections:request", [pair.request.pk]),
        at=at,
    )


def _hindrance(pair: RoundPair) -> str:
    """Why a draft can no longer go out: things have moved since it was computed."""
    request = asking.hold(pair.request, [pair.profile_id])
    if request.state != MentoringRequest.State.LOOKING:
        return RoundPair.Skipped.REQUEST
    profile = MentorProfile.objects.get(pk=pair.profile_id)
    waiting = pair.round.pairs.filter(
        profile=profile, published_at__isnull=False, request__state=MentoringRequest.State.ASKED
    ).count()
    return RoundPair.Skipped.MENTOR if waiting >= profile.free else ""


@transaction.atomic
def finish(round: MatchingRound, *, at: datetime) -> None:
    """Remember who was left out, for their bonus in the next round, and tell them."""
    won = MatchingRound.objects.filter(pk=round.pk, state=State.PUBLISHING).update(
        state=State.PUBLISHED, published_at=at
    )
    if not won:
        return
    out = round.pairs.filter(published_at__isnull=False).values("request")
    MentoringRequest.objects.filter(pk__in=out).update(left_out=False)
    still = MentoringRequest.objects.filter(
        state=MentoringRequest.State.LOOKING, asked_at__lte=round.computed_at
    )
    still.exclude(pk__in=out).update(left_out=True)
    _leave_out(round)
    _advise(round)
    _tell(round, at=at)


def _leave_out(round: MatchingRound) -> None:
    """Whose mentor had no place left once it went out looks on, like everybody left out.

    Whoever looks no longer is not left out: they have asked somebody themselves, or closed it.
    """
    round.left_outs.gone_on().delete()
    full = round.pairs.filter(
        skipped=RoundPair.Skipped.MENTOR, request__state=MentoringRequest.State.LOOKING
    )
    LeftOut.objects.bulk_create(
        (
            LeftOut(round=round, request_id=pk, widen=["free"])
            for pk in full.order_by("pk").values_list("request", flat=True)
        ),
        ignore_conflicts=True,
    )
    MatchingRound.objects.filter(pk=round.pk).update(left_out=round.left_outs.count())


def _advise(round: MatchingRound) -> None:
    """Whoever was left out reads on their own page what would let others in."""
    theirs = round.left_outs.filter(request=OuterRef("pk")).exclude(widen=[]).values("widen")
    advised = MentoringRequest.objects.filter(
        state=MentoringRequest.State.LOOKING, left_outs__in=round.left_outs.exclude(widen=[])
    )
    advised.update(widen=Subquery(theirs[:1]))


def _tell(round: MatchingRound, *, at: datetime) -> None:
    """Each left out once: that we looked, and where to read what would help."""
    for one in (
        round.left_outs.to_tell(at)
        .select_related("request__mentee")
        .defer("request__words")
        .order_by("pk")
    ):
        Notification.objects.post(
            "connections.request_left_out",
            key=f"round-{round.pk}-{one.request_id}",
            to=one.request.mentee,
            facts={"request": one.request_id},
            link=("connections:request", [one.request_id]),
            at=at,
        )
