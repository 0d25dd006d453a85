"""What every request passes through: an id, headers, the person's language, a word when we fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from redis.exceptions import ConnectionError as CacheGone
from redis.exceptions import TimeoutError as CacheSilent

from academy.errors import only_sent, unavailable
from academy.logs import remember_request_id

log = logging.getLogger("academy.requests")
Next = Callable[[HttpRequest], HttpResponse]
LANGUAGE_HERE = "language"  # in the session: chosen for pages whose address names none

HEADERS = {
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


def request_id(get_response: Next) -> Next:
    """An id made here, never taken from outside, on the answer and on every line of the log."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started, value = time.monotonic(), uuid4().hex
        remember_request_id(value)
        response = get_response(request)
        response["X-Request-ID"] = value
        match = request.resolver_match
        log.info(
            "answered",
            extra={
                "facts": {
                    "method": request.method,
                    "route": match.view_name if match else "",
                    "status": response.status_code,
                    "ms": round((time.monotonic() - started) * 1000),
                }
            },
        )
        return response

    return middleware


def headers(get_response: Next) -> Next:
    """The headers no library of ours sets; pages of signed-in people are never stored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        person = getattr(request, "_cached_user", None)
        if person is not None and person.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def own_language(get_response: Next) -> Next:
    """Addresses without a language (the admin) speak the one chosen there, or the person's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if translation.get_language_from_path(request.path_info) is None:
            person = request.user
            code = person.is_authenticated and (
                request.session.get(LANGUAGE_HERE) or person.language
            )
            if code in ("en", "cy"):
                translation.activate(code)
                request.LANGUAGE_CODE = code
        return get_response(request)

    return middleware


def pages_for_buttons(get_response: Next) -> Next:
    """An address that only takes a form never answers a reader with nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        bare = isinstance(response, HttpResponseNotAllowed) and not response.content
        if request.method != "GET" or not bare:
            return response
        page = only_sent(request)
        page["Allow"] = response["Allow"]
        return page

    return middleware


class outages:  # read as a function in MIDDLEWARE, a class for process_exception
    """With the cache gone its users answer 503 with words, never a bare 500."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, CacheGone | CacheSilent):
            log.error("cache gone")
            return unavailable(request)
        return None
