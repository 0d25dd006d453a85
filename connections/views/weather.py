"""The coordinators' page: how pairs are getting on, who needs a word first, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from academy.facets import turns
from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from academy.roles import COORDINATOR
from connections.forms.weather import ALONE, NudgeForm, NudgeManyForm, WeatherForm
from connections.models import Care, HandOver, Relationship
from connections.models.outlook import (
    alone,
    counts,
    ended_for,
    in_order,
    of_organisation,
    outlook,
    rows,
    watched_by,
    with_people,
)

A_PAGE = 50


def said(refusal: Refusal) -> str:
    words: dict[type[Refusal], str] = {
        Care.NudgedLately: _("A coordinator has written to them a few days ago. That is enough."),
        Care.BeingAsked: _(
            "Both are being asked whether they go on: wait for their answers first."
        ),
        Care.LeftInPeace: _("They are paused or have ended: we leave them in peace."),
    }
    return words.get(type(refusal), _("This can no longer be done."))


@require_safe
@policy(COORDINATOR)
def weather(request: HttpRequest) -> HttpResponse:
    """Counts as a picture, then pair by pair, those who need a word first."""
    person, at, form = signed_in(request), now(), WeatherForm(request.GET)
    narrowed = form.narrowed()
    pairs = watched_by(person)
    if narrowed["organisation"]:
        pairs = of_organisation(pairs, narrowed["organisation"])
    seen = outlook(pairs, at=at)
    many = counts(seen)
    if narrowed["level"] == ALONE:
        seen = alone(seen)
    elif narrowed["level"]:
        seen = seen.filter(level=narrowed["level"])
    shown = Paginator(with_people(in_order(seen)), A_PAGE)
    shown.count = getattr(many, narrowed["level"] or "all")
    sheet = shown.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "counts": many,
        "narrowed": any(narrowed.values()),
        "rows": rows(list(sheet)),
        "today": localdate(at),
        **turns(request.GET, number=sheet.number, last=shown.num_pages),
    }
    return page(request, "connections/weather/weather.html", context)


def all_watched(request: HttpRequest) -> Any:
    return with_people(outlook(watched_by(signed_in(request)), at=now()))


def about_watched(
    press: Callable[[HttpRequest, Any], HttpResponse],
) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button about one pair; on a page left open since the pair ended it leads to the list."""

    @wraps(press)
    def pressed(request: HttpRequest, pk: int) -> HttpResponse:
        pair = all_watched(request).filter(pk=pk).first()
        if pair is not None:
            return press(request, pair)
        get_object_or_404(ended_for(signed_in(request)), pk=pk)
        messages.info(request, _("This pair has ended in the meantime: nothing was done."))
        return _to_list(request)

    return pressed


@require_safe
@policy(COORDINATOR)
def pair_weather(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair: dates, the reason, and what a coordinator may do; of an ended one, how it stands."""
    pair = all_watched(request).filter(pk=pk).first()
    if pair is None:
        ended = get_object_or_404(ended_for(signed_in(request)), pk=pk)
        handed = HandOver.objects.of(ended).done().with_people().first()
        context = {"pair": ended, "handed": handed}
        return page(request, "connections/weather/ended.html", context)
    [row] = rows([pair])
    return page(request, "connections/weather/pair.html", {"row": row, "today": localdate(now())})


@require_POST
@policy(COORDINATOR)
@about_watched
def nudge(request: HttpRequest, pair: Relationship) -> HttpResponse:
    """A gentle letter to both or to one."""
    form = NudgeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whom to write to."))
        return redirect("connections:pair_weather", pk=pair.pk)
    at = now()
    try:
        Care.objects.nudge(pair, by=request.user, whom=form.cleaned_data["whom"], at=at)
    except Refusal as refusal:
        if Care.objects.of(pair).nudged_today_by(request.user, at=at):
            messages.success(request, _("Your letter of today is on its way: one is enough."))
        else:
            messages.error(request, said(refusal))
    else:
        messages.success(request, _("A kind letter is on its way."))
    return back(request, pair)


@require_POST
@policy(COORDINATOR)
def nudge_many(request: HttpRequest) -> HttpResponse:
    """The same letter to both sides of all pairs ticked; who was nudged lately is passed over."""
    person = signed_in(request)
    form = NudgeManyForm(request.POST, among=watched_by(person) | ended_for(person))
    if not form.is_valid():
        messages.error(request, _("Tick the pairs you want to write to first."))
        return _to_list(request)
    chosen = list(form.cleaned_data["pairs"].order_by("pk"))
    done = Care.objects.nudge_many(chosen, by=person, at=now())
    words = ngettext(
        "Letters to %(n)s pair are on their way.", "Letters to %(n)s pairs are on their way.", done
    )
    if done:
        messages.success(request, words % {"n": done})
    if done < len(chosen):
        messages.warning(
            request,
            _(
                "The others were nudged lately, are being asked something, rest or have ended:"
                " nothing was sent to them."
            ),
        )
    return _to_list(request)


@require_POST
@policy(COORDINATOR)
@about_watched
def look_after(request: HttpRequest, pair: Relationship) -> HttpResponse:
    """This coordinator sees to it; another may take it over."""
    try:
        Care.objects.look_after(pair, by=request.user, at=now())
    except Relationship.Ended as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("You look after this pair now. Colleagues see your name."))
    return back(request, pair)


@require_POST
@policy(COORDINATOR)
@about_watched
def stop_looking_after(request: HttpRequest, pair: Relationship) -> HttpResponse:
    """It waits for somebody again."""
    Care.objects.stop_looking_after(pair, by=request.user, at=now())
    messages.success(request, _("You no longer look after this pair."))
    return back(request, pair)


def _to_list(request: HttpRequest) -> HttpResponse:
    """As it was narrowed when the button was pressed."""
    return redirect(reverse("connections:weather", query=request.GET))


def back(request: HttpRequest, pair: Relationship) -> HttpResponse:
    """To the list or the pair's page, wherever the button was."""
    if request.POST.get("from") == "list":
        return _to_list(request)
    return redirect("connections:pair_weather", pk=pair.pk)
