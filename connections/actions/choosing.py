"""The mentee's own list: up to five people, asked one after another; and whom they pass over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from academy.doorbell import ring
from academy.models import Notification, Person
from academy.models.base import Refusal
from academy.rows import each
from connections import pool
from connections.actions.asking import (
    hold,
    may_be_asked,
    put_before,
    rules_for,
    settle,
    until,
    want_suggestions,
)
from connections.models import MentoringRequest, MentoringRules, MentorProfile, Suggestion
from connections.models.suggestions import order_of

State = MentoringRequest.State
Outcome = Suggestion.Outcome


@transaction.atomic
def choose(
    request: MentoringRequest,
    profiles: Sequence[MentorProfile],
    *,
    seen: str | None = None,
    at: datetime,
) -> MentoringRequest:
    """Keep whom the mentee would like to be asked, in this order; the first is asked if nobody is.

    The same list twice is one list. Raises Suggestion.NotChosen for somebody who may not be asked,
    and Suggestion.Reordered if the list is no longer the one that was `seen`.
    """
    request = _held(request, profiles)
    if request.state not in (*MentoringRequest.RESTING_OR_LOOKING, State.ASKED):
        raise MentoringRequest.Closed
    wanted = [one for one in profiles if one.pk != request.mentor_id]
    if seen is not None:
        _still_as(seen, request, wanted)
    _write(request, wanted, at=at)
    if request.state == State.ASKED:
        _wait_for(request, at=at)
    elif request.suggestions.chosen().exists():
        _ask_first(request, at=at)
    request.refresh_from_db()
    return request


def _held(request: MentoringRequest, profiles: Sequence[MentorProfile]) -> MentoringRequest:
    """Everybody on the list is held with it."""
    listed = request.suggestions.chosen().values_list("profile", flat=True)
    return hold(request, [*listed, *(one.pk for one in profiles)])


def _still_as(seen: str, request: MentoringRequest, wanted: Iterable[MentorProfile]) -> None:
    """Nothing newer is overwritten unread; what is wanted may stand there already."""
    stands = request.suggestions.order()
    if stands not in (seen, order_of(one.pk for one in wanted)):
        raise Suggestion.Reordered


def _write(request: MentoringRequest, profiles: Sequence[MentorProfile], *, at: datetime) -> None:
    """Who stood on the list before may stay, full or not: their turn will show."""
    before = set(request.suggestions.chosen().values_list("profile", flat=True))
    for profile in profiles:
        if profile.pk not in before:
            _may_be_chosen(request, profile)
    request.suggestions.chosen().update(choice=None)
    for place, profile in enumerate(profiles, 1):
        row, new = Suggestion.objects.get_or_create(
            request=request,
            profile=profile,
            defaults={"source": Suggestion.Source.MENTEE, "made_at": at},
        )
        if new:
            row.reasons = pool.reasons(request, profile)
        row.choice = place
        row.save(update_fields=["choice", "reasons"])


def _may_be_chosen(request: MentoringRequest, profile: MentorProfile) -> None:
    try:
        may_be_asked(request, profile)
    except Refusal as refusal:
        raise Suggestion.NotChosen(profile, refusal) from refusal


def _wait_for(request: MentoringRequest, *, at: datetime) -> None:
    """Somebody is being asked: they are waited for a few days only while others stand behind them.

    Who was told of a later day is told of the nearer one, once.
    """
    if not request.suggestions.chosen().exists():
        MentoringRequest.objects.filter(pk=request.pk).update(moves_on_at=None)
    elif request.moves_on_at is None and request.mentor is not None:
        moves_on_at = MentoringRules.current().moves_on(at)
        MentoringRequest.objects.filter(pk=request.pk).update(moves_on_at=moves_on_at)
        Notification.objects.post(
            "connections.request_sooner",
            key=f"{request.pk}:{request.mentor.pk}:{request.closes_at}",
            to=request.mentor.person,
            facts={"request": request.pk},
            link=("connections:answer", [request.pk]),
            at=at,
        )


def _ask_first(request: MentoringRequest, *, at: datetime) -> MentorProfile | None:
    """Ask the first on the list who can be asked now; None, and others are looked for, if nobody can."""
    rules = rules_for(request)
    profile = _next(request, at=at)
    if profile is None:
        want_suggestions(request, at=at)
        return None
    put_before(request, profile, rules=rules, at=at)
    return profile


def _next(request: MentoringRequest, *, at: datetime) -> MentorProfile | None:
    """Whose turn it is. Who has no place, or may not be asked now, leaves the list."""
    rows = request.suggestions.chosen().select_related("profile__person")
    for row in rows.order_by("choice", "pk"):
        try:
            may_be_asked(request, row.profile)
        except MentoringRequest.AskedAlready:
            request.suggestions.filter(pk=row.pk).update(choice=None)
        except Refusal:
            request.suggestions.filter(pk=row.pk).update(
                choice=None, outcome=Outcome.RELEASED, answered_at=at
            )
        else:
            return row.profile
    return None


def move_on_due(*, at: datetime) -> int:
    """Where no answer came in time, or it was a no, the next on the list is asked."""
    due = MentoringRequest.objects.to_move_on(at).order_by("pk").values_list("pk", flat=True)
    return each(due, move_on, at=at)


@transaction.atomic
def move_on(pk: int, *, at: datetime) -> bool:
    """Ask the next on the list, once, whoever else tries; whether it moved on."""
    due = MentoringRequest.objects.to_move_on(at).filter(pk=pk)
    for looked_at in due:
        _held(looked_at, ())
    request = due.select_related("mentor__person").first()
    if request is None:
        return False  # another beat was first, or it was answered meanwhile
    earlier, profile = request.mentor, _next(request, at=at)
    passed = (
        earlier is None
        and request.suggestions.asked()
        .passed()
        .filter(answered_at__gte=request.moves_on_at)
        .exists()
    )
    if profile is None:
        _used_up(request, at=at)
        return False
    if earlier is not None:
        settle(request, Outcome.EXPIRED, at=at)
        _tell("moved_on", request, earlier.person, to="my_profile", at=at)
    put_before(request, profile, rules=MentoringRules.current(), at=at)
    _tell("next", request, request.mentee, to="request", passed=passed, at=at)
    return True


def _used_up(request: MentoringRequest, *, at: datetime) -> None:
    """Nobody on the list can be asked: who is being asked is waited for, or others are looked for."""
    MentoringRequest.objects.filter(pk=request.pk).update(moves_on_at=None)
    if request.mentor is None:
        want_suggestions(request, at=at)


def _tell(
    kind: str,
    request: MentoringRequest,
    person: Person,
    *,
    to: str,
    passed: bool = False,
    at: datetime,
) -> None:
    """`passed`: the mentee herself moved on from whoever was asked before."""
    Notification.objects.post(
        f"connections.request_{kind}",
        key=f"{request.pk}:{person.pk}:{at.timestamp()}",
        to=person,
        facts={"request": request.pk} | ({"passed": True} if passed else {}),
        link=(f"connections:{to}", [request.pk] if to == "request" else []),
        at=at,
    )


def go_on(request: MentoringRequest, *, at: datetime) -> None:
    """Nobody is asked for a moment: the next on the list is, or others are looked for.

    Call it on a row that is `locked()`.
    """
    listed = request.suggestions.chosen().exists()
    MentoringRequest.objects.filter(pk=request.pk).update(
        state=State.LOOKING,
        mentor=None,
        moves_on_at=at if listed else None,
        **until(MentoringRules.current(), at),
    )
    if listed:
        ring("connections.tasks.ask_next", request=request.pk)
    else:
        want_suggestions(request, at=at)


@transaction.atomic
def pass_over(request: MentoringRequest, profile: MentorProfile, *, at: datetime) -> None:
    """Not for me: they are not suggested again for this need, and are not told that somebody said so.

    Passing twice is passing once.
    """
    request = _held(request, ())
    row = request.suggestions.filter(profile=profile).first()
    if request.state in (State.ACCEPTED, State.WITHDRAWN) or row is None:
        raise MentoringRequest.Closed
    if row.outcome in Suggestion.FINAL:
        return
    request.suggestions.filter(pk=row.pk).update(
        outcome=Outcome.PASSED, answered_at=at, choice=None
    )
    if request.mentor_id == profile.pk:
        _tell("withdrawn", request, profile.person, to="caseload", at=at)
        go_on(request, at=at)
    elif request.state == State.ASKED:
        _wait_for(request, at=at)


@transaction.atomic
def show_again(request: MentoringRequest, profile: MentorProfile, *, at: datetime) -> None:
    """The mentee thinks again about somebody they passed over."""
    request = _held(request, ())
    request.suggestions.passed().filter(profile=profile).update(
        outcome="", answered_at=None, asked_at=None, made_at=at
    )
