"""More time together: asked for by one, agreed by the other with one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.dates import today
from academy.pages import page
from academy.permissions import policy
from connections.forms.extensions import DayForm, ExtendForm
from connections.models import Relationship, RelationshipRules, extensions
from connections.views.relationships import pair_of, refused


@require_http_methods(["GET", "POST"])
@policy("improver")
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    if not pair.under_way:
        return refused(request, pair, pair.refusal())
    start = pair.later_on or RelationshipRules.current().ends_on(max(pair.ends_on, today()))
    form = ExtendForm(
        request.POST if request.method == "POST" else None,
        after=pair.ends_on,
        initial={"until": start},
    )
    other = pair.other(request.user)
    if form.is_valid():
        try:
            extensions.propose(pair, until=form.cleaned_data["until"], by=request.user, at=now())
        except extensions.NotLater:
            form.add_error("until", _("The day must be after the end you have agreed"))
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _extended_words(pair, other.name))
            return redirect(pair)
    context = {"pair": pair, "other": other, "form": form}
    return page(request, "connections/relationships/extend.html", context)


def _extended_words(pair: Relationship, name: str) -> str:
    if pair.later_on is None:
        return _("You both want the same day: you have more time together.")
    return _("%(name)s is asked to agree.") % {"name": name}


@require_POST
@policy("improver")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    pair, form = pair_of(request, pk), DayForm(request.POST)
    try:
        if not form.is_valid():
            raise extensions.Changed
        extensions.agree(pair, until=form.cleaned_data["until"], by=request.user, at=now())
    except extensions.Changed:
        messages.error(request, _("Another day is proposed by now, or none. Look again."))
    except Relationship.NotCurrent as refusal:
        return refused(request, pair, refusal)
    else:
        messages.success(request, _("You have more time together."))
    return redirect(pair)


@require_POST
@policy("improver")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    pair = pair_of(request, pk)
    try:
        extensions.set_aside(pair, by=request.user, at=now())
    except Relationship.NotCurrent as refusal:
        return refused(request, pair, refusal)
    messages.success(request, _("The end stays as you had agreed."))
    return redirect(pair)
