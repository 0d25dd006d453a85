"""The desk of a mentor or coach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from academy.csvs import as_csv
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.actions.nudging import nudge
from connections.forms.nudges import NudgeForm
from connections.models import Meeting, Note, Relationship
from connections.models.caseload import Desk, desk_of, rows_of
from connections.templatetags.relationships import level_words, why_words

NOTES = 10  # of a row, the newest


@require_http_methods(["GET", "POST"])
@policy("improver")
def caseload(request: HttpRequest) -> HttpResponse:
    """Who needs me first; my requests with the days left; a kind word to several at once."""
    mentor, at = signed_in(request), now()
    desk = desk_of(mentor, at=at)
    typed = request.POST if request.method == "POST" else None
    form = NudgeForm(typed, pairs=[row.pair for row in desk.rows])
    if form.is_valid():
        token = form.cleaned_data["token"]
        reached = nudge(form.pairs(), by=mentor, told=form.told(), token=token, at=at)
        messages.success(request, _reached(reached))
        return redirect(request.get_full_path())
    show = request.GET.get("show", "")
    context = {
        "desk": desk,
        "rows": desk.shown(show),
        "filters": _filters(desk),
        "show": show,
        "form": form,
        "at": at,
    }
    return page(request, "connections/caseload/caseload.html", context)


def _reached(n: int) -> str:
    words = ngettext(
        "Your words have gone to %(n)s person.", "Your words have gone to %(n)s people.", n
    )
    return words % {"n": n}


def _filters(desk: Desk) -> list[dict[str, Any]]:
    """Nothing to narrow where there is one person or none."""
    if len(desk.rows) < 2:
        return []
    labels = {
        "": _("Everybody"),
        "needs": _("People who need me"),
        "mentoring": _("Mentoring"),
        "coaching": _("Coaching"),
    }
    return [
        {"value": value, "label": label, "n": len(desk.shown(value))}
        for value, label in labels.items()
    ]


@require_safe
@policy("improver")
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest notes of one row, shared and one's own; on the desk itself where scripts run."""
    mentor = signed_in(request)
    seen = Relationship.objects.visible_to(mentor).given_by(mentor)
    pair = get_object_or_404(seen.select_related("mentee"), pk=pk)
    opened = Note.objects.of(pair).opened_by(mentor)
    context = {
        "pair": pair,
        "other": pair.mentee,
        "shared": [one for one in opened if one.note.shared][:NOTES],
        "private": [one for one in opened if not one.note.shared][:NOTES],
        "reader": mentor,
    }
    return page(request, "connections/caseload/notes.html", context)


@require_safe
@policy("improver")
def people(request: HttpRequest) -> HttpResponse:
    """One's own list: who, where, how it goes, and the days; without goals and words."""
    mentor, at = signed_in(request), now()
    rows = [
        (
            row.person.name,
            row.organisation,
            row.pair.get_kind_display(),
            row.pair.get_state_display(),
            level_words(row.weather),
            why_words(row.weather),
            f"{localtime(row.pair.began_at):%Y-%m-%d}",
            f"{row.pair.ends_on:%Y-%m-%d}",
            *(f"{day:%Y-%m-%d}" if day else "" for day in (row.last, row.next)),
        )
        for row in rows_of(Relationship.objects.given_by(mentor).open(), reader=mentor, at=at)
    ]
    heading = (
        _("Person"),
        _("Organisation"),
        _("Kind"),
        _("State"),
        _("How it is going"),
        _("Why"),
        _("Began on"),
        _("Ends on"),
        _("Last meeting"),
        _("Next meeting"),
    )
    return _file("people", heading, rows)


@require_safe
@policy("improver")
def export(request: HttpRequest) -> HttpResponse:
    """One's own log: each meeting one gave, without a word of what was said."""
    given = Meeting.objects.held().given_by(request.user)
    rows = [
        (
            f"{localtime(meeting.starts_at):%Y-%m-%d}",
            meeting.relationship.mentee.name,
            meeting.relationship.get_kind_display(),
            meeting.minutes,
            meeting.get_how_display(),
        )
        for meeting in given.select_related("relationship__mentee").order_by("starts_at", "pk")
    ]
    heading = (_("Date"), _("Person"), _("Kind"), _("Minutes"), _("How"))
    return _file("caseload", heading, rows)


def _file(name: str, heading: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    response = HttpResponse(as_csv(heading, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-{localdate(now()):%Y-%m-%d}.csv"'
    )
    return response
