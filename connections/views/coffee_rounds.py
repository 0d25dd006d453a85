"""The coordinator's page of coffee rounds: counts of each, the next one, and drawing it now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from academy.pages import page
from academy.permissions import policy, signed_in
from connections.actions import coffee_rounds
from connections.models import CoffeeRound, CoffeeRules
from connections.models.coffee_counts import went

MOST_LISTED = 24


@require_safe
@policy("coordinator")
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds newest first, and what the next would be."""
    at = now()
    seen = CoffeeRound.objects.visible_to(request.user).newest_first()[:MOST_LISTED]
    following = coffee_rounds.preview(at=at, solve="preview" in request.GET)
    context = {
        "rows": went(seen),
        "next": following,
        "day": CoffeeRules.current().draw_day(following.month),
        "may_draw": coffee_rounds.may_draw(at=at),
        "previewed": "preview" in request.GET,
    }
    return page(request, "connections/coffee/rounds.html", context)


@require_POST
@policy("coordinator")
def draw_round(request: HttpRequest) -> HttpResponse:
    try:
        coffee_rounds.draw_now(by=signed_in(request), at=now())
    except CoffeeRound.DrawnAlready:
        messages.error(request, _("This month’s round has been drawn. There is one a month."))
    except CoffeeRound.TooFew:
        messages.error(request, _("At least two people must be in."))
    else:
        messages.success(
            request,
            _("The round is being drawn. Reload the page to see it; everybody gets a letter."),
        )
    return redirect("connections:coffee_rounds")
