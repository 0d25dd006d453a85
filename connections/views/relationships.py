"""The page of a pair, its agreement and its end; and a mentee's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy
from connections.actions import again
from connections.forms.notes import EndForm
from connections.models import (
    Concern,
    Goal,
    Meeting,
    MentoringRequest,
    MentorProfile,
    Note,
    Relationship,
    RelationshipRules,
    RematchOffer,
)
from connections.models.caseload import asking, rows_of
from connections.models.coming_up import coming_up
from connections.models.sheet import sheet_of


def pair_of(request: HttpRequest, pk: int) -> Relationship:
    """The pair, if the reader is one of the two."""
    seen = Relationship.objects.visible_to(request.user).select_related("mentor", "mentee")
    return get_object_or_404(seen, pk=pk)


def refused(request: HttpRequest, pair: Relationship, refusal: Refusal) -> HttpResponse:
    """Back to the pair's page with the reason in words."""
    words: dict[type[Refusal], str] = {
        Relationship.NotAgreed: _("First you both accept the agreement."),
        Relationship.Paused: _("This relationship is paused. Take it up again first."),
        Relationship.Ended: _("This relationship has ended. You can read, and nothing is added."),
        Goal.NotOpen: _("This goal is reached or let go already. Nothing has changed."),
    }
    messages.error(request, words.get(type(refusal), _("This can no longer be done.")))
    return redirect(pair)


@require_safe
@policy("improver")
def mine(request: HttpRequest) -> HttpResponse:
    """My relationships as mentee, and my requests, what I booked or joined; how many wait for me."""
    at = now()
    mine = Relationship.objects.received_by(request.user)
    requests = MentoringRequest.objects.of(request.user).unaccepted().with_found()
    return page(
        request,
        "connections/relationships/mine.html",
        {
            "offers": RematchOffer.objects.asked_of(request.user, at),
            "rows": rows_of(mine.open(), reader=request.user, at=at),
            "ended": mine.ended().select_related("mentor").order_by("-ended_at", "pk")[:20],
            "together": coming_up(request.user, at=at),
            "requests": requests.select_related("mentor__person").order_by("-asked_at", "-pk")[:20],
            "asking": asking(request.user),
            "has_desk": MentorProfile.objects.of(request.user).exists(),
            "reported": Concern.objects.reported_by(request.user).exists(),
        },
    )


@require_safe
@policy("improver")
def relationship(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    sheet = sheet_of(pair, reader=request.user, at=now())
    looking = pair.ended and not sheet.is_mentor
    context = {"sheet": sheet, "onward": again.onward(pair) if looking else None}
    return page(request, "connections/relationships/relationship.html", context)


def _thanks(*, mentor: bool) -> str:
    if mentor:
        return _("It has ended, without blame. Thank you for the time you gave.")
    return _("It has ended, without blame. All the best with what you do next.")


@require_http_methods(["GET", "POST"])
@policy("improver")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    other = pair.other(request.user)
    form = EndForm(request.POST or None, other=other.name)
    if form.is_valid():
        Note.objects.farewell(pair, by=request.user, at=now(), **form.told())
        messages.success(request, _thanks(mentor=request.user == pair.mentor))
        return redirect(pair)
    if pair.ended:
        return redirect(pair)
    return page(
        request,
        "connections/relationships/end.html",
        {
            "pair": pair,
            "other": other,
            "form": form,
            "until": localdate() + RelationshipRules.current().kept(),
            "planned": Meeting.objects.of(pair).to_come(now()).order_by("starts_at", "pk"),
        },
    )
