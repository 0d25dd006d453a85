"""Coffee with somebody new: join, this month's company, skip, pause, leave."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.pages import page
from academy.permissions import policy, signed_in
from academy.roles import COORDINATOR
from connections import words
from connections.actions import coffee_seats
from connections.forms.circles import ReportForm
from connections.forms.coffee import CoffeeForm, as_member
from connections.models import (
    CoffeeGroup,
    CoffeeMember,
    CoffeeRound,
    CoffeeRules,
    CoffeeSeat,
    Concern,
    NotAgain,
)
from connections.models.coffee_month import Companion, Month, month_of, past_of
from connections.views.reporting import report_page, reported

YES_NO = {"yes": True, "no": False}


def _mine(request: HttpRequest) -> Any:
    return CoffeeMember.objects.visible_to(signed_in(request))


@require_safe
@policy("improver")
def coffee(request: HttpRequest) -> HttpResponse:
    """What it is, for who is not in; this month's company, for who is."""
    person, at = signed_in(request), now()
    member = _mine(request).joined().first()
    month = month_of(person, at=at)
    rules = CoffeeRules.current()
    newest = CoffeeRound.objects.newest_first().values_list("month", flat=True).first()
    next_month = rules.next_month(at, newest=newest)
    context = {
        "member": member,
        "form": None if member else CoffeeForm(initial=as_member(None, person)),
        "month": month,
        "company": [_shown(one, month) for one in month.companions] if month else [],
        "spoken": _spoken(month),
        "next_day": rules.draw_day(next_month),
        "next_month": next_month,
        "skips": member is not None and member.skipped_month == next_month,
        "past": past_of(person, at=at),
        "coordinates": person.has_role(COORDINATOR),
    }
    return page(request, "connections/coffee/coffee.html", context)


def _spoken(month: Month | None) -> str:
    """Which languages the whole group has in common, as a sentence."""
    group = month.seat.group if month else None
    reasons = [{"code": "languages", "bits": group.languages}] if group else []
    return " ".join(words.sentences(reasons, {}))


def _shown(one: Companion, month: Month) -> dict[str, Any]:
    """A companion, and a first message that only has to be sent."""
    prompt = month.seat.group.prompt if month.seat.group else None
    hello = _("Hello %(name)s! We have been put together for a coffee this month.") % {
        "name": one.person.name
    }
    ask = _("Which day would suit you for half an hour?")
    said = [hello, prompt.text if prompt else "", ask]
    message = " ".join(part for part in said if part)
    return {"one": one, "message": message, "write": _mail(one.reach, message)}


def _mail(reach: str, message: str) -> str:
    """A link that opens a letter with its first words, where the reach is an address."""
    try:
        validate_email(reach)
    except ValidationError:
        return ""
    subject = quote(_("Our coffee"))
    return f"mailto:{quote(reach, safe='@')}?subject={subject}&body={quote(message)}"


@require_http_methods(["GET", "POST"])
@policy("improver")
def choices(request: HttpRequest) -> HttpResponse:
    """Join, or change how."""
    person = signed_in(request)
    member = _mine(request).joined().first()
    form = CoffeeForm(request.POST or None, initial=as_member(member, person))
    if form.is_valid():
        CoffeeMember.objects.join(person, at=now(), **form.choices())
        said = _("Your choices are saved.") if member else _("You are in. We look forward to it.")
        messages.success(request, said)
        return redirect("connections:coffee")
    return page(request, "connections/coffee/choices.html", {"form": form, "member": member})


@require_POST
@policy("improver")
def skip(request: HttpRequest) -> HttpResponse:
    """One month without."""
    newest = CoffeeRound.objects.newest_first().values_list("month", flat=True).first()
    month = CoffeeRules.current().next_month(now(), newest=newest)
    if _mine(request).skip(month):
        messages.success(request, _("Skipped: the month after you are in again by yourself."))
    return redirect("connections:coffee")


@require_POST
@policy("improver")
def pause(request: HttpRequest) -> HttpResponse:
    if _mine(request).pause():
        messages.success(request, _("Paused until you come back. Nobody is told."))
    return redirect("connections:coffee")


