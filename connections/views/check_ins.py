"""How is it going? Three buttons; a letter's link opens the page and answers nothing by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.pages import page
from academy.permissions import policy
from connections.forms.check_ins import TapForm
from connections.models import CheckIn, Relationship
from connections.views.relationships import pair_of, refused


@require_http_methods(["GET", "POST"])
@policy("improver")
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest question to this person about this pair, or what they said."""
    pair, at = pair_of(request, pk), now()
    asked = CheckIn.objects.newest(pair, request.user)
    if request.method == "POST" and asked is not None:
        return _answer(request, pair, asked)
    may_answer = asked is not None and pair.current and asked.open_at(at)
    context = {
        "pair": pair,
        "other": pair.other(request.user),
        "asked": asked,
        "may_answer": may_answer,
        "given": asked.answer_given() if asked else "",
    }
    return page(request, "connections/check_ins/check_in.html", context)


def _answer(request: HttpRequest, pair: Relationship, asked: CheckIn) -> HttpResponse:
    form = TapForm(request.POST, asked=asked)
    if form.is_valid():
        try:
            CheckIn.objects.answer(pair, by=request.user, at=now(), **form.cleaned_data)
        except CheckIn.TooLate:
            messages.error(request, _("This question is closed: a newer one has taken its place."))
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _("Thank you. Your answer is kept, and stays yours."))
    else:
        messages.error(request, _("Press one of the three buttons."))
    return redirect("connections:check_in", pk=pair.pk)
