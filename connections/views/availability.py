"""When I can meet: one small week to tick."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.availability import AvailabilityForm
from connections.models import Availability, Relationship
from connections.models.availability import Part


@require_http_methods(["GET", "POST"])
@policy("improver")
def availability(request: HttpRequest) -> HttpResponse:
    """`?pair=` says where to go back to."""
    person = signed_in(request)
    mine = Availability.objects.of(person).first()
    form = AvailabilityForm(
        request.POST if request.method == "POST" else None,
        initial={"cells": mine.cells if mine else []},
    )
    pair = _pair(request)
    if form.is_valid():
        Availability.objects.keep(person, form.cleaned_data["cells"], at=now())
        messages.success(request, _("Thank you. The people you learn with can see it now."))
        return (
            redirect("connections:propose", pk=pair.pk)
            if pair
            else redirect("connections:mentoring")
        )
    context = {"form": form, "parts": list(Part), "pair": pair}
    return page(request, "connections/availability/availability.html", context)


def _pair(request: HttpRequest) -> Relationship | None:
    number = request.GET.get("pair", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Relationship.objects.visible_to(request.user).current().filter(pk=number).first()
