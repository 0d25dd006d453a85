"""A mentor's answer, and what time does to a request nobody answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from academy.models import Notification
from academy.rows import each
from connections.actions import choosing
from connections.actions.asking import close, settle, want_suggestions
from connections.models import MentoringRequest, MentorProfile, Suggestion
from connections.models.relationships import Relationship

State = MentoringRequest.State


@transaction.atomic
def accept(
    request: MentoringRequest,
    mentor: Any,
    *,
    kind: str = "",
    words: str,
    language: str,
    at: datetime,
) -> Relationship:
    """Take a place, begin the relationship, and let others go who asked for a last place.

    Accepting twice is accepting once. Raises MentorProfile.Full when no place is free.
    """
    profile = MentorProfile.objects.locked().get(person=mentor)
    request = MentoringRequest.objects.locked().get(pk=request.pk)
    if request.mentor_id != profile.pk or request.state not in (State.ASKED, State.ACCEPTED):
        raise MentoringRequest.Closed
    if request.state == State.ACCEPTED:
        same = Relationship.objects.given_by(mentor).received_by(request.mentee)
        return same.order_by("-began_at", "-pk")[0]
    pair = Relationship.objects.begin(
        profile=profile, mentee=request.mentee, kind=kind or request.kind, request=request, at=at
    )
    settle(request, Suggestion.Outcome.ACCEPTED, at=at, words=words, language=language)
    MentoringRequest.objects.filter(pk=request.pk).update(
        state=State.ACCEPTED,
        ended_at=at,
        remind_at=None,
        closes_at=None,
        moves_on_at=None,
        suggest_from=None,
    )
    request.suggestions.update(choice=None)
    release_others_if_full(profile, at=at)
    return pair


@transaction.atomic
def decline(
    request: MentoringRequest, mentor: Any, *, words: str, language: str, at: datetime
) -> None:
    """Not this time, kindly; other people are looked for at once."""
    profile = MentorProfile.objects.locked().get(person=mentor)
    request = MentoringRequest.objects.locked().get(pk=request.pk)
    if request.mentor_id != profile.pk or request.state != State.ASKED:
        raise MentoringRequest.Closed
    settle(request, Suggestion.Outcome.DECLINED, at=at, words=words, language=language)
    _rest(request, State.DECLINED, "connections.request_declined", at=at)


def release_others_if_full(profile: MentorProfile, *, at: datetime) -> int:
    """When the last place is gone, nobody is left waiting for it. The profile must be locked."""
    profile.refresh_from_db(fields=["places_taken", "capacity"])
    if profile.free:
        return 0
    others = MentoringRequest.objects.filter(state=State.ASKED, mentor=profile).locked()
    for other in others:
        settle(other, Suggestion.Outcome.RELEASED, at=at)
        _rest(other, State.RELEASED, "connections.request_released", at=at)
    return len(others)


@transaction.atomic
def release_all(profile: MentorProfile, *, at: datetime) -> None:
    """The mentor has left: whoever waits is released kindly."""
    MentorProfile.objects.locked().get(pk=profile.pk)
    for request in MentoringRequest.objects.filter(state=State.ASKED, mentor=profile).locked():
        settle(request, Suggestion.Outcome.RELEASED, at=at)
        _rest(request, State.RELEASED, "connections.request_released", at=at)


def _rest(request: MentoringRequest, state: State, kind: str, *, at: datetime) -> None:
    """It found nobody yet: the next on the mentee's list is asked, or others are looked for."""
    if request.suggestions.chosen().exists():
        choosing.go_on(request, at=at)
        return
    close(request, state, at=at)
    want_suggestions(request, at=at)
    Notification.objects.post(
        kind,
        key=f"{request.pk}:{at.timestamp()}",
        to=request.mentee,
        facts={"request": request.pk},
        link=("connections:request", [request.pk]),
        at=at,
    )


def remind_due(*, at: datetime) -> int:
    """Once, half-way: a word to whoever the request waits for."""
    due = MentoringRequest.objects.to_remind(at).order_by("pk").values_list("pk", flat=True)
    return each(due, _remind, at=at)


@transaction.atomic
def _remind(pk: int, *, at: datetime) -> bool:
    if not MentoringRequest.objects.to_remind(at).filter(pk=pk).update(remind_at=None):
        return False  # another beat was first, or it was answered meanwhile
    request = MentoringRequest.objects.select_related("mentee", "mentor__person").get(pk=pk)
    mentor = request.mentor
    Notification.objects.post(
        "connections.request_reminder" if mentor else "connections.suggestions_wait",
        key=f"{pk}:{mentor.pk if mentor else 0}:{request.closes_at}",
        to=mentor.person if mentor else request.mentee,
        facts={"request": pk},
        link=("connections:answer" if mentor else "connections:request", [pk]),
        at=at,
    )
    return True


def close_due(*, at: datetime) -> int:
    """Requests whose days are over close without blame; the mentee is told what next."""
    due = MentoringRequest.objects.to_close(at).order_by("pk").values_list("pk", flat=True)
    return each(due, _close_one, at=at)


@transaction.atomic
def _close_one(pk: int, *, at: datetime) -> bool:
    request = MentoringRequest.objects.to_close(at).locked().filter(pk=pk).first()
    if request is None:
        return False
    mentor = request.mentor
    if mentor is not None:
        settle(request, Suggestion.Outcome.EXPIRED, at=at)
        Notification.objects.post(
            "connections.request_closed",
            key=f"{pk}:{mentor.pk}:{at.timestamp()}",
            to=mentor.person,
            facts={"request": pk},
            link=("connections:my_profile", []),
            at=at,
        )
    _rest(request, State.EXPIRED, "connections.request_expired", at=at)
    return True
