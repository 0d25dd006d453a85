"""Matching rounds: begun, computed, looked over, locked, published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.facets import turns
from academy.models import Membership
from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections import words
from connections.actions import publishing, rounds
from connections.forms.rounds import LockForm, RoundForm
from connections.models import LeftOut, MatchingRound, MentorProfile, RoundPair
from connections.models.going_out import going_out, mark_of
from connections.models.room import room
from connections.views.requests import topic_names

AT_ONCE = 50


def seen(request: HttpRequest, pk: int) -> MatchingRound:
    """One round this reader may see, with its weights."""
    visible = MatchingRound.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("weights"), pk=pk)


def refused(request: HttpRequest) -> None:
    messages.error(request, _("This cannot be done any more: the round has moved on meanwhile."))


def some(rows: QuerySet[Any], request: HttpRequest) -> tuple[Page[Any], dict[str, Any]]:
    """The rows of the page asked for, and what the links to other pages need."""
    shown = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    return shown, turns(request.GET, number=shown.number, last=shown.paginator.num_pages)


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def index(request: HttpRequest) -> HttpResponse:
    """All rounds, newest first; a new one begins with its name."""
    form = RoundForm(request.POST or None)
    if form.is_valid():
        made = rounds.draw_up(by=signed_in(request), at=now(), **form.cleaned_data)
        messages.success(request, _("The round has begun. Now have everybody assigned."))
        return redirect(made)
    visible = MatchingRound.objects.visible_to(request.user)
    counted = visible.with_pairs().order_by("-made_at", "-pk")
    shown, others = some(counted, request)
    return page(
        request, "connections/rounds/rounds.html", {"form": form, "rounds": shown, **others}
    )


@require_safe
@policy("coordinator")
def round(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the round is, what came of it, and its pairs with their reasons."""
    found = seen(request, pk)
    pairs = (
        found.pairs.named()
        .with_silence()
        .matching(request.GET.get("q", "").replace("\x00", "")[:100])
    )
    if request.GET.get("locked"):
        pairs = pairs.locked()
    shown, others = some(pairs, request)
    counts = found.pairs.counts()
    context = {
        "round": found,
        "rows": _told(shown),
        "shown": shown,
        "counts": {**counts, "gone": found.gone_on(counts["paired"])},
        "going_out": going_out(found) if found.in_drafts else None,
        "emptied": not counts["drafted"] and found.emptied_by_hand(),
        "stage": words.stage(found.steps_done // 100),
        "trouble": words.trouble(found.trouble) if found.trouble else "",
        "asked": request.GET,
        **others,
    }
    return page(request, "connections/rounds/round.html", context)


def _told(pairs: Iterable[RoundPair]) -> list[tuple[RoundPair, list[str], str, str]]:
    """Each pair with why, and where the two work."""
    shown = list(pairs)
    names = topic_names(pair.reasons for pair in shown)
    people = {one for pair in shown for one in (pair.request.mentee_id, pair.profile.person_id)}
    places = Membership.objects.places_of(people)
    return [
        (
            pair,
            words.sentences(pair.reasons, names),
            places.get(pair.request.mentee_id, ""),
            places.get(pair.profile.person_id, ""),
        )
        for pair in shown
    ]


@require_POST
@policy("coordinator")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker assigns everybody, or everybody around the locked pairs."""
    found = seen(request, pk)
    try:
        rounds.start(found, by=signed_in(request), at=now())
    except Refusal:
        refused(request)
    return redirect(found)


@require_POST
@policy("coordinator")
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = seen(request, pk), LockForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tick a pair first"))
        return redirect(found)
    pairs, locked = form.cleaned_data["pair"], form.cleaned_data["locked"]
    try:
        n = rounds.lock(found, pairs, locked, by=signed_in(request), at=now())
    except Refusal:
        refused(request)
    else:
        messages.success(request, _locked_words(n, locked))
    return redirect(found)


def _locked_words(n: int, locked: bool) -> str:
    if not n:
        return _("Nothing had to be changed.")
    if locked:
        said = ngettext(
            "%(n)s pair is locked: it stays when you assign the rest again.",
            "%(n)s pairs are locked: they stay when you assign the rest again.",
            n,
        )
    else:
        said = ngettext("%(n)s pair is unlocked.", "%(n)s pairs are unlocked.", n)
    return said % {"n": n}


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The page asks first: what goes out cannot be called back."""
    found = seen(request, pk)
    if request.method == "POST":
        try:
            looked_over = request.POST.get("drafts", "")
            publishing.publish(found, looked_over=looked_over, by=signed_in(request), at=now())
        except MatchingRound.Redrafted:
            said = _("The drafts have changed since you opened that page. Look them over again.")
            messages.error(request, said)
        except Refusal:
            refused(request)
        else:
            said = _("The round is being published; both people of each pair are told.")
            messages.success(request, said)
        return redirect(found)
    if not found.may_be_published:
        return _not_now(request, found)
    context = {
        "round": found,
        "going_out": going_out(found),
        "drafts": mark_of(found),
        "left_out": found.left_outs.looking().count(),
        "told": found.left_outs.to_tell(now()).count(),
    }
    return page(request, "connections/rounds/publish.html", context)


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """The page asks first."""
    found = seen(request, pk)
    if request.method == "POST":
        try:
            rounds.abandon(found, by=signed_in(request), at=now())
        except Refusal:
            refused(request)
        else:
            messages.success(request, _("Abandoned: nobody is told anything."))
        return redirect(found)
    if not found.may_be_abandoned:
        return _not_now(request, found)
    return page(request, "connections/rounds/abandon.html", {"round": found})


def _not_now(request: HttpRequest, found: MatchingRound) -> HttpResponse:
    return page(request, "connections/rounds/not_now.html", {"round": found})


@require_safe
@policy("coordinator")
def left_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom nobody was found for, and what would let others in."""
    found = seen(request, pk)
    shown, others = some(found.left_outs.named(), request)
    removed = found.set_apart.by_request([one.request_id for one in shown])
    context = {
        "round": found,
        "rows": [
            (one.request, removed.get(one.request_id, ()), words.advice_about(one.widen))
            for one in shown
        ],
        "room": _room(shown),
        "shown": shown,
        **others,
    }
    return page(request, "connections/rounds/left_out.html", context)


def _room(shown: Iterable[LeftOut]) -> list[str]:
    """Where places are free, for those who might name something else."""
    if not any("needs" in one.widen for one in shown):
        return []
    return words.with_room(room(MentorProfile.objects.taking()))
