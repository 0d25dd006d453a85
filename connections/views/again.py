"""Find me someone else."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.forms import OnceForm
from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy
from connections.actions import again
from connections.views.refusals import refused as why_not
from connections.views.relationships import pair_of


@require_http_methods(["GET", "POST"])
@policy("improver")
def someone_else(request: HttpRequest, pk: int) -> HttpResponse:
    """The mentee's: one press; the page of a pair under way says first that it ends."""
    pair = pair_of(request, pk)
    if pair.mentee_id != request.user.pk:
        raise Http404
    onward = again.onward(pair)
    if onward is not None and pair.ended:
        return redirect(onward)
    form = OnceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = again.look_for_another(
                pair, by=request.user, token=form.cleaned_data["token"], at=now()
            )
        except again.TooSoon:
            form.add_error(
                None,
                _("You have not met yet. If it is not right, you can end it at any time"),
            )
        except Refusal as refusal:
            form.add_error(None, why_not(refusal))
        else:
            if made is None:
                messages.success(request, _("Tell us what you need, and we look."))
                return redirect(reverse("connections:ask", query={"instead_of": pair.pk}))
            messages.success(
                request,
                _("We look for somebody else. Nobody is at fault, and nobody is asked why."),
            )
            return redirect(made)
    context = {
        "pair": pair,
        "other": pair.mentor,
        "form": form,
        "may_look": again.may_look(pair),
        "known": again.words_known(pair) is not None,
    }
    return page(request, "connections/relationships/someone_else.html", context)
