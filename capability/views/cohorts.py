from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from academy.bilingual import language
from academy.pages import page
from academy.permissions import policy, require, signed_in
from capability import permissions
from capability.forms.bookings import BookForm
from capability.models import Booking, Cohort

REFUSED = {
    Cohort.Full: gettext_lazy("The last place has just been taken."),
    Cohort.Cancelled: gettext_lazy("This course has been cancelled."),
    Cohort.Closed: gettext_lazy("Booking has closed."),
    Cohort.Busy: gettext_lazy("Many people are booking just now. Please try again."),
}


@require_safe
@policy("visitor")
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery: when, where, in which language, how many places are left, the button."""
    seen = Cohort.objects.visible_to(request.user).select_related("course", "organisation")
    found = get_object_or_404(seen.defer("course__search", "course__plain"), pk=pk)
    booking = None
    if request.user.is_authenticated:
        booking = Booking.objects.of(request.user).current().on(found).first()
    at = now()
    context = {
        "cohort": found,
        "course": found.course,
        "sessions": list(found.sessions.order_by("starts_at", "pk")),
        "booking": booking,
        "open": found.is_open(at),
        "over": found.over(at),
        "joining": permissions.may_join_online(request.user, booked=booking is not None),
        "roster": permissions.may_see_roster(request.user),
    }
    return page(request, "capability/cohort.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def book(request: HttpRequest, pk: int) -> HttpResponse:
    person = signed_in(request)
    seen = Cohort.objects.visible_to(person).select_related("course")
    found = get_object_or_404(seen.defer("course__search", "course__plain"), pk=pk)
    require(permissions.may_book(person))
    if Booking.objects.of(person).current().on(found).exists():
        messages.info(request, _("You have a place here already."))
        return redirect(found)
    form = BookForm(request.POST or None)
    if form.is_valid():
        try:
            booking = found.book(
                person,
                hope=form.cleaned_data["hope"],
                hope_language=language(),
                token=form.cleaned_data["token"],
                at=now(),
            )
        except (Cohort.Full, Cohort.Closed, Cohort.Busy) as refusal:
            form.add_error(None, REFUSED[type(refusal)])
        else:
            say_booked(request, booking)
            return redirect(found)
    context = {"cohort": found, "course": found.course, "form": form, "open": found.is_open(now())}
    return page(request, "capability/book.html", context)


def say_booked(request: HttpRequest, booking: Booking) -> None:
    """The same form sent again after the place was given back books nothing, and says so."""
    if booking.left_at is None:
        words = _("You have a place. We have sent you an e-mail with the dates.")
        messages.success(request, words)
    else:
        messages.info(request, _("You gave up this place. To have one again, book it anew."))
