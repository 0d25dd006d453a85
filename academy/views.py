"""Home, search, small print: pages over all pillars, walked through the register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from academy import hooks
from academy.bilingual import language
from academy.doors import DOORS
from academy.pages import page
from academy.permissions import policy
from academy.queries import TooSlow, at_most

if TYPE_CHECKING:
    from academy.permissions import Reader

SEARCH_MILLISECONDS = 2000  # for any one query; a reader waits no longer


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
        patch_vary_headers(response, ["Cookie"])
        return response
    words = {"names": settings.SITE_NAME, "straplines": settings.SITE_STRAPLINE}
    return page(request, "academy/landing.html", words)


@require_safe
@policy("visitor")
def home(request: HttpRequest) -> HttpResponse:
    """Three doors, what is on, one story; for signed-in people what needs them today comes first."""
    needs: list[hooks.Need] = []
    if request.user.is_authenticated:
        at = now()
        needs = [need for ask in hooks.needs for need in ask(request.user, at=at)]
        needs.sort(key=lambda need: (not need.first, need.due_at is None, need.due_at or at))
    panels: dict[str, list[dict[str, object]]] = {place: [] for place in hooks.PLACES}
    for panel in hooks.panels:
        facts = panel.facts(request)
        if facts is not None:
            panels[panel.place].append({"template": panel.template, "facts": facts})
    doors = [door for door in DOORS if door.url()]
    shown = {"needs": needs, "panels": panels, "doors": doors}
    return page(request, "academy/home.html", shown)


@require_safe
@policy("visitor")
def search(request: HttpRequest) -> HttpResponse:
    """One search over everything the reader may see."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    hits, slow = found(words, request.user)
    groups: dict[str, list[hooks.Hit]] = {}
    for hit in hits:
        groups.setdefault(str(hit.kind), []).append(hit)
    shown = {"words": words, "groups": groups, "count": len(hits), "slow": slow}
    return page(request, "academy/search.html", shown)


def found(words: str, reader: Reader) -> tuple[list[hooks.Hit], bool]:
    """Everybody's hits, and whether the database ran out of time on the way."""
    hits: list[hooks.Hit] = []
    if not words:
        return hits, False
    try:
        with at_most(SEARCH_MILLISECONDS):
            for _order, find in hooks.searches:
                hits += find(words, reader)
    except TooSlow:
        return hits, True
    return hits, False


@require_safe
@policy("visitor")
def small_print(request: HttpRequest, name: str) -> HttpResponse:
    """Accessibility, cookies, privacy, contact: real pages in both languages."""
    facts = {
        "contact": settings.SITE_CONTACT,
        "safeguarding": settings.SITE_SAFEGUARDING,
        "controller": settings.SITE_CONTROLLER[language()],
        "reviewed_on": date.fromisoformat(settings.SITE_ACCESSIBILITY_REVIEWED_ON),
        "cookies": {
            "session": settings.SESSION_COOKIE_NAME,
            "csrf": settings.CSRF_COOKIE_NAME,
            "language": settings.LANGUAGE_COOKIE_NAME,
        },
    }
    return page(request, f"academy/{name}.html", facts)
