"""What stands between a signed-in person and a page: a live session, approval, a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from academy import sessions
from academy.errors import signed_out, typed
from academy.permissions import NEWCOMER, VISITOR, needs_second_factor, waits_for_approval

Next = Callable[[HttpRequest], HttpResponse]

LOGIN = "account_login"
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


class Gate:
    """A middleware that may answer in a view's place."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SignedIn(LoginRequiredMiddleware):
    """Login by default; a form sent after the session ended gives back what was typed."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        barred = super().process_view(request, view_func, view_args, view_kwargs)
        was_in = barred is not None and settings.SESSION_COOKIE_NAME in request.COOKIES
        return signed_out(request) if was_in and typed(request) else barred


class LiveSession(Gate):
    """An idle or old session ends here, and one whose owner lost a role."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        person = request.user
        if not person.is_authenticated:
            return None
        at, session = now(), request.session
        over = sessions.is_over(session, staff=person.is_staff, at=at)
        if not over and not sessions.has_lost_a_role(session, person.role_names()):
            sessions.keep(session, at=at)
            return None
        logout(request)
        messages.info(request, _("You were signed out to keep your account safe. Sign in again."))
        if not getattr(view, "login_required", True):
            return None
        back = request.get_full_path() if request.method == "GET" else reverse("home")
        return signed_out(request) if typed(request) else redirect_to_login(back, LOGIN)


class Approval(Gate):
    """A person who waits for approval sees what visitors see, and their own account."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        person = request.user
        names = getattr(view, "policy", None)  # library views have none: all belong to the account
        if not waits_for_approval(person) or names is None or NEWCOMER in names:
            return None
        if VISITOR in names:
            request.user = AnonymousUser()
            request.newcomer = person  # type: ignore[attr-defined] # the page's head offers their account
            return None
        return redirect("waiting")


class SecondFactor(Gate):
    """Staff without a second factor reach enrolment and little else; a new role applies at once."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if needs_second_factor(request.user) and match and match.view_name not in OPEN_TO_ENROLMENT:
            return redirect("mfa_index")
        return None


class OwnName(Gate):
    """allauth hands its pages a `site` of its own, which must not hide the academy's name."""

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        if response.context_data:
            response.context_data.pop("site", None)
        return response
