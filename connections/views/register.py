"""The register of coaches, for coordinators and coach supervisors: counts and dates."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.csvs import as_csv
from academy.facets import turns
from academy.models import Person
from academy.pages import page
from academy.permissions import policy, require, signed_in
from connections import permissions
from connections.forms.register import CREDENTIALS, RegisterForm, StepForm
from connections.models import LogLine, Practice
from connections.models.ladder import ladder_of
from connections.models.log import year_of
from connections.models.own_practice import stood
from connections.models.register import SIZE, RegisterLine, dated, lines, narrowed, visible_to


@require_safe
@policy("improver")
def register(request: HttpRequest) -> HttpResponse:
    person, at, form = signed_in(request), now(), RegisterForm(request.GET)
    require(permissions.may_supervise(person))
    found = narrowed(dated(visible_to(person), at=at), form.asked(), at=at)
    pages = Paginator(found.order_by("name", "pk"), SIZE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "coordinator": person.has_role("coordinator"),
        "form": form,
        "total": pages.count,
        "lines": lines(shown.object_list, at=at),
        **turns(request.GET, number=shown.number, last=pages.num_pages),
    }
    return page(request, "connections/register/register.html", context)


@require_safe
@policy("improver")
def export(request: HttpRequest) -> HttpResponse:
    """The register as it is narrowed, without a word of anybody's."""
    person, at = signed_in(request), now()
    require(permissions.may_supervise(person))
    asked = RegisterForm(request.GET).asked()
    found = narrowed(dated(visible_to(person), at=at), asked, at=at).order_by("name", "pk")
    standings = {code: str(label) for code, label in CREDENTIALS}
    rows = [
        (
            one.person.name,
            one.organisation,
            one.step.label,
            standings.get(one.credential, ""),
            one.expires_on,
            one.supervised_on,
            _written_by(one),
            one.due_on,
            f"{localtime(one.books_at):%Y-%m-%d}" if one.books_at else "",
            one.people,
            one.hours,
            one.cpd_hours,
        )
        for one in lines(found, at=at)
    ]
    heading = (
        _("Name"),
        _("Organisation"),
        _("Step"),
        _("Credential"),
        _("Expires on"),
        _("Last supervision"),
        _("Who wrote it down"),
        _("Supervision due"),
        _("Supervision booked"),
        _("People now"),
        _("Hours given since April"),
        _("CPD hours since April"),
    )
    response = HttpResponse(as_csv(heading, rows), content_type="text/csv; charset=utf-8")
    name = f"coaches-{localdate(at):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _written_by(line: RegisterLine) -> str:
    """Whose word the last supervision stands on."""
    if line.supervised_on is None:
        return ""
    return _("written by the coach") if line.own_word else _("recorded by a supervisor")


def _coach(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(visible_to(signed_in(request)), pk=pk)


@require_safe
@policy("improver")
def coach(request: HttpRequest, pk: int) -> HttpResponse:
    """One coach: step, credentials, dates of supervision, minutes by kind."""
    found, reader, at = _coach(request, pk), signed_in(request), now()
    (line,) = lines(dated(Person.objects.filter(pk=found.pk), at=at), at=at)
    supervision = LogLine.objects.of(found).supervision().newest_first()
    context = {
        "line": line,
        "credentials": stood(found, at=at),
        "dates": list(supervision.values_list("done_on", "session")[:12]),
        "totals": LogLine.objects.totals(found, year=year_of(localdate(at))),
        "decides": permissions.may_decide(reader) and found.pk != reader.pk,
    }
    return page(request, "connections/register/coach.html", context)


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def give_step(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator gives a step on top of what the academy sees."""
    found, by, at = _coach(request, pk), signed_in(request), now()
    require(found.pk != by.pk)
    ladder = ladder_of(found, at=at)
    stands = ladder.here.step
    form = StepForm(request.POST or None, initial={"step": stands}, ladder=ladder)
    if form.is_valid():
        given = Practice.objects.give_step(found, by=by, at=at, **form.told())
        if given.step == stands:
            said = _(
                "%(name)s has this step already: nothing changes, and nobody is told anything."
            )
            messages.info(request, said % {"name": found.name})
        else:
            messages.success(request, _("The step is given, and the person is told."))
        return redirect("connections:coach", pk=pk)
    context = {"form": form, "coach": found, "ladder": ladder}
    return page(request, "connections/register/give_step.html", context)
