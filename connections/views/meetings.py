"""Record, plan, write up or cancel a meeting; each a small page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.pages import page
from academy.permissions import policy
from connections.forms.meetings import PlanForm, RecordForm, SettleForm
from connections.models import Meeting, Relationship
from connections.models.meetings import earliest_day
from connections.views.relationships import pair_of, refused


@require_http_methods(["GET", "POST"])
@policy("improver")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    if not pair.current:
        return refused(request, pair, pair.refusal())
    other = pair.other(request.user)
    form = RecordForm(request.POST or None, other=other.name, at=at, earliest=earliest_day(pair))
    if form.is_valid():
        try:
            Meeting.objects.record(pair, by=request.user, at=at, **form.told())
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        messages.success(request, _("Your meeting is recorded."))
        return redirect(pair)
    return page(
        request,
        "connections/meetings/record.html",
        {"pair": pair, "other": other, "form": form},
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    if not pair.current:
        return refused(request, pair, pair.refusal())
    form = PlanForm(request.POST or None, at=at)
    if form.is_valid():
        try:
            Meeting.objects.plan(pair, by=request.user, at=at, **form.told())
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        messages.success(request, _("The meeting is planned. The other side has been told."))
        return redirect(pair)
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
    """A planned meeting that is over: did it take place?"""
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
    return page(
        request,
        "connections/meetings/meeting.html",
        {"pair": pair, "other": other, "meeting": found, "form": form, "over": over},
    )


@require_POST
@policy("improver")
def cancel(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _meeting(request, pk, number)
    pair = found.relationship
    try:
        Meeting.objects.settle(found, by=request.user, held=False, at=now())
    except Relationship.NotCurrent as refusal:
        return refused(request, pair, refusal)
    messages.success(request, _("The meeting is cancelled. The other side has been told."))
    return redirect(pair)
