"""What both agree before they begin, and how they change it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.pages import page
from academy.permissions import policy
from connections.forms.agreements import TermsForm, YesForm, as_asked, start_values
from connections.models import Agreement, Relationship, Terms
from connections.models.pair import NEWEST
from connections.views.relationships import pair_of, refused


def words_of(version: int) -> str:
    return f"connections/relationships/agreements/{version}.html"


@require_http_methods(["GET", "POST"])
@policy("improver")
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """What applies, what is proposed, and what applied before."""
    pair = pair_of(request, pk)
    form = YesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            Terms.objects.accept(
                pair, by=request.user, number=form.cleaned_data["number"], at=now()
            )
        except Terms.Newer:
            form.add_error(
                None, _("The terms have changed since you opened this page. Read them again")
            )
        except Terms.Own:
            form.add_error(
                None,
                _("These are your own terms, and %(name)s has not accepted them yet")
                % {"name": pair.other(request.user).name},
            )
        except Relationship.Ended as refusal:
            return refused(request, pair, refusal)
        else:
            messages.success(request, _("Thank you. Your yes is kept here."))
            return redirect(pair)
    standing = Terms.objects.standing(pair, request.user)
    if pair.waiting and standing.proposal is None:
        return redirect("connections:change_agreement", pk=pair.pk)
    proposal = standing.proposal
    context = {
        "pair": pair,
        "other": pair.other(request.user),
        "form": form,
        "terms": standing,
        "number": proposal.terms.number if proposal else 0,
        "first_yeses": Agreement.objects.of(pair).select_related("person"),
        "proposed_words": words_of(proposal.terms.version) if proposal else "",
        "words": words_of(pair.words_version),
    }
    return page(request, "connections/relationships/agreement.html", context)


@require_http_methods(["GET", "POST"])
@policy("improver")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The first terms, or others: proposed with a yes, for the other to accept."""
    pair = pair_of(request, pk)
    if pair.ended:
        return refused(request, pair, pair.refusal())
    standing = Terms.objects.standing(pair, request.user)
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        initial=start_values(pair, standing),
        as_asked=as_asked(pair, standing),
    )
    other, meanwhile = pair.other(request.user), None
    if form.is_valid():
        try:
            Terms.objects.propose(pair, by=request.user, at=now(), **form.told())
        except Terms.Newer:
            pair = pair_of(request, pk)
            standing = Terms.objects.standing(pair, request.user)
            meanwhile = standing.proposal or standing.in_force
            form.answers(standing.newest)
            form.add_error(None, _meanwhile())
        except Relationship.Ended as refusal:
            return refused(request, pair, refusal)
        else:
            said = _("Thank you. %(name)s is asked to read it and say yes.")
            messages.success(request, said % {"name": other.name})
            return redirect(pair)
    context = {
        "pair": pair,
        "other": other,
        "form": form,
        "terms": standing,
        "meanwhile": meanwhile,
        "words": words_of(NEWEST),
    }
    return page(request, "connections/relationships/terms.html", context)


def _meanwhile() -> str:
    return _(
        "Meanwhile other terms have been proposed. They stand above yours, which are kept: "
        "read them, and say yes to yours again if you would rather propose those"
    )


@require_POST
@policy("improver")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it as it was: take a proposal back, or not take it up."""
    pair = pair_of(request, pk)
    written = request.POST.get("number", "")
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 5 else 0
    try:
        Terms.objects.set_aside(pair, by=request.user, number=number, at=now())
    except Relationship.NotCurrent as refusal:
        return refused(request, pair, refusal)
    if Terms.objects.of(pair).proposed().exists():
        messages.info(request, _("Other terms have been proposed meanwhile. Read them here."))
    elif Terms.objects.of(pair).agreed().filter(number=number).exists():
        messages.info(request, _("You have both said yes to these terms already."))
    else:
        messages.success(request, _("Your agreement stays as it was."))
    return redirect("connections:agreement", pk=pair.pk)
