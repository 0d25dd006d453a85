"""What one wrote today in a pair, each with a button that takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.pages import page
from academy.permissions import policy
from connections.models import Relationship
from connections.models.mistakes import TooLate, take_back, written_by
from connections.views.relationships import pair_of, refused


@require_http_methods(["GET", "POST"])
@policy("improver")
def mistakes(request: HttpRequest, pk: int) -> HttpResponse:
    pair, at = pair_of(request, pk), now()
    if not pair.under_way:
        return refused(request, pair, pair.refusal())
    if request.method == "POST":
        try:
            take_back(pair, request.POST.get("what", ""), by=request.user, at=at)
        except TooLate:
            messages.error(request, _("This can no longer be taken back."))
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _("It is removed."))
        return redirect(pair)
    context = {
        "pair": pair,
        "other": pair.other(request.user),
        "written": written_by(request.user, pair, at=at),
    }
    return page(request, "connections/relationships/mistakes.html", context)
