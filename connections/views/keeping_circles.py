"""A circle kept by its host or a coordinator: made, changed, dated, written to, closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, require, signed_in
from connections.forms.circles import CircleForm, DateForm, ToAllForm, as_dated, as_kept
from connections.models import Circle, CircleMeeting, CircleMember, CircleMessage, MentorProfile
from connections.permissions import may_name_a_host, may_run
from connections.views.circles import refused, seen
from connections.views.small import small_page, sure


def _run(request: HttpRequest, pk: int) -> Circle:
    """The circle, if the reader may see it and keeps it; 404 for who cannot see it, else 403."""
    found = seen(request, pk)
    require(may_run(request.user, found))
    return found


def _hosted(request: HttpRequest, pk: int) -> Circle:
    mine = Circle.objects.hosted_by(signed_in(request)).select_related("host")
    return get_object_or_404(mine, pk=pk)


def _closed(request: HttpRequest, found: Circle) -> HttpResponse:
    messages.error(request, refused(Circle.Closed()))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@policy("improver")
def new_circle(request: HttpRequest) -> HttpResponse:
    reader = signed_in(request)
    names_host = may_name_a_host(reader)
    form = CircleForm(request.POST or None, names_host=names_host)
    if form.is_valid():
        host = form.cleaned_data.get("host") or reader
        token = form.cleaned_data["token"]
        try:
            made = Circle.objects.begin(host, by=reader, token=token, at=now(), **form.said())
        except Refusal as refusal:
            form.add_error("host" if names_host else None, refused(refusal))
        else:
            messages.success(request, _("The circle is open. Now give it its first dates."))
            return redirect(made)
    offers = names_host or MentorProfile.objects.approved().of(reader).exists()
    context = {"form": form, "circle": None, "offers": offers}
    return page(request, "connections/circles/form.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def change_circle(request: HttpRequest, pk: int) -> HttpResponse:
    """For the host alone: where a circle meets is for those who are in it."""
    found = _hosted(request, pk)
    form = CircleForm(request.POST or None, initial=as_kept(found))
    if form.is_valid():
        try:
            found.change(by=request.user, at=now(), **form.said())
        except Circle.TooFew as refusal:
            form.add_error("places", refused(refusal))
        except Circle.Closed:
            return _closed(request, found)
        else:
            messages.success(request, _("The circle is changed."))
            return redirect(found)
    context = {"form": form, "circle": found, "offers": True}
    return page(request, "connections/circles/form.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def plan_circle_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found, at = _run(request, pk), now()
    form = DateForm(request.POST or None, at=at)
    if form.is_valid():
        try:
            found.plan(token=form.cleaned_data["token"], at=at, **form.when())
        except Circle.Closed:
            return _closed(request, found)
        messages.success(request, _("The date is set. Everybody in the circle is told."))
        return redirect(found)
    return small_page(
        request,
        form,
        title=_("Add a date"),
        button=_("Add this date"),
        back=found.get_absolute_url(),
        caption=str(found),
        lead=_("Everybody in the circle is told and gets a calendar file."),
    )


def _meeting(request: HttpRequest, pk: int, number: int) -> CircleMeeting:
    found = _run(request, pk)
    return get_object_or_404(found.meetings.select_related("circle__host"), pk=number)


def _gone(request: HttpRequest, meeting: CircleMeeting) -> HttpResponse:
    messages.error(request, _("This date is over or cancelled already."))
    return redirect(meeting.circle)


@require_http_methods(["GET", "POST"])
@policy("improver")
def move_circle_meeting(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    meeting, at = _meeting(request, pk, number), now()
    form = DateForm(request.POST or None, at=at, initial=as_dated(meeting))
    if form.is_valid():
        try:
            meeting.move(at=at, **form.when())
        except CircleMeeting.Gone:
            return _gone(request, meeting)
        messages.success(request, _("The date is moved. Everybody in the circle is told."))
        return redirect(meeting.circle)
    return small_page(
        request,
        form,
        title=_("Move this date"),
        button=_("Move it"),
        back=meeting.circle.get_absolute_url(),
        caption=str(meeting.circle),
        lead=_("Everybody in the circle is told, and their calendars follow."),
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def cancel_circle_meeting(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    meeting = _meeting(request, pk, number)
    form = sure(request)
    if form.is_valid():
        try:
            meeting.cancel(at=now())
        except CircleMeeting.Gone:
            return _gone(request, meeting)
        messages.success(request, _("The date is cancelled. Everybody in the circle is told."))
        return redirect(meeting.circle)
    return small_page(
        request,
        form,
        title=_("Cancel this date"),
        button=_("Cancel it"),
        back=meeting.circle.get_absolute_url(),
        caption=str(meeting.circle),
        lead=_("Everybody in the circle is told, and their calendars follow."),
        warning=True,
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def write_to_circle(request: HttpRequest, pk: int) -> HttpResponse:
    """From the host alone: what is written is for those who are in it."""
    found = _hosted(request, pk)
    form = ToAllForm(request.POST or None)
    if form.is_valid():
        try:
            CircleMessage.objects.write(found, by=request.user, at=now(), **form.told())
        except Circle.Closed as refusal:
            form.add_error(None, refused(refusal))
        else:
            messages.success(request, _("It is on the circle’s page, and everybody is told."))
            return redirect(found)
    return small_page(
        request,
        form,
        title=_("Write to everybody"),
        button=_("Send to everybody"),
        back=found.get_absolute_url(),
        caption=str(found),
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def remove_from_circle(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = _run(request, pk)
    places = found.members.current().select_related("person")
    member = get_object_or_404(places, pk=number)
    form = sure(request)
    if form.is_valid():
        found.let_go(member.person, why=CircleMember.Why.HOST, at=now())
        messages.success(request, _("Their place has ended, and they are told kindly."))
        return redirect(found)
    return small_page(
        request,
        form,
        title=_("End somebody’s place"),
        button=_("End their place"),
        back=found.get_absolute_url(),
        caption=member.person.name,
        lead=_("They are told kindly, without a reason. It is better to talk with them first."),
        warning=True,
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def close_circle(request: HttpRequest, pk: int) -> HttpResponse:
    found = _run(request, pk)
    form = sure(request)
    if form.is_valid():
        found.close(by=request.user, at=now())
        messages.success(request, _("The circle has closed, and everybody is thanked."))
        return redirect(reverse("connections:circles"))
    return small_page(
        request,
        form,
        title=_("Close this circle"),
        button=_("Close the circle"),
        back=found.get_absolute_url(),
        caption=str(found),
        lead=_("Everybody is thanked and told. Dates still to come leave their calendars."),
        warning=True,
    )
