"""Whom a round found somebody for: by organisation, language and job role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from academy.csvs import as_csv
from academy.pages import page
from academy.permissions import policy
from connections.models import fairness
from connections.models.fairness import Group, Report
from connections.views.rounds import seen

WIDEST = 240  # points of a bar that stands for everybody of a group


def _headings() -> dict[str, str]:
    return {
        fairness.ORGANISATION: _("By organisation"),
        fairness.LANGUAGE: _("By the language asked for"),
        fairness.JOB_ROLE: _("By job role"),
    }


def _label(dimension: str, group: Group, names: dict[Any, Any]) -> str:
    if group.key == fairness.SMALL:
        return _("Smaller groups together")
    if group.key == fairness.UNKNOWN:
        return _("Not known to us")
    if dimension == fairness.LANGUAGE:
        return {
            "cy": pgettext("asked for", "Welsh"),
            "en": pgettext("asked for", "English"),
            "both": pgettext("asked for", "Welsh or English"),
        }[str(group.key)]
    named = names.get(group.key, "")
    return str(getattr(named, "name", named))


def _tables(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "heading": heading,
            "rows": [
                {
                    "label": _label(name, group, report.names),
                    "group": group,
                    "bar": WIDEST * group.share // 100,
                }
                for group in report.groups[name]
            ],
        }
        for name, heading in _headings().items()
    ]


@require_safe
@policy("coordinator")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    made = fairness.report(found)
    context = {
        "round": found,
        "report": made,
        "tables": _tables(made) if made else [],
        "smallest": fairness.SMALLEST,
    }
    return page(request, "connections/rounds/fairness.html", context)


@require_safe
@policy("coordinator")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same rows and no more: what may not be seen may not be downloaded."""
    made = fairness.report(seen(request, pk))
    asked = pgettext("people who asked", "Asked")
    heading = (_("Grouped by"), _("Group"), asked, _("Somebody found"), _("Of a hundred"))
    content = as_csv(heading, _rows(made) if made else ())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="round-{pk}.csv"'
    return response


def _rows(made: Report) -> Iterator[tuple[Any, ...]]:
    everybody = made.everybody
    yield _("Everybody"), "", everybody.asked, everybody.found, everybody.share
    for table in _tables(made):
        for row in table["rows"]:
            group = row["group"]
            yield table["heading"], row["label"], group.asked, group.found, group.share
