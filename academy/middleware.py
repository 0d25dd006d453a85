"""What every request passes through: an id, headers, the person's language, the second factor."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, Resolver404
from django.utils import translation
from redis.exceptions import ConnectionError as CacheGone
from redis.exceptions import TimeoutError as CacheSilent

from academy.errors import unavailable
from academy.logs import remember_request_id
from academy.permissions import needs_second_factor

log = logging.getLogger("academy.requests")
Next = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# Where staff without a second factor may still go: to get one, to leave, to read the small print.
OPEN_TO_ENROLMENT = {
    "account_logout",
    "account_reauthenticate",
    "account_confirm_email",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "accessibility",
    "privacy",
    "cookies",
    "contact",
    "choose_language",
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
    """Addresses without a language (the admin) speak the person's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if translation.get_language_from_path(request.path_info) is None:
            person = request.user
            if person.is_authenticated and person.language in ("en", "cy"):
                translation.activate(person.language)
                request.LANGUAGE_CODE = person.language
        return get_response(request)

    return middleware


def second_factor(get_response: Next) -> Next:
    """Staff without a second factor reach enrolment and little else; a new role applies at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if needs_second_factor(request.user) and not request.path.startswith(settings.STATIC_URL):
            try:
                name = resolve(request.path_info).view_name
            except Resolver404:
                name = ""
            if name not in OPEN_TO_ENROLMENT:
                return redirect("mfa_index")
        return get_response(request)

    return middleware


class outages:  # noqa: N801 -- read as a function in MIDDLEWARE, a class for process_exception
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
