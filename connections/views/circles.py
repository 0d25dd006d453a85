"""Circles: found and joined by everybody, made and kept by their host or a coordinator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import calendars
from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.cards import language_words, names
from connections.forms.circles import JoinForm, ReportForm
from connections.forms.open_lists import MOST
from connections.models import Circle, CircleMember, CircleMessage, Concern
from connections.models.circle_entries import entries
from connections.models.circle_list import joinable, mine, shown
from connections.permissions import may_run
from connections.views.open_lists import card, narrowed
from connections.views.reporting import report_page, reported
from connections.views.small import small_page, sure


def refused(refusal: Refusal) -> str:
    """Why not, in words."""
    said: dict[type[Refusal], str] = {
        Circle.Full: _("The last place has just been taken. We can tell you when one is free."),
        Circle.Closed: _("This circle has closed."),
        Circle.NotOpen: _("This circle is not open to you. Please choose another."),
        Circle.Host: _("You host this circle, so you are in it already."),
        Circle.Busy: _("Many people are joining just now. Please try again in a moment."),
        Circle.TooFew: _("More people are in the circle than that. Choose a higher number."),
        Circle.NoHost: _("Only mentors and coaches whose offer is approved can host a circle."),
    }
    return said[type(refusal)]


def _bar(found: Circle) -> int:
    return 132 * found.places_taken // found.places


@require_safe
@policy("improver")
def circles(request: HttpRequest) -> HttpResponse:
    """Open ones, those with a place first; and one's own."""
    reader, at = signed_in(request), now()
    found = narrowed(request, joinable(reader, at=at, most=MOST))
    rows = shown(found.pop("numbers"), at=at)
    context = {
        **found,
        "cards": [
            card(one.circle, circle=one.circle, meets_at=one.meets_at, bar=_bar(one.circle))
            for one in rows
        ],
        "mine": mine(reader, at=at),
    }
    return page(request, "connections/circles/circles.html", context)


def seen(request: HttpRequest, pk: int) -> Circle:
    rows = Circle.objects.visible_to(signed_in(request)).select_related("host")
    return get_object_or_404(rows, pk=pk)


@require_safe
@policy("improver")
def circle(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is about and when it meets; for who is in it also who, where, and what was written."""
    found, reader, at = seen(request, pk), signed_in(request), now()
    member = found.members.current().of(reader).first()
    hosts = found.host_id == reader.pk
    inside = hosts or member is not None
    people = found.members.current().select_related("person").order_by("joined_at", "pk")
    runs = may_run(reader, found)
    context = {
        "circle": found,
        "member": member,
        "hosts": hosts,
        "inside": inside,
        "runs": runs,
        "people": people if inside or runs else [],
        "said": CircleMessage.objects.filter(circle=found).opened_by(reader) if inside else [],
        "meetings": found.meetings.to_come(at).order_by("starts_at", "pk"),
        "wishes": found.wishes.of(reader).exists(),
        "topics": names(found.topics),
        "spoken": language_words(found.in_welsh, found.in_english),
        "bar": _bar(found),
    }
    return page(request, "connections/circles/circle.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def join_circle(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says what the others see; the tick says yes to it. A full circle says so itself."""
    found, reader = seen(request, pk), signed_in(request)
    form = JoinForm(request.POST or None)
    if form.is_valid():
        try:
            found.join(reader, at=now())
        except Refusal as refusal:
            messages.error(request, refused(refusal))
        else:
            words = _("You are in. No date is set yet: we write to you when there is one.")
            if found.meetings.to_come(now()).exists():
                words = _("You are in. We have sent you the dates as a calendar file.")
            messages.success(request, words)
        return redirect(found)
    if not _has_room_for(found, reader):
        return redirect(found)
    return small_page(
        request,
        form,
        title=_("Join this circle"),
        button=_("Join"),
        back=found.get_absolute_url(),
        caption=str(found),
        lead=_(
            "You see who else is in it, and they see you: names only. What is said in the circle"
            " stays in it. You can leave at any time, without a reason."
        ),
    )


def _has_room_for(found: Circle, reader: Any) -> bool:
    """Open, with a place, and the reader is not in it yet."""
    inside = Circle.objects.of(reader).filter(pk=found.pk).exists()
    return bool(found.free) and not found.closed_at and not inside


@require_http_methods(["GET", "POST"])
@policy("improver")
def leave_circle(request: HttpRequest, pk: int) -> HttpResponse:
    found, reader = seen(request, pk), signed_in(request)
    form = sure(request)
    if form.is_valid():
        found.let_go(reader, why=CircleMember.Why.OWN, at=now())
        messages.success(request, _("You have left the circle. Thank you for your time in it."))
        return redirect("connections:circles")
    if not found.members.current().of(reader).exists():
        return redirect(found)
    return small_page(
        request,
        form,
        title=_("Leave this circle"),
        button=_("Leave"),
        back=found.get_absolute_url(),
        caption=str(found),
        lead=_("You need not give a reason. Your place is free for somebody else."),
        warning=True,
    )


@require_POST
@policy("improver")
def wish_for_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell me when a place is free."""
    found = seen(request, pk)
    try:
        waits = found.wish(signed_in(request), at=now())
    except Refusal as refusal:
        messages.error(request, refused(refusal))
    else:
        messages.success(
            request,
            _("We write to you when a place is free. Whoever joins first then has it.")
            if waits
            else _("There is a place now: you can join."),
        )
    return redirect(found)


@require_safe
@policy("improver")
def circle_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """All its dates as a calendar file, for who is in it."""
    reader = signed_in(request)
    found = get_object_or_404(Circle.objects.of(reader), pk=pk)
    member = found.members.current().of(reader).first()
    held = entries(
        found, found.meetings.order_by("starts_at", "pk"), member=member.pk if member else None
    )
    file = calendars.invitation(held, to=reader, method=calendars.REQUEST, at=now())
    return calendars.download(file, name=f"circle-{found.pk}.ics")


@require_http_methods(["GET", "POST"])
@policy("improver")
def report_from_circle(request: HttpRequest, pk: int) -> HttpResponse:
    """About somebody in it, or about nobody named: the safeguarding lead alone reads it."""
    found, reader = seen(request, pk), signed_in(request)
    form = ReportForm(request.POST or None, people=_whom(found, reader))
    if form.is_valid():
        where = Concern.From.CIRCLE
        Concern.objects.report_from(where, by=reader, at=now(), **form.told())
        return reported(request)
    return report_page(request, form, back=found.get_absolute_url())


def _whom(found: Circle, reader: Any) -> list[Any]:
    """The host, and the others by name for who is among them."""
    rows = list(found.members.current().select_related("person").order_by("joined_at", "pk"))
    people = [found.host, *(row.person for row in rows)]
    inside = reader in people
    return [one for one in people if one != reader and (inside or one == found.host)]


@require_safe
@policy("improver")
def ways(request: HttpRequest) -> HttpResponse:
    """One to one, an office hour or a circle: which suits me?"""
    return page(request, "connections/circles/ways.html")
