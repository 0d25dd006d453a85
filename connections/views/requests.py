"""A request: asked, seen, answered, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.models import Topic
from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections import pool, words
from connections.actions import again, answering, asking
from connections.forms.asking import AnswerForm, AskForm
from connections.forms.cards import kind_words, language_words, names, place_of, places_words
from connections.forms.choices import steps
from connections.models import MentoringRequest, MentorProfile, Relationship, Suggestion
from connections.models.room import room_for
from connections.views.refusals import refused, with_link


@require_http_methods(["GET", "POST"])
@policy("improver")
def ask(request: HttpRequest) -> HttpResponse:
    """One short screen: of a chosen mentor, or of the academy, also for somebody else than before."""
    person = signed_in(request)
    mentor = _wanted(request)
    former = _former(request) if mentor is None else None
    form = AskForm(request.POST or None, mentor=mentor)
    if form.is_valid():
        before = asking.asked_lately(person, mentor, at=now(), **form.asked())
        if before is not None:
            messages.info(request, _("You have asked this already: here is your request."))
            return redirect(before)
        try:
            if former is not None:
                made = again.afresh(former, at=now(), **form.asked())
            else:
                made = asking.start(person, mentor=mentor, at=now(), **form.asked())
        except Refusal as refusal:
            form.add_error(None, refused(refusal))
        else:
            messages.success(request, _asked_words(mentor))
            return redirect(made)
    pending = list(MentoringRequest.objects.of(person).pending().order_by("pk"))
    context = {
        "form": form,
        "mentor": mentor,
        "former": former,
        "pending": len(pending),
        "already": next((one for one in pending if mentor and one.mentor_id == mentor.pk), None),
    }
    return page(request, "connections/requests/ask.html", context)


def _asked_words(mentor: MentorProfile | None) -> str:
    if mentor is None:
        return _("Thank you. We have your request. Who might help you is shown here.")
    return _("We have asked %(name)s for you.") % {"name": mentor.person.name}


def _wanted(request: HttpRequest) -> MentorProfile | None:
    """The mentor named in the address, if the reader may see them."""
    if not (number := request.GET.get("mentor", "")):
        return None
    seen = MentorProfile.objects.visible_to(request.user).approved()
    return get_object_or_404(seen.select_related("person").defer("vector", "words"), pk=_pk(number))


def _former(request: HttpRequest) -> Relationship | None:
    """The reader's own pair that has ended, and instead of whose mentor somebody else is sought.

    Named in the address, or the one since whose end nobody has been asked for.
    """
    if not (number := request.GET.get("instead_of", "")):
        return again.unreplaced(signed_in(request))
    mine = Relationship.objects.received_by(signed_in(request)).ended()
    return get_object_or_404(mine.select_related("mentor", "mentee"), pk=_pk(number))


def _pk(number: str) -> int:
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def own(request: HttpRequest, pk: int) -> MentoringRequest:
    """One's own request, whatever its state."""
    mine = MentoringRequest.objects.of(signed_in(request))
    return get_object_or_404(mine.select_related("mentor__person"), pk=pk)


def no_longer_suggested(request: HttpRequest, asked: MentoringRequest) -> HttpResponse:
    """A page left open names somebody who does not stand on it any more."""
    messages.info(
        request, _("This page has changed since you opened it. Here is your request as it is now.")
    )
    return redirect(asked)


