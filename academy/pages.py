"""page(): the whole page, or its heart when htmx asks. frame(): what every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override

from academy import hooks
from academy.bilingual import language, other, site_words


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `room/name.html`; for htmx only its heart `room/_name.html`, if the page has one."""
    if getattr(request, "htmx", None) and request.htmx.target:  # type: ignore[attr-defined]
        room, _, name = template.rpartition("/")
        template = f"{room}/_{name}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def twin(request: HttpRequest) -> str:
    """The address of this very page in the other language, query and all."""
    match = request.resolver_match
    query = request.META.get("QUERY_STRING", "")
    with override(other(language())):
        try:
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs) if match else ""
        except NoReverseMatch:
            path = ""
        path = path or reverse("home")
    return f"{path}?{query}" if query else path


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: names, languages, navigation. It asks the database nothing."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    here = request.path
    urls = {
        reverse(item.url_name): item.label
        for item in hooks.nav_items
        if item.audience == "all" or signed_in
    }
    items = [
        {"label": label, "url": url, "current": here.startswith(url)} for url, label in urls.items()
    ]
    code = language()
    return {
        "site": site_words(),
        "origin": settings.SITE_URL,
        "language": code,
        "other_language": other(code),
        "twin_url": twin(request),
        "nav_items": items,
    }
