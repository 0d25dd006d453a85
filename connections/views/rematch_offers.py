"""Somebody else? A coordinator offers it to both; each answers on a page of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.forms import OnceForm
from academy.pages import page
from academy.permissions import policy
from academy.roles import COORDINATOR
from connections.actions import again
from connections.models import Relationship, RematchOffer
from connections.views.relationships import pair_of
from connections.views.small import sure
from connections.views.weather import about_watched, back, said


@require_http_methods(["GET", "POST"])
@policy(COORDINATOR)
@about_watched
def offer_rematch(request: HttpRequest, pair: Relationship) -> HttpResponse:
    """The page asks first, and shows who gets which words."""
    form = sure(request)
    if not form.is_valid():
        letters = [(pair.mentor, pair.mentee), (pair.mentee, pair.mentor)]
        context = {"pair": pair, "letters": letters}
        return page(request, "connections/rematch_offers/offer.html", context)
    try:
        RematchOffer.objects.offer(pair, by=request.user, at=now())
    except Relationship.Ended as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(
            request, _("Both are asked, in the same words. We tell nobody who says yes.")
        )
    return back(request, pair)


@require_http_methods(["GET", "POST"])
@policy("improver")
def rematch(request: HttpRequest, pk: int) -> HttpResponse:
    """Would you like somebody else? Two buttons; after the end, what comes next."""
    pair, at = pair_of(request, pk), now()
    if request.method == "POST":
        return _answer(request, pair)
    waits = RematchOffer.objects.waiting_for(request.user, at).filter(relationship=pair).exists()
    context = {
        "pair": pair,
        "other": pair.other(request.user),
        "waits": waits,
        "once": OnceForm() if pair.ended and request.user.pk == pair.mentee_id else None,
        "known": pair.ended and again.words_known(pair) is not None,
    }
    return page(request, "connections/rematch_offers/rematch.html", context)


def _answer(request: HttpRequest, pair: Relationship) -> HttpResponse:
    verbs = {"stay": RematchOffer.objects.stay, "part": RematchOffer.objects.part}
    verb = verbs.get(request.POST.get("answer", ""))
    if verb is None:
        messages.error(request, _("Press one of the two buttons."))
        return redirect("connections:rematch", pk=pair.pk)
    try:
        verb(pair, by=request.user, at=now())
    except RematchOffer.Closed:
        messages.error(request, _("This has been settled meanwhile."))
    else:
        messages.success(request, _("Thank you. We tell nobody who said what."))
    return redirect("connections:rematch", pk=pair.pk)
