"""Error pages in both languages; they ask neither database nor cache."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils.translation import override

from academy.bilingual import site_words
from academy.permissions import policy


def _page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    return render(request, template or f"{status}.html", status=status)


@policy("visitor")
def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN)


@policy("visitor")
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, HTTPStatus.NOT_FOUND)


@policy("visitor")
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, HTTPStatus.BAD_REQUEST)


# A form’s own, or only chosen.
NOT_TYPED = {"csrfmiddlewaretoken", "token", "seen", "language", "next"}


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a person wrote into the form they sent, without passwords."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if "password" not in name and name not in NOT_TYPED and value.strip()
    ]


@policy("visitor")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form grew old: what was typed is given back to be sent again."""
    words = {"typed": typed(request)}
    return render(request, "403_csrf.html", words, status=HTTPStatus.FORBIDDEN)


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended before the form was sent: what was typed is given back."""
    words = {"typed": typed(request)}
    return render(request, "signed_out.html", words, status=HTTPStatus.FORBIDDEN)


@policy("visitor")
def too_many(request: HttpRequest) -> HttpResponse:
    """A door was knocked at too often."""
    response = _page(request, HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = "300"
    return response


def only_sent(request: HttpRequest) -> HttpResponse:
    """An address that takes what a button sends was opened like a page: the way to the button.

    So it is after signing in again, with a bookmark, or with Enter in the address bar.
    """
    facts = {"page_above": page_above(request.path_info)}
    return render(request, "405.html", facts, status=HTTPStatus.METHOD_NOT_ALLOWED)


def page_above(path: str) -> str:
    """The nearest address above `path` that leads anywhere; the home page at the last."""
    above = path.rstrip("/").rpartition("/")[0] + "/"
    return above if above == "/" or is_valid_path(above) else page_above(above)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _page(request, HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


@policy("visitor")
def broken(request: HttpRequest) -> HttpResponse:
    """Something failed: say so in both languages without asking for anything that may have failed."""
    words = {}
    for code in ("en", "cy"):
        with override(code):
            words[code] = site_words()
    return HttpResponse(
        render_to_string("500.html", {"words": words}),
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def too_slow(request: HttpRequest, plain: str, everything: str) -> HttpResponse:
    """The database was stopped: the words, and the way (`plain`) to the list without any."""
    facts = {"plain": plain, "everything": everything}
    return render(request, "too_slow.html", facts, status=HTTPStatus.SERVICE_UNAVAILABLE)
