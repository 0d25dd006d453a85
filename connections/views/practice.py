"""A coach's own page: steps, supervision, credentials and log in one place; and the ladder."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from academy.pages import page
from academy.permissions import policy, signed_in
from connections import permissions
from connections.models import Practice
from connections.models.ladder import ladder_of
from connections.models.own_practice import own_practice


@require_safe
@policy("improver")
def practice(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    context = {
        "mine": own_practice(person, at=now()),
        "supervises": permissions.may_supervise(person),
    }
    return page(request, "connections/practice/practice.html", context)


@require_safe
@policy("improver")
def ladder(request: HttpRequest) -> HttpResponse:
    """All four steps, what each asks for, and what is done."""
    person = signed_in(request)
    context = {
        "ladder": ladder_of(person, at=now()),
        "shown": bool(Practice.objects.shown_step_of(person)),
    }
    return page(request, "connections/practice/ladder.html", context)


@require_POST
@policy("improver")
def show_step(request: HttpRequest) -> HttpResponse:
    """On my profile page, or no longer."""
    shown = request.POST.get("shown") == "yes"
    Practice.objects.show_step(signed_in(request), shown)
    words = _("Your step is on your profile page.") if shown else _("Your step is yours alone.")
    messages.success(request, words)
    return redirect("connections:ladder")
