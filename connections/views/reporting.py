"""A concern without a pair: from an office hour, a circle or a coffee."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from academy.pages import page


def reported(request: HttpRequest) -> HttpResponse:
    """To one's own page of what one reported: no other page of theirs shows it."""
    messages.success(
        request, _("Your concern has reached the safeguarding lead. Nobody else can read it.")
    )
    return redirect("connections:my_concerns")


def report_page(request: HttpRequest, form: Any, *, back: str) -> HttpResponse:
    context = {"form": form, "back": back, "contact": settings.SITE_SAFEGUARDING}
    return page(request, "connections/concerns/report_from.html", context)
