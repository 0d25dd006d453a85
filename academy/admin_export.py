"""A list as a CSV file: named columns only, headings in both languages, nothing a spreadsheet runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import is_aware, localtime, now

from academy.csvs import as_csv
from academy.import_rows import both_names
from academy.models import AuditEvent


def export(admin: Any, request: HttpRequest, chosen: Any) -> HttpResponse:
    """The chosen rows, and who took them is written down."""
    names = list(admin.export_fields)
    headings = [both_names(Label(admin, name))[-1] for name in names]
    rows = list(cells(admin, chosen, names))
    AuditEvent.objects.record(
        f"{admin.opts.model_name}.exported",
        actor=request.user,
        fields=names,
        reason=str(len(rows)),
        at=now(),
    )
    name = f"{admin.opts.model_name}-{localtime():%Y-%m-%d}.csv"
    return HttpResponse(
        as_csv(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class Label:
    """What the admin calls a column, in whichever language is asked for."""

    def __init__(self, admin: Any, name: str) -> None:
        self.admin, self.name = admin, name

    def __str__(self) -> str:
        return str(label_for_field(self.name, self.admin.model, self.admin))


def cells(admin: Any, rows: Any, names: list[str]) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=500):
        yield [shown(*lookup_field(name, row, admin)) for name in names]


def shown(field: Any, attribute: Any, value: Any) -> Any:
    """Times as people here read them, lists with commas, empty for nothing."""
    if isinstance(value, bool):
        return int(value)
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if hasattr(value, "tzinfo") and is_aware(value):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return value