@require_POST
@policy("improver")
def resume(request: HttpRequest) -> HttpResponse:
    """Back after a pause, or a skipped month after all."""
    if _mine(request).come_along():
        messages.success(request, _("You are in for the next round."))
    return redirect("connections:coffee")


@require_http_methods(["GET", "POST"])
@policy("improver")
def leave(request: HttpRequest) -> HttpResponse:
    """The page asks first."""
    if not _mine(request).joined().exists():
        return redirect("connections:coffee")
    if request.method == "POST":
        coffee_seats.leave(signed_in(request), at=now())
        messages.success(request, _("You have left the coffee rounds. You can come back any time."))
        return redirect("connections:coffee")
    return page(request, "connections/coffee/leave.html", {"wholly": True})


@require_http_methods(["GET", "POST"])
@policy("improver")
def cannot_come(request: HttpRequest) -> HttpResponse:
    """Not this month after all; the page asks first, and says what becomes of the others."""
    person, at = signed_in(request), now()
    if request.method == "POST":
        coffee_seats.give_up(person, at=at)
        messages.success(request, _("Thank you for saying so. We have told your group kindly."))
        return redirect("connections:coffee")
    month = month_of(person, at=at)
    if month is None or not month.names or month.seat.met:
        return redirect("connections:coffee")
    return page(request, "connections/coffee/leave.html", {"wholly": False, "names": month.names})


@require_POST
@policy("improver")
def join_another(request: HttpRequest) -> HttpResponse:
    """For who was left without company."""
    try:
        coffee_seats.join_another(signed_in(request), at=now())
    except CoffeeGroup.NoRoom:
        messages.error(
            request,
            _("Nobody could be found this month. You are in again next time; try again in a week."),
        )
    except CoffeeSeat.NotYours:
        messages.error(request, _("This can no longer be done."))
    else:
        messages.success(request, _("We found you company. Say hello first: they have been told."))
    return redirect("connections:coffee")


@require_POST
@policy("improver")
def answer(request: HttpRequest) -> HttpResponse:
    """We met, or not; and would you again? Nobody you met is shown it."""
    seat = CoffeeSeat.objects.visible_to(request.user).present(now()).first()
    met = YES_NO.get(request.POST.get("met", ""))
    if seat is None or met is None:
        return redirect("connections:coffee")
    again = YES_NO.get(request.POST.get("again", ""))
    try:
        seat.answer(met=met, again=again, at=now())
    except CoffeeSeat.NotYours:
        messages.error(request, _("This can no longer be done."))
    else:
        messages.success(request, _("Thank you. Nobody you met sees your answer."))
    return redirect("connections:coffee")


@require_http_methods(["GET", "POST"])
@policy("improver")
def not_again(request: HttpRequest, pk: int) -> HttpResponse:
    """No more coffee with this one; the page asks first, and nobody is told."""
    person = signed_in(request)
    seat = get_object_or_404(CoffeeSeat.objects.with_whom(person).select_related("person"), pk=pk)
    if request.method == "POST":
        NotAgain.objects.declare(person, other=seat.person, at=now())
        messages.success(request, _("We will not put you together again. Nobody is told."))
        return redirect("connections:coffee")
    return page(request, "connections/coffee/not_again.html", {"other": seat.person})


@require_http_methods(["GET", "POST"])
@policy("improver")
def report_from_coffee(request: HttpRequest) -> HttpResponse:
    """About somebody they have had coffee with, or about nobody named: only the lead reads it."""
    person = signed_in(request)
    seats = (
        CoffeeSeat.objects.with_whom(person)
        .select_related("person")
        .order_by("-round__month", "pk")
    )
    company = {seat.person_id: seat.person for seat in seats}
    form = ReportForm(request.POST or None, people=[*company.values()])
    if form.is_valid():
        where = Concern.From.COFFEE
        Concern.objects.report_from(where, by=person, at=now(), **form.told())
        return reported(request)
    return report_page(request, form, back=reverse("connections:coffee"))
