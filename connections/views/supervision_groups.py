"""Supervision as who leads it meets it: groups, their dates, and who came."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.pages import page
from academy.permissions import policy, require, signed_in
from connections import permissions
from connections.forms.supervision import (
    AttendanceForm,
    GroupForm,
    SessionForm,
    as_group,
    as_session,
)
from connections.models import (
    CoachRules,
    SupervisionGroup,
    SupervisionPlace,
    SupervisionSession,
)

PAST = 20


def _leads(request: HttpRequest, lead: Any = None) -> list[Any]:
    return SupervisionGroup.objects.possible_leads(signed_in(request), lead=lead)


@require_http_methods(["GET", "POST"])
@policy("improver")
def add(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    require(permissions.may_supervise(person))
    start = {"places": CoachRules.current().group_places, "lead": person.pk}
    form = GroupForm(request.POST or None, leads=_leads(request), initial=start)
    if form.is_valid():
        token = form.cleaned_data["token"]
        made = SupervisionGroup.objects.set_up(by=person, token=token, at=now(), **form.facts())
        messages.success(request, _("The group is set up. Plan its first session."))
        return redirect(made)
    return page(request, "connections/supervision/add.html", {"form": form})


def _kept(request: HttpRequest, pk: int) -> SupervisionGroup:
    kept = SupervisionGroup.objects.kept_by(signed_in(request)).select_related("lead")
    return get_object_or_404(kept, pk=pk)


@require_safe
@policy("improver")
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Its sessions, to come and past, with places and attendance."""
    kept, at = _kept(request, pk), now()
    sessions = kept.sessions.order_by("starts_at", "pk")
    context = {
        "group": kept,
        "to_come": list(sessions.to_come(at)),
        "past": list(sessions.live().filter(starts_at__lte=at).reverse()[:PAST]),
    }
    return page(request, "connections/supervision/group.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _kept(request, pk)
    leads = _leads(request, kept.lead)
    form = GroupForm(request.POST or None, leads=leads, initial=as_group(kept))
    if form.is_valid():
        kept.change(**form.facts())
        messages.success(request, _("The group is changed."))
        return redirect(kept)
    return page(request, "connections/supervision/edit.html", {"form": form, "group": kept})


@require_http_methods(["GET", "POST"])
@policy("improver")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It meets no more. Opening the page changes nothing; its button does."""
    kept = _kept(request, pk)
    if request.method == "POST":
        kept.close(by=signed_in(request), at=now())
        messages.success(request, _("The group is closed. Everyone with a place has been told."))
        return redirect("connections:supervision")
    return page(request, "connections/supervision/close.html", {"group": kept})


@require_http_methods(["GET", "POST"])
@policy("improver")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    kept, at = _kept(request, pk), now()
    if kept.closed_at is not None:
        return redirect(kept)
    form = SessionForm(request.POST or None, at=at, initial={"places": kept.places})
    if form.is_valid():
        token = form.cleaned_data["token"]
        try:
            SupervisionSession.plan(kept, token=token, at=at, **form.facts())
        except SupervisionSession.Closed:
            messages.error(request, _("This group has been closed meanwhile."))
            return redirect(kept)
        except SupervisionSession.Overlaps:
            form.add_error("time", _taken())
        else:
            messages.success(request, _("The session is planned. Coaches can book it now."))
            return redirect(kept)
    return page(request, "connections/supervision/plan.html", {"form": form, "group": kept})


def _taken() -> str:
    return _("Whoever leads has another session then. Choose a time before or after it")


def _session(request: HttpRequest, pk: int) -> SupervisionSession:
    kept = SupervisionSession.objects.kept_by(signed_in(request)).select_related("group")
    return get_object_or_404(kept, pk=pk)


@require_http_methods(["GET", "POST"])
@policy("improver")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place or number of places."""
    session, at = _session(request, pk), now()
    if not session.bookable(at):
        return redirect(session)
    form = SessionForm(request.POST or None, at=at, initial=as_session(session))
    if form.is_valid():
        try:
            moved = session.change(by=signed_in(request), at=at, **form.facts())
        except SupervisionSession.TooFew:
            form.add_error("places", _("More people have a place than that"))
        except SupervisionSession.Overlaps:
            form.add_error("time", _taken())
        except SupervisionSession.Closed:
            messages.error(request, _("This session can no longer be changed."))
            return redirect(session)
        else:
            told = _("Changed. Everyone with a place has been told.")
            messages.success(request, told if moved else _("Changed."))
            return redirect(session)
    context = {"form": form, "session": session, "group": session.group}
    return page(request, "connections/supervision/move.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)
    if request.method == "POST":
        if session.cancel(by=signed_in(request), at=now()):
            messages.success(request, _("Cancelled. Everyone with a place has been told."))
        return redirect(session.group)
    if not session.bookable(now()):
        return redirect(session)
    context = {"session": session, "group": session.group}
    return page(request, "connections/supervision/cancel.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """After the session: who came. It may be put right later."""
    session, at = _session(request, pk), now()
    if session.cancelled_at or not session.over(at):
        return redirect(session)
    places = session.bookings.current().select_related("person").order_by("person__name", "pk")
    form = AttendanceForm(request.POST if request.method == "POST" else None, places=list(places))
    if form.is_valid():
        came = set(form.cleaned_data["came"])
        SupervisionPlace.objects.record(session, came=came, by=signed_in(request), at=at)
        messages.success(request, _("Thank you. It is in the logs of those who came."))
        return redirect(session.group)
    context = {"form": form, "session": session, "group": session.group, "nobody": not places}
    return page(request, "connections/supervision/attendance.html", context)
