"""Propose times; choose one, or say that none fits; take them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.proposals import FARTHEST, AnswerForm, ProposeForm, when
from connections.models import Meeting, Proposal, Relationship
from connections.models.availability import Part, suggested, week_of
from connections.models.taken import Span, clashes, taken
from connections.views.meetings import busy
from connections.views.relationships import pair_of, refused

HOUR = 60


def _taken(request: HttpRequest, at: datetime) -> list[Span]:
    """When the reader is promised already, to anybody."""
    return taken(signed_in(request).pk, since=at, until=at + FARTHEST)


@require_http_methods(["GET", "POST"])
@policy("improver")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    if not pair.current:
        return refused(request, pair, pair.refusal())
    week, usual = week_of(pair, request.user), Meeting.objects.usual(pair)
    times = suggested(pair, week, minutes=usual.get("minutes", HOUR), at=at)
    open_now = Proposal.objects.of(pair).with_times(at).first()
    own = open_now is not None and open_now.proposed_by_id == request.user.pk
    theirs = None if own else open_now
    form = ProposeForm(
        request.POST or None,
        at=at,
        suggested=times,
        taken=_taken(request, at),
        usual={**usual, "instead_of": theirs.pk if theirs else None},
    )
    if form.is_valid():
        try:
            Proposal.objects.propose(pair, by=request.user, at=at, **form.told())
        except Proposal.Crossed as crossed:
            theirs = crossed.proposal
            form.seen(theirs.pk)
            form.add_error(None, _crossed(pair.other(request.user)))
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _("Your times are sent. You hear as soon as one is chosen."))
            return redirect(pair)
    context: dict[str, Any] = {"pair": pair, "other": pair.other(request.user), "form": form}
    context |= {"week": week, "parts": list(Part), "suggested": times, "theirs": theirs}
    context["mine"] = open_now if own else None
    return page(request, "connections/proposals/propose.html", context)


def _crossed(other: Any) -> str:
    return _(
        "%(name)s has proposed times as well. Look at them first, or send yours again instead"
    ) % {"name": other.name}


def _proposal(request: HttpRequest, pk: int, number: int) -> Proposal:
    seen = Proposal.objects.visible_to(request.user).select_related(
        "relationship__mentor", "relationship__mentee", "meeting"
    )
    return get_object_or_404(seen, relationship=pk, pk=number)


def _over(request: HttpRequest, found: Proposal) -> HttpResponse:
    """To the meeting that came of it, or back to the pair."""
    messages.info(request, _("These times can no longer be chosen from."))
    return redirect(found.meeting or found.relationship)


@require_http_methods(["GET", "POST"])
@policy("improver")
def proposal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The times, to choose from; to who proposed them, to wait for or to take back."""
    found, at = _proposal(request, pk, number), now()
    pair = found.relationship
    times = {one.pk: one for one in found.times.filter(starts_at__gt=at).order_by("starts_at")}
    if not (pair.current and found.open):
        return _over(request, found)
    promised, length = _taken(request, at), timedelta(minutes=found.minutes)
    words = {pk: _label(one.starts_at, length, promised) for pk, one in times.items()}
    mine = found.proposed_by_id == request.user.pk
    form = AnswerForm(request.POST or None, times=words)
    if form.is_valid() and not mine:
        chosen = form.chosen
        try:
            if chosen is None:
                Proposal.objects.decline(found, by=request.user, at=at)
                return _declined(request, pair)
            meeting = Proposal.objects.accept(times[chosen], by=request.user, at=at)
        except Meeting.Clash as clash:
            form.add_error("time", busy(request, clash))
        except Meeting.AlreadyPast:
            form.add_error("time", _("This time is over. Choose one that is still to come"))
        except Proposal.Closed:
            found.refresh_from_db()
            return _over(request, found)
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(
                request, _("The meeting is planned. You have both been sent a calendar entry.")
            )
            return redirect(meeting)
    context: dict[str, Any] = {"pair": pair, "other": pair.other(request.user), "form": form}
    context |= {"proposal": found, "times": list(words.values()), "mine": mine}
    return page(request, "connections/proposals/proposal.html", context)


def _label(start: datetime, length: timedelta, promised: list[Span]) -> str:
    words = when(start, start + length)
    if clashes(start, start + length, promised):
        return _("%(when)s. You have something else then.") % {"when": words}
    return words


def _declined(request: HttpRequest, pair: Relationship) -> HttpResponse:
    other = {"name": pair.other(request.user).name}
    messages.success(request, _("%(name)s is told. Would you like to propose other times?") % other)
    return redirect("connections:propose", pk=pair.pk)


@require_POST
@policy("improver")
def withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _proposal(request, pk, number)
    try:
        Proposal.objects.withdraw(found, by=request.user, at=now())
    except Proposal.Closed:
        found.refresh_from_db()
        return _over(request, found)
    except Relationship.NotCurrent as refusal:
        return refused(request, found.relationship, refusal)
    messages.success(request, _("Your times are taken back."))
    return redirect(found.relationship)
