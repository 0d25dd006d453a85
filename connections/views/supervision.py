"""Supervision as coaches meet it: sessions to book, a place, its calendar file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import calendars
from academy.pages import page
from academy.permissions import policy, signed_in
from connections import permissions
from connections.forms.supervision import BookForm
from connections.models import SupervisionGroup, SupervisionPlace, SupervisionSession
from connections.models.supervision_invitations import entry

SHOWN = 100
REFUSED = {
    SupervisionSession.Full: gettext_lazy("The last place has just been taken."),
    SupervisionSession.Closed: gettext_lazy("This session can no longer be booked."),
    SupervisionPlace.Leads: gettext_lazy("You lead this session, so you need no place."),
    SupervisionPlace.NotACoach: gettext_lazy("Supervision is for people who coach."),
}


@require_safe
@policy("improver")
def supervision(request: HttpRequest) -> HttpResponse:
    """Sessions to come; mine are marked. Who leads finds their groups."""
    person, at = signed_in(request), now()
    seen = SupervisionSession.objects.visible_to(person).to_come(at).select_related("group__lead")
    mine = SupervisionPlace.objects.of(person).to_come(at).values_list("session", flat=True)
    groups = SupervisionGroup.objects.kept_by(person).open().select_related("lead")
    context = {
        "sessions": list(seen.order_by("starts_at", "pk")[:SHOWN]),
        "mine": set(mine),
        "groups": list(groups.order_by("name", "pk")),
        "coaches": permissions.may_be_supervised(person),
        "supervises": permissions.may_supervise(person),
    }
    return page(request, "connections/supervision/supervision.html", context)


def _seen(request: HttpRequest, pk: int) -> SupervisionSession:
    seen = SupervisionSession.objects.visible_to(signed_in(request))
    return get_object_or_404(seen.select_related("group__lead"), pk=pk)


@require_safe
@policy("improver")
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """When, where, how many places; the button, or one's own place; the list for who leads."""
    person, found, at = signed_in(request), _seen(request, pk), now()
    keeps = SupervisionGroup.objects.kept_by(person).filter(pk=found.group_id).exists()
    places = found.bookings.current().select_related("person").order_by("person__name", "pk")
    listed = list(places if keeps else places.filter(person=person))
    context = {
        "session": found,
        "group": found.group,
        "mine": next((one for one in listed if one.person_id == person.pk), None),
        "keeps": keeps,
        "leads": found.group.lead_id == person.pk,
        "places": listed if keeps else [],
        "over": found.over(at),
        "coaches": permissions.may_be_supervised(person),
        "form": BookForm(),
    }
    return page(request, "connections/supervision/session.html", context)


@require_POST
@policy("improver")
def book(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _seen(request, pk), BookForm(request.POST)
    if form.is_valid():
        token = form.cleaned_data["token"]
        try:
            place = SupervisionPlace.objects.book(found, signed_in(request), token=token, at=now())
        except tuple(REFUSED) as refusal:
            messages.error(request, REFUSED[type(refusal)])
        else:
            _answer(request, place)
    return redirect(found)


def _answer(request: HttpRequest, place: SupervisionPlace) -> None:
    """An old form brings back a place that was given up since; it is not booked again."""
    if place.left_at is None:
        messages.success(request, _("You have a place. We have sent you a calendar file."))
    else:
        messages.error(request, _("You have given this place back. You can book again here."))


def _mine(request: HttpRequest, pk: int) -> SupervisionPlace:
    mine = SupervisionPlace.objects.of(signed_in(request)).current()
    return get_object_or_404(mine.select_related("session__group", "person"), session=pk)


@require_http_methods(["GET", "POST"])
@policy("improver")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a place back. Opening the page changes nothing; its button does."""
    place = _mine(request, pk)
    if request.method == "POST":
        try:
            place.give_back(at=now())
        except SupervisionPlace.TooLate:
            messages.error(request, _("It has begun, so there is no place to give back."))
        else:
            messages.success(request, _("You have given up your place. Thank you for telling us."))
        return redirect("connections:supervision")
    context = {"place": place, "session": place.session, "group": place.session.group}
    return page(request, "connections/supervision/leave.html", context)


@require_safe
@policy("improver")
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own place as a calendar file."""
    place = _mine(request, pk)
    content = calendars.invitation(
        [entry(place)], to=place.person, method=calendars.REQUEST, at=now()
    )
    return calendars.download(content, name=f"supervision-{pk}.ics")
