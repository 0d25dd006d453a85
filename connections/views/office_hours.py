"""Office hours: found by everybody, opened, changed, skipped and stopped by their host."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.cards import language_words, names
from connections.forms.notes import ConcernForm
from connections.forms.office_hours import DayForm, HourForm, OfferAgainForm, OpenHourForm, as_kept
from connections.forms.open_lists import MOST
from connections.models import (
    Concern,
    Meeting,
    MentorProfile,
    OfficeHour,
    OfficeHourRules,
    SlotBooking,
)
from connections.models.desk_of_hours import desk_of
from connections.models.office_hour_list import bookable, offered
from connections.views.open_lists import card, narrowed
from connections.views.reporting import report_page, reported
from connections.views.small import small_page, sure


@require_safe
@policy("improver")
def office_hours(request: HttpRequest) -> HttpResponse:
    """Who has time soon, the next free first; and what one has booked oneself."""
    reader, at = signed_in(request), now()
    found = narrowed(request, bookable(reader, at=at, most=MOST))
    rows = offered(found.pop("numbers"), at=at)
    mine = SlotBooking.objects.of(reader).to_come(at).select_related("slot", "host")
    context = {
        **found,
        "cards": [card(one.hour, hour=one.hour, slots=one.slots) for one in rows],
        "mine": mine.order_by("slot__starts_at", "pk"),
        "minutes": OfficeHourRules.current().minutes,
    }
    return page(request, "connections/office_hours/office_hours.html", context)


def _seen(request: HttpRequest, pk: int) -> OfficeHour:
    seen = OfficeHour.objects.visible_to(signed_in(request)).select_related("host")
    return get_object_or_404(seen, pk=pk)


@require_safe
@policy("improver")
def office_hour(request: HttpRequest, pk: int) -> HttpResponse:
    """One host's hours: what to bring, and every free time."""
    hour, reader, at = _seen(request, pk), signed_in(request), now()
    rules = OfficeHourRules.current()
    profile = MentorProfile.objects.visible_to(reader).listed().of(hour.host).first()
    booked = SlotBooking.objects.of(reader).hosted_by(hour.host).to_come(at)
    free = hour.slots.free(at, rules=rules).apart_from(reader).order_by("starts_at")
    context = {
        "hour": hour,
        "own": hour.host_id == reader.pk,
        "profile": profile,
        "slots": [] if hour.stopped_at else free,
        "booked": booked.select_related("slot").first(),
        "topics": names(hour.topics),
        "spoken": language_words(hour.in_welsh, hour.in_english),
    }
    return page(request, "connections/office_hours/office_hour.html", context)


@require_safe
@policy("improver")
def my_office_hours(request: HttpRequest) -> HttpResponse:
    """The host's list of the days to come, with the questions; and the hours themselves."""
    desk = desk_of(signed_in(request), at=now())
    return page(request, "connections/office_hours/mine.html", {"desk": desk})


@require_http_methods(["GET", "POST"])
@policy("improver")
def open_office_hour(request: HttpRequest) -> HttpResponse:
    form = OpenHourForm(request.POST or None, initial={"from_on": localdate()})
    if form.is_valid():
        try:
            OfficeHour.objects.begin(signed_in(request), at=now(), **form.opened())
        except OfficeHour.Meets as refusal:
            form.add_error("begins", _meets(refusal.meeting))
        except Refusal as refusal:
            form.add_error(None, _not_opened(refusal))
        else:
            messages.success(request, _("Your office hours are open. People can book now."))
            return redirect("connections:my_office_hours")
    offers = MentorProfile.objects.approved().of(signed_in(request)).exists()
    context = {"form": form, "hour": None, "offers": offers}
    return page(request, "connections/office_hours/form.html", context)


def _not_opened(refusal: Refusal) -> str:
    said: dict[type[Refusal], str] = {
        OfficeHour.NoOffer: _("First your offer to mentor or coach has to be approved"),
        OfficeHour.NoDays: _(
            "No such weekday lies between the first and the last day, bank holidays left out"
        ),
        OfficeHour.Overlaps: _("You have other office hours at that time. Choose another time"),
    }
    return said[type(refusal)]


def _meets(meeting: Meeting) -> str:
    starts = localtime(meeting.starts_at)
    words = {"day": date_format(starts, "l j F"), "time": date_format(starts, "H:i")}
    return (
        _("You have a meeting planned within these hours: %(day)s at %(time)s. Choose another time")
        % words
    )


def _own(request: HttpRequest, pk: int) -> OfficeHour:
    mine = OfficeHour.objects.of(signed_in(request)).select_related("host")
    return get_object_or_404(mine, pk=pk)


