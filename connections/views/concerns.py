"""Report a concern; and the safeguarding lead's list and page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.pages import page
from academy.permissions import policy
from connections.forms.notes import ClosingForm, ConcernForm
from connections.models import Concern
from connections.views.relationships import pair_of


@require_http_methods(["GET", "POST"])
@policy("improver")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    form = ConcernForm(request.POST or None)
    if form.is_valid():
        Concern.objects.report(pair, by=request.user, at=now(), **form.told())
        messages.success(
            request, _("Your concern has reached the safeguarding lead. Nobody else can read it.")
        )
        return redirect(pair)
    return page(
        request,
        "connections/concerns/report.html",
        {
            "pair": pair,
            "other": pair.other(request.user),
            "form": form,
            "contact": settings.SITE_SAFEGUARDING,
        },
    )


@require_safe
@policy("improver")
def my_concerns(request: HttpRequest) -> HttpResponse:
    """Whatever this person reported, wherever: that it arrived, who has it, how far it is."""
    mine = Concern.objects.reported_by(request.user).with_owner().reverse()
    return page(
        request,
        "connections/concerns/mine.html",
        {"concerns": mine, "contact": settings.SITE_SAFEGUARDING},
    )


@require_safe
@policy("safeguarding_lead")
def concerns(request: HttpRequest) -> HttpResponse:
    """Those nobody answers for first, then the oldest; the words are on each one's own page."""
    seen = Concern.objects.visible_to(request.user).select_related("owner")
    return page(
        request,
        "connections/concerns/concerns.html",
        {
            "waiting": seen.open().most_pressing_first(),
            "closed": seen.closed().order_by("-closed_at", "-pk")[:50],
        },
    )


def _seen(request: HttpRequest, pk: int) -> Concern:
    seen = Concern.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("reporter", "about", "owner", "relationship"), pk=pk
    )


@require_safe
@policy("safeguarding_lead")
def concern(request: HttpRequest, pk: int) -> HttpResponse:
    """The words. That they were read is written down."""
    found = _seen(request, pk)
    return _shown(request, found, ClosingForm(reader=found.reporter))


def _shown(request: HttpRequest, found: Concern, form: ClosingForm) -> HttpResponse:
    """With the form for who answers for it; for others, whatever they had written into it."""
    closing, mine = found.closing_words(), found.owner == request.user
    offered = mine and found.closed_at is None
    context = {
        "concern": found,
        "words": found.read_by(request.user, at=now()),
        "closing": closing,
        "done": closing.opened() if closing else "",
        "reply": found.reply_for(request.user),
        "replied": closing is not None and found.has_reply(),
        "form": form if offered else None,
        "typed": form.typed() if form.is_bound and not offered else [],
    }
    return page(request, "connections/concerns/concern.html", context)


@require_POST
@policy("safeguarding_lead")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """From nobody, or from the lead whom the page named."""
    found = _seen(request, pk)
    shown = found.owner and str(found.owner.pk) == request.POST.get("instead_of")
    try:
        found.take(request.user, instead_of=found.owner if shown else None, at=now())
    except Concern.Taken:
        messages.error(request, _("Another lead has taken it in the meantime: see who it is."))
    except Concern.Closed:
        messages.error(request, _("It has been closed in the meantime."))
    else:
        messages.success(request, _("You answer for this concern now."))
    return redirect("connections:concern", pk=pk)


@require_http_methods(["GET", "POST"])
@policy("safeguarding_lead")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """A form of the concern's page; a reload or another language after a refusal leads back there."""
    found = _seen(request, pk)
    if request.method == "GET":
        return redirect("connections:concern", found.pk)
    form = ClosingForm(request.POST, reader=found.reporter)
    sure = form.is_valid() and (form.sure() or found.owner != request.user)
    if not sure:
        return _shown(request, found, form)
    try:
        found.close(request.user, at=now(), **form.closing())
    except Concern.Closed:
        messages.error(request, _("It has been closed already."))
    except Concern.NotHeld:
        messages.error(request, _("It is not closed: another lead answers for it, or nobody yet."))
    else:
        messages.success(request, _("The concern is closed. The person who reported it sees that."))
        return redirect("connections:concerns")
    return _shown(request, _seen(request, pk), form)
