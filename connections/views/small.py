"""A small page that is one form and one button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from academy.pages import page


class Sure(forms.Form):
    """Nothing to fill in: the button is the answer."""


def small_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: Any,
    button: Any,
    back: str,
    lead: Any = "",
    caption: str = "",
    warning: bool = False,
) -> HttpResponse:
    """Draw it with what went wrong, if something did."""
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back_url": back,
        "lead": lead,
        "caption": caption,
        "warning": warning,
    }
    return page(request, "connections/small.html", context)


def sure(request: HttpRequest) -> Sure:
    """Bound once the button has been pressed."""
    return Sure(request.POST if request.method == "POST" else None)
