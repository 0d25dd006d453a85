"""One slot: booked, given back, its question put in other words, marked, cancelled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import calendars
from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.notes import ConcernForm
from connections.forms.office_hours import CameForm, CancelSlotForm, QuestionForm
from connections.models import Concern, OfficeHourRules, Slot, SlotBooking
from connections.models.office_hour_list import next_of
from connections.models.slot_entries import entry
from connections.views.reporting import report_page, reported
from connections.views.small import small_page, sure

GONE = (Slot.Taken, Slot.Closed, Slot.Elsewhere)  # another time may still be had


def refused(refusal: Refusal, reader: Any) -> str:
    """Why not, in words."""
    if isinstance(refusal, Slot.Elsewhere):
        return _elsewhere(refusal.person, reader)
    said: dict[type[Refusal], str] = {
        Slot.Taken: _("Somebody else has booked this time. Please choose another."),
        Slot.Closed: _("This time can no longer be booked. Please choose another."),
        Slot.Own: _("These are your own office hours."),
        Slot.OneEach: _(
            "You have a time with this person already. You can book another once it is over."
        ),
        Slot.Enough: _(
            "You have as many times booked as one person may have. "
            "You can book another once one is over, or give one back."
        ),
        Slot.Busy: _("Many people are booking just now. Please try again in a moment."),
    }
    return said[type(refusal)]


def _elsewhere(person: Any, reader: Any) -> str:
    """Of either no more than that they are busy."""
    if person == reader:
        return _("You have something else at this time. Please choose another.")
    name = {"name": person.name}
    return _("%(name)s has something else at this time. Please choose another.") % name


@require_http_methods(["GET", "POST"])
@policy("improver")
def book_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """One question, and the time is theirs. Where it is not to be had, the page says so at once."""
    reader, at = signed_in(request), now()
    seen = Slot.objects.visible_to(reader).select_related("office_hour", "host")
    slot = get_object_or_404(seen, pk=pk)
    mine = slot.bookings.current().of(reader).first()
    form = QuestionForm(request.POST or None, other=slot.host.name)
    gone: Refusal | None = None
    if mine and not form.is_bound:
        messages.info(request, _("This time is yours already."))
        return redirect(mine)
    if form.is_valid():
        try:
            booking = slot.book(reader, at=at, **form.told())
        except Refusal as refusal:
            form.add_error(None, refused(refusal, reader))
            gone = refusal
        else:
            _answer(request, booking, form.cleaned_data["words"])
            return redirect(booking)
    elif not form.is_bound:
        gone = slot.gone(reader, at)
    if not isinstance(gone, GONE):
        gone = None
    context = {
        "slot": slot,
        "form": form,
        "others": next_of(slot.host, reader=reader, at=at) if gone else [],
        "own": slot.host_id == reader.pk,
        "gone": gone,
        "why": refused(gone, reader) if gone else "",
    }
    return page(request, "connections/office_hours/book.html", context)


def _answer(request: HttpRequest, booking: SlotBooking, words: str) -> None:
    """A second form changes nothing, and words that are not kept are never lost in silence."""
    question = booking.question_for(booking.person)
    if booking.left_at:
        messages.error(request, _("You have given this time back."))
    elif question and question.opened() == words:
        messages.success(request, _("The time is yours. We have sent you a calendar file."))
    else:
        messages.info(
            request,
            _(
                "This time is yours already, and your first question is kept. "
                "What you have just written is not: put your question in other words here."
            ),
        )


def _booking(request: HttpRequest, pk: int) -> SlotBooking:
    seen = SlotBooking.objects.visible_to(signed_in(request))
    return get_object_or_404(seen.select_related("slot__office_hour", "person", "host"), pk=pk)


def _mine(request: HttpRequest, pk: int) -> SlotBooking:
    """For the person who comes, not for the host."""
    mine = SlotBooking.objects.of(signed_in(request))
    return get_object_or_404(mine.select_related("slot__office_hour", "host", "person"), pk=pk)


def when(booking: SlotBooking) -> str:
    starts = localtime(booking.slot.starts_at)
    words = {"day": date_format(starts, "l j F"), "time": date_format(starts, "H:i")}
    return _("On %(day)s at %(time)s") % words


@require_safe
@policy("improver")
def slot_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the two: when, where, and the question."""
    booking, reader, at = _booking(request, pk), signed_in(request), now()
    question = booking.question_for(reader)
    context = {
        "booking": booking,
        "slot": booking.slot,
        "hour": booking.slot.office_hour,
        "other": booking.other(reader),
        "hosts": booking.host_id == reader.pk,
        "question": question,
        "words": question.opened() if question else None,
        "begun": booking.slot.starts_at <= at,
        "kept_days": OfficeHourRules.current().kept_days,
    }
    return page(request, "connections/office_hours/booking.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def change_question(request: HttpRequest, pk: int) -> HttpResponse:
    booking, reader = _mine(request, pk), signed_in(request)
    question = booking.question_for(reader)
    first: dict[str, Any] = (
        {"words": question.opened(), "language": question.language} if question else {}
    )
    form = QuestionForm(request.POST or None, other=booking.host.name, initial=first)
    if form.is_valid():
        said = form.told()
        try:
            booking.ask(said["words"], language=said["language"], at=now())
        except SlotBooking.TooLate:
            form.add_error(
                None, _("Your time has begun or is over. Copy your words if you need them")
            )
        else:
            messages.success(request, _("Your question is kept in its new words."))
            return redirect(booking)
    return small_page(
        request,
        form,
        title=_("Put your question in other words"),
        button=_("Keep this question"),
        back=booking.get_absolute_url(),
        caption=when(booking),
    )


@require_http_methods(["GET", "POST"])
@policy("improver")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    booking = _mine(request, pk)
    form = sure(request)
    if form.is_valid():
        try:
            booking.give_back(at=now())
        except SlotBooking.TooLate:
            messages.error(request, _("It has begun or is over, so there is nothing to give back."))
        else:
            messages.success(request, _("You have given the time back. Thank you for telling us."))
        return redirect("connections:office_hours")
    if booking.left_at:
        return redirect(booking)
    return small_page(
        request,
        form,
        title=_("Give the time back"),
        button=_("Give it back"),
        back=booking.get_absolute_url(),
        caption=when(booking),
        lead=_("Someone else can then have it. You need not give a reason."),
        warning=True,
    )


@require_safe
@policy("improver")
def slot_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The time as a calendar file, for either of the two."""
    booking, reader = _booking(request, pk), signed_in(request)
    title = _("Office hour with %(name)s") % {"name": booking.other(reader).name}
    held = entry(booking, title=title, gone=booking.left_at is not None)
    file = calendars.invitation([held], to=reader, method=calendars.REQUEST, at=now())
    return calendars.download(file, name=f"office-hour-{booking.pk}.ics")


@require_POST
@policy("improver")
def mark_came(request: HttpRequest, pk: int) -> HttpResponse:
    """The host says whether the person came."""
    given = SlotBooking.objects.hosted_by(signed_in(request)).select_related("slot", "person")
    booking = get_object_or_404(given, pk=pk)
    form = CameForm(request.POST)
    if form.is_valid():
        try:
            booking.mark(came=form.cleaned_data["came"], at=now())
        except SlotBooking.StillToCome:
            messages.error(request, _("That time is still to come."))
        else:
            messages.success(request, _("Thank you. It is noted."))
    return redirect("connections:my_office_hours")


def _nothing_to_cancel(request: HttpRequest, slot: Slot) -> HttpResponse:
    slot.refresh_from_db(fields=["cancelled_at"])
    words = _("It has begun or is over, so there is nothing to cancel.")
    if slot.cancelled_at:
        words = _("This time is cancelled already. There is nothing more to do.")
    messages.info(request, words)
    return redirect("connections:my_office_hours")


@require_http_methods(["GET", "POST"])
@policy("improver")
def cancel_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """One time is off; the page names who has booked it, and they are told kindly."""
    host, at = signed_in(request), now()
    slot = get_object_or_404(Slot.objects.of_host(host).select_related("host"), pk=pk)
    if slot.cancelled_at or slot.starts_at <= at:
        return _nothing_to_cancel(request, slot)
    booking = slot.bookings.current().select_related("person").first()
    form = CancelSlotForm(request.POST if request.method == "POST" else None, booking=booking)
    if form.is_valid():
        try:
            told = slot.cancel(at=at)
        except Slot.Closed:
            return _nothing_to_cancel(request, slot)
        messages.success(
            request,
            _("The time is cancelled, and the person who had booked it is told kindly.")
            if told
            else _("The time is cancelled. Nobody had booked it."),
        )
        return redirect("connections:my_office_hours")
    question = booking.question_for(host) if booking else None
    context = {
        "slot": slot,
        "booking": booking,
        "question": question,
        "words": question.opened() if question else None,
        "form": form,
    }
    return page(request, "connections/office_hours/cancel.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def report_from_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """Either of the two, about the other: the safeguarding lead alone reads it."""
    booking, reader = _booking(request, pk), signed_in(request)
    form = ConcernForm(request.POST or None)
    if form.is_valid():
        about, where = booking.other(reader), Concern.From.OFFICE_HOUR
        Concern.objects.report_from(where, about=about, by=reader, at=now(), **form.told())
        return reported(request)
    return report_page(request, form, back=booking.get_absolute_url())