@require_safe
@policy("improver")
def mentoring_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it is, who might help and why, and what can be done next."""
    asked = own(request, pk)
    offered = list(
        asked.suggestions.offered().select_related("profile__person").order_by("rank", "pk")
    )
    touched = list(
        asked.suggestions.touched().select_related("profile__person").order_by("-asked_at", "pk")
    )
    topics = topic_names(row.reasons for row in (*offered, *touched))
    chosen = sorted((row for row in touched if row.choice), key=lambda row: row.choice or 0)
    told = [
        row for row in touched if (row.asked_at or row.outcome == "released") and not row.choice
    ]
    settled = asked.state in (MentoringRequest.State.ACCEPTED, MentoringRequest.State.WITHDRAWN)
    context = {
        "asked": asked,
        "over": _over(asked),
        "topics": names(asked.methods, asked.services),
        "offered": [] if settled else [_offered(row, topics) for row in offered],
        "answered": [_offered(row, topics) for row in told],
        "passed": [row for row in touched if row.outcome == "passed" and not row.asked_at],
        "chosen": chosen,
        "steps": steps(asked, told, chosen),
        "proposed": any(row.source == "round" for row in told if row.profile_id == asked.mentor_id),
        "advice": words.advice(asked.widen, room_for(asked) if "needs" in asked.widen else ()),
        "missed": asked.missed_in(),
        "looking": asked.suggest_from is not None,
        "moving": asked.moves_on_at is not None and asked.mentor is None,
    }
    return page(request, "connections/requests/request.html", context)


def _over(asked: MentoringRequest) -> Relationship | None:
    """The pair it led to, once that has ended."""
    if asked.state != MentoringRequest.State.ACCEPTED:
        return None
    return Relationship.objects.visible_to(asked.mentee).ended().filter(request=asked).first()


def topic_names(many: Iterable[Iterable[words.Reason]]) -> dict[int, str]:
    """Of all topics that these reasons name."""
    found = Topic.objects.filter(pk__in=words.topic_ids(many))
    return {topic.pk: topic.name for topic in found}


def _offered(row: Suggestion, topics: dict[int, str]) -> dict[str, Any]:
    profile = row.profile
    return {
        "row": row,
        "profile": profile,
        "kind": kind_words(profile.offers_mentoring, profile.offers_coaching),
        "spoken": language_words(profile.in_welsh, profile.in_english),
        "places": places_words(profile.free, profile.paused),
        "reasons": words.sentences(row.reasons, topics),
    }


@require_POST
@policy("improver")
def ask_suggested(request: HttpRequest, pk: int, profile: int) -> HttpResponse:
    """Ask one of the suggested people."""
    asked = own(request, pk)
    row = asked.suggestions.open().select_related("profile__person").filter(profile=profile).first()
    if row is None:
        return no_longer_suggested(request, asked)
    mentor = row.profile
    try:
        asking.ask(asked, mentor, at=now())
    except Refusal as refusal:
        messages.error(request, with_link(refusal, asked))
    else:
        messages.success(request, _asked_words(mentor))
    return redirect(asked)


@require_POST
@policy("improver")
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    asked = own(request, pk)
    try:
        asking.look_again(asked, at=now())
    except Refusal as refusal:
        messages.error(request, refused(refusal))
    return redirect(asked)


@require_http_methods(["GET", "POST"])
@policy("improver")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The page asks first."""
    asked = own(request, pk)
    if request.method == "POST":
        try:
            asking.withdraw(asked, at=now())
        except Refusal as refusal:
            messages.error(request, refused(refusal))
            return redirect(asked)
        messages.success(request, _("Your request is taken back."))
        return redirect("connections:mentoring")
    return page(request, "connections/requests/withdraw.html", {"asked": asked})


@require_http_methods(["GET", "POST"])
@policy("improver")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The mentor's side: read, then yes or not this time."""
    mentor = signed_in(request)
    seen = MentoringRequest.objects.asked_of(mentor).select_related("mentee", "mentor")
    asked = seen.filter(pk=pk).first()
    if asked is None or asked.mentor is None:
        return _answered(request, pk)
    profile = asked.mentor
    both = asked.kind == "either" and profile.offers_mentoring and profile.offers_coaching
    form = AnswerForm(request.POST or None, both_kinds=both)
    if form.is_valid():
        try:
            return _give(request, asked, form.cleaned_data)
        except MentoringRequest.Closed:
            return _answered(request, pk, form.cleaned_data["words"])
        except Refusal as refusal:
            form.add_error(None, refused(refusal))
    row = asked.suggestions.filter(profile=profile).first()
    reasons = (row.reasons if row else []) or pool.reasons(asked, profile)
    context = {
        "asked": asked,
        "profile": profile,
        "form": form,
        "proposed": row is not None and row.source == Suggestion.Source.ROUND,
        "topics": names(asked.methods, asked.services),
        "reasons": words.sentences(reasons, topic_names([reasons])),
        "organisation": place_of(asked.mentee),
        "spoken": language_words(asked.in_welsh, asked.in_english),
    }
    return page(request, "connections/requests/answer.html", context)


def _give(request: HttpRequest, asked: MentoringRequest, said: dict[str, Any]) -> HttpResponse:
    mentor = signed_in(request)
    told = {"words": said["words"].strip(), "language": said["language"], "at": now()}
    if said["answer"] == "accept":
        pair = answering.accept(asked, mentor, kind=said.get("kind", ""), **told)
        messages.success(request, _("Thank you. You have begun: here is what comes next."))
        return redirect(pair)
    answering.decline(asked, mentor, **told)
    messages.success(request, _("Thank you for answering. We look for somebody else for them."))
    return redirect("connections:caseload")


def _answered(request: HttpRequest, pk: int, typed: str = "") -> HttpResponse:
    """It was theirs to answer and is not any more; of a stranger's request nothing is said."""
    mine = Suggestion.objects.asked_of(signed_in(request))
    row = get_object_or_404(mine, request=pk)
    context = {
        "late": row.outcome == Suggestion.Outcome.EXPIRED,
        "typed": [("words", typed)] if typed.strip() else [],
    }
    return page(request, "connections/requests/answered.html", context)
