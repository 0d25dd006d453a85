"""What if: the drafts of a round beside what another version of the weights would give."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections import words
from connections.actions import alternatives
from connections.forms.rounds import CompareForm
from connections.models import MatchingRound, Weights, comparisons
from connections.views.rounds import refused, seen, some

WIDEST = 120  # points of a bar that stands for everybody


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a version, watch the worker, read what would change, decide."""
    found = seen(request, pk)
    other = found.alternative()
    form = CompareForm(request.POST or None, round=found, initial=_tried(other))
    if form.is_valid():
        try:
            alternatives.compare(
                found, form.cleaned_data["weights"], by=signed_in(request), at=now()
            )
        except Refusal:
            refused(request)
        return redirect("connections:what_if", pk=pk)
    choice = Weights.objects.exclude(pk=found.weights_id).exists()
    context: dict[str, Any] = {"round": found, "other": other, "form": form, "choice": choice}
    if other is not None and other.in_drafts:
        context |= _compared(request, found, other)
    elif other is not None:
        context["stage"] = words.stage(other.steps_done // 100)
        context["trouble"] = words.trouble(other.trouble) if other.trouble else ""
    return page(request, "connections/rounds/what_if.html", context)


def _tried(other: MatchingRound | None) -> dict[str, Any]:
    return {"weights": other.weights_id} if other else {}


def _compared(request: HttpRequest, found: MatchingRound, other: MatchingRound) -> dict[str, Any]:
    shown, others = some(comparisons.changed(found, other), request)
    return {
        "counts": comparisons.counts(found, other),
        "kinds": _kinds(found, other),
        "shown": shown,
        "rows": [
            (change, words.gained(change.gained), words.lost(change.lost), _in_the_way(change))
            for change in comparisons.described(shown, found, other)
        ],
        "differences": found.weights.differences(other.weights),
        "same_pool": found.pool_mark == other.pool_mark,
        **others,
    }


def _in_the_way(change: comparisons.Change) -> list[str]:
    return words.advice_about(change.widen)


def _kinds(found: MatchingRound, other: MatchingRound) -> list[dict[str, Any]]:
    """For each kind of fit how many pairs have it in the one and in the other, as bars too."""
    before, after = comparisons.with_fit(found, other)
    most = max(before["pairs"], after["pairs"], 1)
    named = {"pairs": _("Pairs in all"), **words.kinds_of_fit()}
    return [
        {
            "label": label,
            "before": before[kind],
            "after": after[kind],
            "bar_before": WIDEST * before[kind] // most,
            "bar_after": WIDEST * after[kind] // most,
        }
        for kind, label in named.items()
    ]


def _number(request: HttpRequest) -> int:
    """The alternative the page showed, so that no other is meant."""
    said = request.POST.get("alternative", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0


@require_POST
@policy("coordinator")
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """The other version takes the place of the drafts."""
    found = seen(request, pk)
    try:
        alternatives.use(found, _number(request), by=signed_in(request), at=now())
    except MatchingRound.NothingToUse:
        messages.error(
            request, _("This comparison is not there any more: the drafts are as you see them.")
        )
    except Refusal:
        refused(request)
    else:
        said = _("The drafts go by version %(version)s of the weights now. Locked pairs stayed.")
        messages.success(request, said % {"version": found.weights.version})
    return redirect(found)


@require_POST
@policy("coordinator")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """The drafts stay; the comparison is put away."""
    found = seen(request, pk)
    try:
        alternatives.put_back(found, _number(request), by=signed_in(request), at=now())
    except Refusal:
        refused(request)
    else:
        messages.success(request, _("The drafts stay as they are."))
    return redirect(found)
