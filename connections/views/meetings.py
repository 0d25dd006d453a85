"""Record, plan, move, write up or cancel a meeting; each a small page of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy import calendars
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.meetings import MoveForm, PlanForm, RecordForm, SettleForm
from connections.forms.proposals import when
from connections.models import Agenda, Meeting, Relationship
from connections.models.agendas import stage_of
from connections.models.invitations import entry
from connections.models.meetings import earliest_day
from connections.views.relationships import pair_of, refused
from connections.views.small import sure


def busy(request: HttpRequest, clash: Meeting.Clash) -> str:
    """Who of the two is promised elsewhere, without a detail."""
    if clash.person == request.user:
        return _("You have something else at this time. Choose another time")
    name = {"name": clash.person.name}
    return _("%(name)s has something else at this time. Choose another time") % name


def another(request: HttpRequest, same: Meeting.SameDay) -> str:
    """A question: both may have written down the one meeting they had."""
    if same.by is None:
        return _("A meeting on this day is recorded already. Was this another one?")
    if same.by == request.user:
        return _("You have recorded a meeting on this day already. Was this another one?")
    words = _("%(name)s has recorded a meeting on this day already. Was this another one?")
    return words % {"name": same.by.name}


def _usual(pair: Relationship, at: datetime) -> dict[str, Any]:
    """What a form about a meeting that took place starts with."""
    planned = Meeting.objects.of(pair).planned().filter(starts_at__lte=at)
    unwritten = planned.order_by("-starts_at", "-pk").first()
    usual = Meeting.objects.usual(pair)
    if unwritten is None:
        return usual
    return {**usual, "day": max(localdate(unwritten.starts_at), earliest_day(pair))}


@require_http_methods(["GET", "POST"])
@policy("improver")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """They met: filled in already, so that one press is enough."""
    pair, at = pair_of(request, pk), now()
    if not pair.current:
        return refused(request, pair, pair.refusal())
    other = pair.other(request.user)
    form = RecordForm(
        request.POST or None,
        other=other.name,
        at=at,
        earliest=earliest_day(pair),
        usual=_usual(pair, at),
    )
    if form.is_valid():
        try:
            Meeting.objects.record(pair, by=request.user, at=at, **form.told())
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        except Meeting.SameDay as same:
            form.add_error("another", another(request, same))
        else:
            messages.success(request, _("Your meeting is recorded."))
            return redirect(pair)
    context = {"pair": pair, "other": other, "form": form, "today": localdate(at)}
    return page(request, "connections/meetings/record.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    if not pair.current:
        return refused(request, pair, pair.refusal())
    form = PlanForm(request.POST or None, at=at, initial=Meeting.objects.usual(pair))
    if form.is_valid():
        try:
            meeting = Meeting.objects.plan(pair, by=request.user, at=at, **form.told())
        except Meeting.Clash as clash:
            form.add_error("day", busy(request, clash))
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(
                request, _("The meeting is planned. You have both been sent a calendar entry.")
            )
            return redirect(meeting)
    return page(
        request,
        "connections/meetings/plan.html",
        {"pair": pair, "other": pair.other(request.user), "form": form},
    )


@require_safe
@policy("improver")
def next_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The earliest planned meeting's own page; the pair's page when nothing is planned."""
    pair = pair_of(request, pk)
    meeting = Meeting.objects.of(pair).planned().order_by("starts_at", "pk").first()
    if meeting is None:
        return redirect(pair)
    return redirect("connections:meeting", pk=pair.pk, number=meeting.pk)


def _meeting(request: HttpRequest, pk: int, number: int) -> Meeting:
    seen = Meeting.objects.visible_to(request.user).select_related(
        "relationship__mentor", "relationship__mentee"
    )
    return get_object_or_404(seen, relationship=pk, pk=number)


