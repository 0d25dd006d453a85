"""A person's side of a request: begin it, ask somebody, look again, take it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from academy.doorbell import ring
from academy.models import Notification, Person, Topic
from connections import pool
from connections.models import MentoringRequest, MentoringRules, MentorProfile, Suggestion

State = MentoringRequest.State


@transaction.atomic
def start(
    person: Any,
    *,
    token: UUID,
    methods: list[Topic],
    services: list[Topic],
    mentor: MentorProfile | None,
    at: datetime,
    **said: Any,
) -> MentoringRequest:
    """One need, asked of `mentor` or of the academy. The same form sent twice is one request."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = MentoringRequest.of_form(person, token)
    if before is not None:
        return before
    rules = _one_more(person)
    request = MentoringRequest.objects.create(
        mentee=person, token=token, asked_at=at, **until(rules, at), **said
    )
    request.methods.set(methods)
    request.services.set(services)
    if mentor is not None:
        return ask(request, mentor, at=at)
    want_suggestions(request, at=at)
    return request


def asked_lately(
    person: Any,
    mentor: MentorProfile | None,
    *,
    words: str,
    methods: list[Topic],
    services: list[Topic],
    token: UUID,
    at: datetime,
    **_said: Any,
) -> MentoringRequest | None:
    """A request with the same words and topics, made by another form within the last day."""
    lately = (
        MentoringRequest.objects.of(person)
        .pending()
        .filter(words=words, asked_at__gt=at - timedelta(days=1))
    )
    if mentor is not None:
        lately = lately.filter(mentor=mentor)
    same = {*methods, *services}
    rows = lately.exclude(token=token).order_by("pk")
    return next((r for r in rows if {*r.methods.all(), *r.services.all()} == same), None)


@transaction.atomic
def ask(
    request: MentoringRequest,
    profile: MentorProfile,
    *,
    at: datetime,
    source: Suggestion.Source = Suggestion.Source.MENTEE,
) -> MentoringRequest:
    """Put the request before this mentor. Asking the same mentor twice is asking once."""
    request = hold(request, [profile.pk])
    profile = MentorProfile.objects.select_related("person").get(pk=profile.pk)
    if request.state == State.ASKED and request.mentor_id == profile.pk:
        return request
    if request.state not in MentoringRequest.RESTING_OR_LOOKING:
        raise MentoringRequest.Closed
    rules = rules_for(request)
    may_be_asked(request, profile)
    put_before(request, profile, rules=rules, source=source, at=at)
    return request


def hold(request: MentoringRequest, profiles: Iterable[int] = ()) -> MentoringRequest:
    """The mentee, these mentors and the request as it stands: the order of docs/map.md."""
    Person.objects.select_for_update(no_key=True).get(pk=request.mentee_id)
    list(MentorProfile.objects.locked().filter(pk__in=profiles))
    return MentoringRequest.objects.locked().get(pk=request.pk)


def put_before(
    request: MentoringRequest,
    profile: MentorProfile,
    *,
    rules: MentoringRules,
    source: Suggestion.Source = Suggestion.Source.MENTEE,
    at: datetime,
) -> None:
    """The mentor is asked and told. The mentee, the mentor and the request must be held."""
    _remember_asking(request, profile, source=source, at=at)
    others_wait = request.suggestions.chosen().exists()
    MentoringRequest.objects.filter(pk=request.pk).update(
        state=State.ASKED,
        mentor=profile,
        ended_at=None,
        suggest_from=None,
        moves_on_at=rules.moves_on(at) if others_wait else None,
        **until(rules, at),
    )
    request.refresh_from_db()
    tell_mentor(request, source, at=at)


def not_asked_already(mentee: Any, profile: MentorProfile, *, but: int = 0) -> None:
    """Raises the other request with which this mentee waits for this mentor's answer."""
    others = MentoringRequest.objects.of(mentee).asked_of(profile.person).exclude(pk=but)
    waiting = others.select_related("mentor__person").first()
    if waiting is not None:
        raise MentoringRequest.AskedAlready(waiting)


def may_be_asked(request: MentoringRequest, profile: MentorProfile) -> None:
    """Raises what stands between this request and this mentor.

    What everybody may know comes first, so that nothing tells the reasons apart that stay unnamed.
    """
    not_asked_already(request.mentee, profile, but=request.pk)
    if not profile.approved or profile.paused or not profile.person.is_active:
        raise MentorProfile.NotTaking
    if not profile.free:
        raise MentorProfile.Full
    if part := request.shuts_out(profile):
        raise MentoringRequest.ShutOut(profile, part)
    if not pool.may_pair(request, profile):
        raise MentoringRequest.NotPossible
    if request.suggestions.final().filter(profile=profile).exists():
        raise MentoringRequest.NotPossible


