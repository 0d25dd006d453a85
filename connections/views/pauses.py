"""A rest for a pair, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy
from connections.forms.pauses import PausePairForm
from connections.views.relationships import pair_of, refused


@require_http_methods(["GET", "POST"])
@policy("improver")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    if not pair.current:
        return redirect(pair) if pair.paused else refused(request, pair, pair.refusal())
    form = PausePairForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            pair.pause(by=request.user, until=form.cleaned_data["until"], at=now())
        except Refusal as refusal:
            return refused(request, pair, refusal)
        messages.success(request, _("It is paused. Rest well; we send no reminders."))
        return redirect(pair)
    context = {"pair": pair, "other": pair.other(request.user), "form": form}
    return page(request, "connections/relationships/pause.html", context)


@require_POST
@policy("improver")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    try:
        pair.resume(by=request.user, at=now())
    except Refusal as refusal:
        return refused(request, pair, refusal)
    messages.success(request, _("Welcome back: it goes on from here."))
    return redirect(pair)
