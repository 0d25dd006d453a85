from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from academy.pages import page
from academy.permissions import policy
from conditions.forms import Wish
from conditions.models import Approach


@require_safe
@policy("visitor")
def approaches(request: HttpRequest) -> HttpResponse:
    """The library: what helps improvement and what suppresses it, with facets and search."""
    wish = Wish(request.GET)
    answering = list(Approach.objects.visible_to(request.user).matching(wish.words).in_order())
    context = {"found": wish.found(answering), "facets": wish.facets(answering), "wish": wish}
    return page(request, "conditions/approaches.html", context)


@require_safe
@policy("visitor")
def approach(request: HttpRequest, slug: str) -> HttpResponse:
    """One approach: its effect, how it works, who can change it, a first step, how sure we are."""
    seen = Approach.objects.visible_to(request.user).prefetch_related("topics")
    return page(
        request, "conditions/approach.html", {"approach": get_object_or_404(seen, slug=slug)}
    )