def _remember_asking(
    request: MentoringRequest, profile: MentorProfile, *, source: Suggestion.Source, at: datetime
) -> None:
    suggestion, new = Suggestion.objects.get_or_create(
        request=request, profile=profile, defaults={"source": source, "made_at": at}
    )
    if new:
        suggestion.reasons = pool.reasons(request, profile)
    suggestion.outcome, suggestion.asked_at, suggestion.answered_at = "", at, None
    suggestion.choice = None
    if source == Suggestion.Source.ROUND:
        suggestion.source = source
    suggestion.save(
        update_fields=["reasons", "outcome", "asked_at", "answered_at", "choice", "source"]
    )


def tell_mentor(request: MentoringRequest, source: Suggestion.Source, *, at: datetime) -> None:
    proposed = source == Suggestion.Source.ROUND
    assert request.mentor is not None  # noqa: S101 -- for the type checker: it has just been asked
    Notification.objects.post(
        "connections.request_proposed" if proposed else "connections.request_asked",
        key=f"{request.pk}:{request.mentor.pk}:{at.timestamp()}",
        to=request.mentor.person,
        facts={"request": request.pk, "mentor": request.mentor.pk},
        link=("connections:answer", [request.pk]),
        at=at,
    )


@transaction.atomic
def look_again(request: MentoringRequest, *, at: datetime) -> MentoringRequest:
    """Take up a request that found nobody, and have the academy look once more."""
    request = hold(request)
    if request.state not in MentoringRequest.RESTING_OR_LOOKING:
        raise MentoringRequest.Closed
    if not request.pending:
        MentoringRequest.objects.filter(pk=request.pk).update(
            state=State.LOOKING, ended_at=None, **until(_one_more(request.mentee), at)
        )
    want_suggestions(request, at=at)
    request.refresh_from_db()
    return request


@transaction.atomic
def change(request: MentoringRequest, *, at: datetime, **said: Any) -> MentoringRequest:
    """Another answer about what is needed; people are looked for with it at once."""
    held = hold(request)
    if not held.choosing:
        raise MentoringRequest.Closed
    for name in {"methods", "services"} & set(said):
        getattr(held, name).set(said.pop(name))
    if said:
        MentoringRequest.objects.filter(pk=held.pk).update(**said)
    return look_again(held, at=at)


@transaction.atomic
def withdraw(request: MentoringRequest, *, at: datetime) -> None:
    """The mentee takes it back; a mentor who was asked is told, without a reason."""
    request = MentoringRequest.objects.locked().select_related("mentor__person").get(pk=request.pk)
    if request.state == State.ACCEPTED:
        raise MentoringRequest.Closed
    if request.state == State.WITHDRAWN:
        return
    mentor = request.mentor
    if mentor is not None:
        settle(request, Suggestion.Outcome.WITHDRAWN, at=at)
        Notification.objects.post(
            "connections.request_withdrawn",
            key=f"{request.pk}:{mentor.pk}:{at.timestamp()}",
            to=mentor.person,
            facts={"request": request.pk},
            link=("connections:caseload", []),
            at=at,
        )
    request.suggestions.update(choice=None)
    close(request, State.WITHDRAWN, at=at)


def settle(
    request: MentoringRequest,
    outcome: Suggestion.Outcome,
    *,
    at: datetime,
    words: str = "",
    language: str = "",
) -> None:
    """Keep what came of asking the mentor who is being asked now."""
    row = request.suggestions.filter(profile=request.mentor_id).first()
    if row is not None:
        row.close(outcome, at=at, words=words, language=language)


def close(request: MentoringRequest, state: State, *, at: datetime) -> None:
    """Nobody is asked any more. Call it on a row that is `locked()`."""
    MentoringRequest.objects.filter(pk=request.pk).update(
        state=state,
        mentor=None,
        ended_at=at,
        remind_at=None,
        closes_at=None,
        moves_on_at=None,
        suggest_from=None,
    )
    request.refresh_from_db()


def want_suggestions(request: MentoringRequest, *, at: datetime) -> None:
    """Leave word that a worker should look; the beat finds the row if the bell is not heard."""
    MentoringRequest.objects.filter(pk=request.pk).update(suggest_from=at, suggest_tries=0)
    ring("connections.tasks.suggest", request=request.pk)


def _one_more(person: Any) -> MentoringRules:
    """The rules, if they let this person have one more waiting. Their row must be locked."""
    rules = MentoringRules.current()
    if MentoringRequest.objects.of(person).pending().count() >= rules.pending_limit:
        raise MentoringRequest.TooMany
    return rules


def rules_for(request: MentoringRequest) -> MentoringRules:
    """The rules, if this request may go on. The mentee's row must be locked."""
    return MentoringRules.current() if request.pending else _one_more(request.mentee)


def until(rules: MentoringRules, at: datetime) -> dict[str, datetime]:
    return {
        "remind_at": at + timedelta(days=rules.remind_after_days),
        "closes_at": at + timedelta(days=rules.close_after_days),
    }