@require_http_methods(["GET", "POST"])
@policy("improver")
def meeting(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A planned meeting: what to bring; or, when it is over, did it take place?"""
    found, at = _meeting(request, pk, number), now()
    pair = found.relationship
    if not (pair.under_way and found.planned):
        return redirect(pair)
    other = pair.other(request.user)
    over = found.starts_at <= at
    form = SettleForm(request.POST or None, other=other.name)
    if over and form.is_valid():
        try:
            Meeting.objects.settle(found, by=request.user, at=at, **form.cleaned_data)
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        messages.success(request, _("Thank you. The meeting is written up."))
        return redirect(pair)
    stage = stage_of(pair, on=localdate(found.starts_at))
    agenda = Agenda.objects.of(pair, stage).first()
    context = {"pair": pair, "other": other, "meeting": found, "form": form, "over": over}
    return page(request, "connections/meetings/meeting.html", {**context, "agenda": agenda})


@require_http_methods(["GET", "POST"])
@policy("improver")
def move(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Another time, place or way for a planned meeting."""
    found, at = _meeting(request, pk, number), now()
    pair = found.relationship
    if not (pair.current and found.planned):
        return redirect(pair)
    start = localtime(found.starts_at)
    before = {"day": start.date(), "time": start.time(), "place": found.place}
    before |= {"minutes": found.minutes, "how": found.how, "seen": found.sequence}
    form = MoveForm(request.POST or None, at=at, initial=before)
    if form.is_valid():
        try:
            moved = Meeting.objects.move(found, by=request.user, at=at, **form.told())
        except Meeting.Moved:
            found.refresh_from_db()
            form.answers(found)
            form.add_error("day", _moved_meanwhile(found))
        except Meeting.Clash as clash:
            form.add_error("day", busy(request, clash))
        except (Meeting.Settled, Relationship.NotCurrent) as refusal:
            return refused(request, pair, refusal)
        else:
            words = _("The meeting is moved. Both calendars are sent the new time.")
            if not moved:
                words = _("Nothing has changed. The meeting stays as it was planned.")
            messages.success(request, words)
            return redirect(found)
    context = {"pair": pair, "other": pair.other(request.user), "meeting": found, "form": form}
    return page(request, "connections/meetings/move.html", context)


def _moved_meanwhile(found: Meeting) -> str:
    return _(
        "This meeting has been moved meanwhile. It is now planned for %(when)s. "
        "What you typed is kept: press the button again if you would rather have that"
    ) % {"when": when(found.starts_at, found.ends_at)}


def _nothing_to_cancel(request: HttpRequest, found: Meeting) -> HttpResponse:
    """Kindly: it is cancelled or written up already, or its time has come."""
    words = _("This meeting is cancelled already. There is nothing more to do.")
    if found.planned:
        words = _("The time of this meeting has come. Say here whether it took place.")
    elif found.held:
        words = _("This meeting took place, so there is nothing to cancel.")
    messages.info(request, words)
    return redirect(found if found.planned else found.relationship)


@require_http_methods(["GET", "POST"])
@policy("improver")
def cancel(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The page asks first, and says who is told."""
    found, at = _meeting(request, pk, number), now()
    pair, form = found.relationship, sure(request)
    if not pair.under_way:
        return refused(request, pair, pair.refusal())
    if not found.planned or found.starts_at <= at:
        return _nothing_to_cancel(request, found)
    if form.is_valid():
        try:
            won = Meeting.objects.settle(found, by=request.user, held=False, at=at)
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        if not won:
            return _nothing_to_cancel(request, found)
        said = _("The meeting is cancelled. %(name)s has been told.")
        messages.success(request, said % {"name": pair.other(request.user).name})
        return redirect(pair)
    context = {"pair": pair, "other": pair.other(request.user), "meeting": found, "form": form}
    return page(request, "connections/meetings/cancel.html", context)


@require_safe
@policy("improver")
def calendar(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The meeting for a calendar; when it was cancelled, the same file takes it out again."""
    found, reader = _meeting(request, pk, number), signed_in(request)
    method = calendars.CANCEL if found.cancelled else calendars.REQUEST
    file = calendars.invitation([entry(found, reader)], to=reader, method=method, at=now())
    return calendars.download(file, name=f"meeting-{found.pk}.ics")
