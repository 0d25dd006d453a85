"""Home, search, language, health: pages over all pillars, walked through the register."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from academy import hooks
from academy.pages import page
from academy.permissions import policy


@require_http_methods(["GET", "POST"])
@policy("visitor")
def landing(request: HttpRequest) -> HttpResponse:
    """`/`: both languages, equally; the choice is remembered."""
    chosen = request.POST.get("language") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in ("en", "cy"):
        with override(chosen):
            response: HttpResponse = HttpResponseRedirect(reverse("home"))
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    return page(request, "academy/landing.html", {"names": settings.SITE_NAME})


@require_safe
@policy("visitor")
def home(request: HttpRequest) -> HttpResponse:
    """Three doors, what is on, one story; for signed-in people what needs them today comes first."""
    needs: list[hooks.Need] = []
    if request.user.is_authenticated:
        at = now()
        needs = [need for ask in hooks.needs for need in ask(request.user, at=at)]
        needs.sort(key=lambda need: (need.due_at is None, need.due_at or at))
    panels: dict[str, list[dict[str, object]]] = {place: [] for place in hooks.PLACES}
    for panel in hooks.panels:
        facts = panel.facts(request)
        if facts is not None:
            panels[panel.place].append({"template": panel.template, "facts": facts})
    return page(request, "academy/home.html", {"needs": needs, "panels": panels})


@require_safe
@policy("visitor")
def search(request: HttpRequest) -> HttpResponse:
    """One search over everything the reader may see."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    hits = (
        [hit for _order, find in hooks.searches for hit in find(words, request.user)]
        if words
        else []
    )
    return page(request, "academy/search.html", {"words": words, "hits": hits})


@require_safe
@policy("visitor")
def small_print(request: HttpRequest, name: str) -> HttpResponse:
    """Accessibility, cookies, contact: real pages in both languages."""
    return page(
        request,
        f"academy/{name}.html",
        {"contact": settings.SITE_CONTACT, "safeguarding": settings.SITE_SAFEGUARDING},
    )
