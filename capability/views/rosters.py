from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from academy import roles
from academy.csvs import as_csv
from academy.models import Membership
from academy.pages import page
from academy.permissions import policy, signed_in
from capability import permissions
from capability.forms.bookings import MessageForm
from capability.models import Booking, Cohort, Message


def _cohort(request: HttpRequest, pk: int) -> Cohort:
    seen = Cohort.objects.visible_to(signed_in(request)).select_related("course")
    return get_object_or_404(seen.defer("course__search", "course__plain"), pk=pk)


def _roster(request: HttpRequest, cohort: Cohort) -> list[dict[str, Any]]:
    """Who has a place, with where they work; an organisation lead sees their own people."""
    person = signed_in(request)
    bookings = Booking.objects.visible_to(person).on(cohort).current()
    rows = list(bookings.select_related("person").order_by("person__name", "pk"))
    work = Membership.objects.current().filter(person__in=[row.person_id for row in rows])
    places = {one.person_id: one for one in work.select_related("organisation")}
    hopes = permissions.may_read_hopes(person)
    return [
        {
            "person": row.person,
            "membership": places.get(row.person_id),
            "joined_at": row.joined_at,
            "hope": row.hope if hopes else "",
            "hope_language": row.hope_language,
        }
        for row in rows
    ]


@require_safe
@policy(*permissions.STAFF)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _cohort(request, pk)
    person = signed_in(request)
    context = {
        "cohort": cohort,
        "course": cohort.course,
        "rows": _roster(request, cohort),
        "hopes": permissions.may_read_hopes(person),
        "writes": permissions.may_write_to_all(person),
    }
    return page(request, "capability/roster.html", context)


@require_safe
@policy(*permissions.STAFF)
def roster_csv(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = _cohort(request, pk)
    hopes = permissions.may_read_hopes(signed_in(request))
    heading = [
        _("Name"),
        _("E-mail address"),
        _("Job role"),
        _("Organisation"),
        _("Team"),
        _("Booked on"),
    ]
    rows = []
    for row in _roster(request, cohort):
        who, work = row["person"], row["membership"]
        cells = [
            who.name,
            who.email,
            who.job_role,
            work.organisation.name if work else "",
            work.team if work else "",
            f"{localtime(row['joined_at']):%Y-%m-%d}",
        ]
        rows.append([*cells, row["hope"]] if hopes else cells)
    content = as_csv([*heading, _("Hopes to change")] if hopes else heading, rows)
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="cohort-{cohort.pk}.csv"'},
    )


@require_http_methods(["GET", "POST"])
@policy(roles.CURATOR)
def write_to_all(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail to everyone who has a place, in both languages."""
    cohort = _cohort(request, pk)
    form = MessageForm(request.POST or None)
    if form.is_valid():
        Message.objects.write_to_all(
            cohort,
            words=form.words(),
            token=form.cleaned_data["token"],
            by=signed_in(request),
            at=now(),
        )
        told = cohort.places_taken
        sent = ngettext(
            "Your message goes to %(n)s person.", "Your message goes to %(n)s people.", told
        )
        messages.success(request, sent % {"n": told})
        return redirect("capability:roster", pk=cohort.pk)
    context = {"cohort": cohort, "course": cohort.course, "form": form}
    return page(request, "capability/write_to_all.html", context)
