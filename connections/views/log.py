"""A coach's own log: a working year at a time, to read, print and take away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.csvs import as_csv
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.forms.log import LogForm, ReflectionForm, as_written
from connections.models import LogLine
from connections.models.log import year_of

YEARS = 10


def _year(request: HttpRequest) -> int:
    """The year in the address, where it is one of the last ten; else this one."""
    this = year_of(localdate(now()))
    asked = request.GET.get("year", "")
    years = {str(year): year for year in range(this - YEARS, this + 1)}
    return years.get(asked, this)


@require_safe
@policy("improver")
def log(request: HttpRequest) -> HttpResponse:
    person, year, this = signed_in(request), _year(request), year_of(localdate(now()))
    mine = LogLine.objects.of(person)
    context = {
        "totals": LogLine.objects.totals(person, year=year),
        "lines": mine.in_year(year).newest_first().opened(),
        "next_year": year + 1,
        "earlier": year - 1 if year > this - YEARS else None,
        "later": year + 1 if year < this else None,
    }
    return page(request, "connections/log/log.html", context)


@require_safe
@policy("improver")
def export(request: HttpRequest) -> HttpResponse:
    """One's own lines of all years, words and all: for oneself."""
    lines = LogLine.objects.of(signed_in(request)).order_by("done_on", "pk").opened()
    rows = [
        (
            f"{one.line.done_on:%Y-%m-%d}",
            one.line.get_kind_display(),
            one.line.minutes,
            _("yes") if one.line.kind in LogLine.TOGETHER else _("no"),
            one.title,
            one.reflection,
        )
        for one in lines
    ]
    heading = (
        _("Date"),
        _("Kind"),
        _("Minutes"),
        _("With others"),
        _("What you did"),
        _("What you take from it"),
    )
    response = HttpResponse(as_csv(heading, rows), content_type="text/csv; charset=utf-8")
    name = f"log-{localdate(now()):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@policy("improver")
def write(request: HttpRequest) -> HttpResponse:
    form = LogForm(request.POST or None)
    if form.is_valid():
        LogLine.objects.write(signed_in(request), at=now(), **form.told())
        messages.success(request, _("It is in your log."))
        return redirect("connections:log")
    return page(request, "connections/log/write.html", {"form": form})


def _mine(request: HttpRequest, pk: int) -> LogLine:
    mine = LogLine.objects.of(signed_in(request)).select_related("session__group")
    return get_object_or_404(mine, pk=pk)


@require_http_methods(["GET", "POST"])
@policy("improver")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """All of one's own lines; of one a supervisor recorded, the words."""
    line = _mine(request, pk)
    kind = ReflectionForm if line.session_id else LogForm
    form = kind(request.POST or None, initial=as_written(line.words()))
    if form.is_valid():
        line.change(at=now(), **form.facts())
        messages.success(request, _("Your log is changed."))
        return redirect("connections:log")
    return page(request, "connections/log/change.html", {"form": form, "line": line})


@require_POST
@policy("improver")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        LogLine.objects.take_back(_mine(request, pk))
    except LogLine.Recorded:
        messages.error(request, _("Your supervisor recorded this. Ask them to put it right."))
    else:
        messages.success(request, _("The line is removed."))
    return redirect("connections:log")
