"""The privacy page of an account: take what we hold, close the account, have it deleted."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy import leaving
from academy.borrowed import confirmed
from academy.pages import page
from academy.permissions import policy, signed_in


@require_safe
@policy("newcomer")
def account_privacy(request: HttpRequest) -> HttpResponse:
    """What we hold, and what a person can do about it."""
    return page(request, "account/privacy.html", {"days": leaving.GRACE.days})


@require_safe
@policy("newcomer")
@confirmed
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything we hold about this person, as a file."""
    answer = JsonResponse(
        leaving.export(signed_in(request)), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    answer["Content-Disposition"] = f'attachment; filename="academy-{localdate():%Y-%m-%d}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@policy("newcomer")
@confirmed
def deactivate(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        leaving.close(signed_in(request), at=now())
        logout(request)
        messages.success(
            request, _("Your account is closed. Write to us if you want to come back.")
        )
        return redirect("home")
    return page(request, "account/deactivate.html", {"contact": settings.SITE_CONTACT})


@require_http_methods(["GET", "POST"])
@policy("newcomer")
@confirmed
def ask_for_deletion(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        leaving.ask_for_deletion(signed_in(request), at=now())
        logout(request)
        messages.success(
            request,
            _("Your account is closed and will be deleted. We have written to you about it."),
        )
        return redirect("home")
    facts = {"days": leaving.GRACE.days, "contact": settings.SITE_CONTACT}
    return page(request, "account/delete.html", facts)
