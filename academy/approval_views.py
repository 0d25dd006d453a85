"""The administrators' queue: people who confirmed an address of a domain we do not know."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy import approvals
from academy.account_forms import ReasonForm
from academy.models import Person
from academy.pages import page
from academy.permissions import policy, signed_in

AT_ONCE = 100


@require_safe
@policy("administrator")
def queue(request: HttpRequest) -> HttpResponse:
    """Oldest first."""
    rows = approvals.waiting().order_by("joined_at", "pk")
    people = approvals.with_places(rows)[:AT_ONCE]
    return page(request, "account/approvals.html", {"people": people, "count": rows.count()})


@require_POST
@policy("administrator")
def approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    person = get_object_or_404(Person, pk=pk)
    if approvals.approve(person, by=signed_in(request), at=now()):
        messages.success(
            request,
            _("The account is open and we have written to: %(name)s") % {"name": person.name},
        )
    else:
        messages.info(request, _("Somebody has answered this already."))
    return redirect("approvals")


@require_http_methods(["GET", "POST"])
@policy("administrator")
def turn_away(request: HttpRequest, pk: int) -> HttpResponseBase:
    person = get_object_or_404(approvals.waiting(), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        approvals.turn_away(person, by=signed_in(request), reason=reason, at=now())
        messages.success(
            request,
            _("The account is closed and we have written to: %(name)s") % {"name": person.name},
        )
        return redirect("approvals")
    words = {"title": _("Close this account"), "button": _("Close the account")}
    facts = {"form": form, "person": person, "back_url": reverse("approvals")}
    return page(request, "account/turn_away.html", {**facts, **words})
