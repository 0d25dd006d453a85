"""Free places against waiting requests, for coordinators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.csvs import as_csv
from academy.pages import page
from academy.permissions import policy
from connections.forms.supply import KINDS, kind_of, names, rows, said
from connections.models.supply import supply as supply_of

SHOWN = 12  # skills and topics before the fold


@require_safe
@policy("coordinator")
def supply(request: HttpRequest) -> HttpResponse:
    """The shortest supply in a sentence, then three charts that are tables."""
    kind = kind_of(request.GET)
    found = supply_of(kind, names=names())
    context = {
        "map": found,
        "said": said(found, kind),
        "kinds": [{"value": value, "label": label} for value, label in KINDS.items()],
        "kind": kind,
        "languages": [found.in_welsh, found.in_english],
        "first": found.topics[:SHOWN],
        "rest": found.topics[SHOWN:],
    }
    return page(request, "connections/supply/supply.html", context)


@require_safe
@policy("coordinator")
def export(request: HttpRequest) -> HttpResponse:
    """The same numbers, a row each."""
    heading = (_("By"), _("Name"), _("Free places"), _("Waiting requests"))
    found = supply_of(kind_of(request.GET), names=names())
    response = HttpResponse(as_csv(heading, rows(found)), content_type="text/csv; charset=utf-8")
    name = f"supply-{localdate(now()):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
