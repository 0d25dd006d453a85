from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy import calendars
from academy.pages import page
from academy.permissions import policy, signed_in
from capability.models import Booking, Interest
from capability.models.invitations import invitation

PAST_SHOWN = 50


@require_safe
@policy("improver")
def learning(request: HttpRequest) -> HttpResponse:
    """My places: those to come, those I have been to, and those given back or cancelled."""
    person, at = signed_in(request), now()
    mine = (
        Booking.objects.of(person)
        .select_related("cohort__course", "cohort__organisation")
        .defer("cohort__course__search", "cohort__course__plain")
    )
    to_come = mine.to_come(at).order_by("cohort__starts_at", "pk")
    behind = list(mine.behind(at).order_by("-cohort__starts_at", "-pk")[:PAST_SHOWN])
    interests = Interest.objects.of(person).waiting().select_related("course")
    context = {
        "to_come": list(to_come),
        "past": [booking for booking in behind if booking.left_at is None],
        "left": [booking for booking in behind if booking.left_at is not None],
        "interests": list(
            interests.defer("course__search", "course__plain").order_by("declared_at", "pk")
        ),
    }
    return page(request, "capability/learning.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a place back. Opening the page changes nothing; its button does."""
    mine = Booking.objects.of(signed_in(request)).select_related("cohort__course", "person")
    booking = get_object_or_404(
        mine.defer("cohort__course__search", "cohort__course__plain"), pk=pk
    )
    at = now()
    if request.method == "POST":
        try:
            booking.leave(at=at)
        except Booking.TooLate:
            messages.error(request, _("This course is over, so there is no place to give back."))
        else:
            messages.success(request, _("You have given up your place. Thank you for telling us."))
        return redirect("capability:learning")
    context = {"booking": booking, "cohort": booking.cohort, "course": booking.cohort.course}
    return page(request, "capability/leave.html", {**context, "over": booking.cohort.over(at)})


@require_safe
@policy("improver")
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions of one place as a calendar file."""
    mine = (
        Booking.objects.of(signed_in(request)).current().select_related("cohort__course", "person")
    )
    booking = get_object_or_404(mine, pk=pk)
    sessions = booking.cohort.sessions.order_by("starts_at", "pk")
    file = invitation(booking, sessions, method=calendars.REQUEST, at=now())
    return calendars.download(file, name=f"course-{booking.cohort_id}.ics")