def _stopped(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("These office hours have stopped. Open new ones whenever you like."))
    return redirect("connections:my_office_hours")


@require_http_methods(["GET", "POST"])
@policy("improver")
def change_office_hour(request: HttpRequest, pk: int) -> HttpResponse:
    hour = _own(request, pk)
    form = HourForm(request.POST or None, initial=as_kept(hour))
    if form.is_valid():
        try:
            hour.change(at=now(), **form.said())
        except OfficeHour.Stopped:
            return _stopped(request)
        messages.success(request, _("Your office hours are changed."))
        return redirect("connections:my_office_hours")
    context = {"form": form, "hour": hour, "offers": True}
    return page(request, "connections/office_hours/form.html", context)


def _told(told: int) -> str:
    if not told:
        return _("Nobody had booked, so nobody had to be told.")
    words = ngettext(
        "%(n)s person had booked and is told kindly.",
        "%(n)s people had booked and are told kindly.",
        told,
    )
    return words % {"n": told}


def _would_tell(many: int) -> str:
    if not many:
        return _("Nobody has booked, so nobody has to be told.")
    words = ngettext(
        "%(n)s person has booked and would be told kindly.",
        "%(n)s people have booked and would be told kindly.",
        many,
    )
    return words % {"n": many}


@require_http_methods(["GET", "POST"])
@policy("improver")
def skip_day(request: HttpRequest, pk: int) -> HttpResponse:
    hour = _own(request, pk)
    form, booked = DayForm(request.POST or None), 0
    lead = _("A holiday, or a day on which you are away. The other days stay as they are.")
    if form.is_valid():
        day = form.cleaned_data["day"]
        booked = SlotBooking.objects.in_hours(hour, now()).filter(slot__starts_at__date=day).count()
        if not (any(hour.days(since=day, until=day)) or hour.slots.live().on(day).exists()):
            form.add_error("day", _("You keep no office hours on that day"))
        elif booked and not form.sure(booked):
            lead = _("On %(day)s: %(told)s") % {
                "day": capfirst(date_format(day, "l j F Y")),
                "told": _would_tell(booked),
            }
        else:
            try:
                told = hour.skip(day, at=now())
            except OfficeHour.Stopped:
                return _stopped(request)
            words = {"day": date_format(day, "l j F Y"), "told": _told(told)}
            messages.success(request, _("No office hours on %(day)s. %(told)s") % words)
            return redirect("connections:my_office_hours")
    return small_page(
        request,
        form,
        title=_("Skip a day"),
        button=_("Yes, skip this day") if booked else _("Skip this day"),
        back=reverse("connections:my_office_hours"),
        lead=lead,
        warning=bool(booked),
    )


@require_POST
@policy("improver")
def offer_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A day that was skipped is on again after all."""
    hour, form = _own(request, pk), OfferAgainForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["day"]
        words = {"day": date_format(day, "l j F Y")}
        try:
            again = hour.offer_again(day, at=now())
        except OfficeHour.Stopped:
            return _stopped(request)
        except OfficeHour.Overlaps:
            said = _("You have other office hours on %(day)s at that time. Stop them first.")
            messages.error(request, said % words)
        else:
            if again:
                messages.success(request, _("You keep office hours on %(day)s after all.") % words)
            else:
                messages.info(request, _("This day is offered already."))
    return redirect("connections:my_office_hours")


@require_http_methods(["GET", "POST"])
@policy("improver")
def stop_office_hour(request: HttpRequest, pk: int) -> HttpResponse:
    hour = _own(request, pk)
    form = sure(request)
    if form.is_valid():
        told = hour.stop(by=request.user, at=now())
        stopped = {"told": _told(told)}
        messages.success(request, _("These office hours have stopped. %(told)s") % stopped)
        return redirect("connections:my_office_hours")
    return small_page(
        request,
        form,
        title=_("Stop these office hours"),
        button=_("Stop them"),
        back=reverse("connections:my_office_hours"),
        lead=_("No more times are offered. %(told)s")
        % {"told": _would_tell(SlotBooking.objects.in_hours(hour, now()).count())},
        warning=True,
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def report_from_office_hour(request: HttpRequest, pk: int) -> HttpResponse:
    """Something about these hours is not right: the safeguarding lead alone reads it."""
    hour, reader = _seen(request, pk), signed_in(request)
    form = ConcernForm(request.POST or None)
    if form.is_valid():
        about = None if reader.pk == hour.host_id else hour.host
        where = Concern.From.OFFICE_HOUR
        Concern.objects.report_from(where, about=about, by=reader, at=now(), **form.told())
        return reported(request)
    return report_page(request, form, back=hour.get_absolute_url())
