"""The desk of a mentor or coach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.csvs import as_csv
from academy.pages import page
from academy.permissions import policy
from connections.models import Meeting
from connections.models.caseload import desk_of


@require_safe
@policy("improver")
def caseload(request: HttpRequest) -> HttpResponse:
    """Who needs me first; my requests with the days left; my places and hours."""
    at = now()
    desk = desk_of(request.user, at=at)
    return page(request, "connections/caseload/caseload.html", {"desk": desk, "at": at})


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
    response = HttpResponse(as_csv(heading, rows), content_type="text/csv; charset=utf-8")
    name = f"caseload-{localdate(now()):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
