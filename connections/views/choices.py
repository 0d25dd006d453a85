"""The mentee's own list of people to ask, whom they pass over, and a wider choice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections.actions import asking, choosing
from connections.forms.choices import PARTS, ChangeForm, ChoicesForm
from connections.models import MentoringRequest, MentoringRules, MentorProfile, Suggestion
from connections.models.suggestions import order_of
from connections.views.refusals import not_changed, refused, wider
from connections.views.requests import no_longer_suggested, own


@require_http_methods(["GET", "POST"])
@policy("improver")
def choices(request: HttpRequest, pk: int) -> HttpResponse:
    """Up to five people, in the order in which they would like them to be asked."""
    asked = own(request, pk)
    if not (asked.choosing or asked.pending):
        messages.error(request, refused(MentoringRequest.Closed()))
        return redirect(asked)
    added = _added(request)
    already = _already(asked, added) if added else None
    change = meanwhile = None
    form = _form(request, asked, added if request.method == "POST" or not already else None)
    if form.is_valid():
        try:
            kept = choosing.choose(asked, form.order(), seen=form.cleaned_data["seen"], at=now())
        except Suggestion.NotChosen as refusal:
            form.add_error(form.box_of(refusal.profile), refused(refusal.why))
            already = already or _already(asked, refusal.profile)
            if isinstance(refusal.why, MentoringRequest.ShutOut) and asked.choosing:
                change = wider(asked, refusal.why.part)
        except Suggestion.Reordered:
            asked = own(request, pk)
            meanwhile = _listed(asked)
            form.answers(asked.suggestions.order())
            form.add_error(None, _meanwhile())
        except Refusal as refusal:
            form.add_error(None, refused(refusal))
        else:
            messages.success(request, _kept_words(asked, kept))
            return redirect(kept)
    days = MentoringRules.current().move_on_after_days
    context = {"asked": asked, "form": form, "days": days, "already": already}
    context |= {"change": change, "meanwhile": meanwhile}
    return page(request, "connections/requests/choices.html", context)


def _already(asked: MentoringRequest, profile: MentorProfile) -> MentoringRequest | None:
    """Another request of theirs that waits for this mentor's answer."""
    waiting = MentoringRequest.objects.of(asked.mentee).asked_of(profile.person)
    return waiting.exclude(pk=asked.pk).select_related("mentor__person").first()


def _form(
    request: HttpRequest, asked: MentoringRequest, added: MentorProfile | None
) -> ChoicesForm:
    """Whom we suggested, who is on the list, and somebody they come from the page of."""
    rows = asked.suggestions.select_related("profile__person").order_by("choice", "rank", "pk")
    chosen = [row.profile for row in rows.chosen()]
    stands = order_of(one.pk for one in chosen)
    typed = request.POST if request.method == "POST" else None
    offered = rows.offered() if typed is None else rows.untouched()
    people = [*chosen, *(row.profile for row in offered)]
    if typed is not None and asked.mentor is not None:
        people.append(asked.mentor)  # asked since the page was made: no longer on the list
    if added is not None:
        people.append(added)
        chosen = [*chosen, *([added] if added not in chosen else [])]
    return ChoicesForm(typed, people=people, chosen=[one.pk for one in chosen], stands=stands)


def _added(request: HttpRequest) -> MentorProfile | None:
    number = request.GET.get("add", "")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    seen = MentorProfile.objects.visible_to(signed_in(request)).taking()
    return seen.select_related("person").defer("vector", "words").filter(pk=pk).first()


def _listed(asked: MentoringRequest) -> list[str]:
    rows = asked.suggestions.chosen().order_by("choice")
    return list(rows.values_list("profile__person__name", flat=True))


def _meanwhile() -> str:
    return _(
        "Your list has changed since you opened this page. It stands above what you chose here: "
        "read it, and press the button again if you would rather have yours"
    )


def _kept_words(before: MentoringRequest, kept: MentoringRequest) -> str:
    """Who has been asked, and the order that stands: empty boxes are closed up."""
    mentor, names = kept.mentor, ", ".join(_listed(kept))
    if mentor is None or mentor.pk == before.mentor_id:
        said = _("Your list is kept, in this order: %(names)s.")
        return said % {"names": names} if names else _("Nobody is on your list any more.")
    said = _("We have asked %(name)s for you.")
    if names:
        said = _("We have asked %(name)s for you. Next on your list: %(names)s.")
    return said % {"name": mentor.person.name, "names": names}


@require_http_methods(["GET", "POST"])
@policy("improver")
def pass_over(request: HttpRequest, pk: int, profile: int) -> HttpResponse:
    """Not for me. Of somebody who is being asked now the page asks first."""
    asked = own(request, pk)
    row = asked.suggestions.select_related("profile__person").filter(profile=profile).first()
    if row is None:
        return no_longer_suggested(request, asked)
    if request.method == "POST":
        try:
            choosing.pass_over(asked, row.profile, at=now())
        except Refusal as refusal:
            messages.error(request, refused(refusal))
        else:
            messages.success(request, _("Thank you. We do not suggest them for this again."))
        return redirect(asked)
    return page(request, "connections/requests/pass_over.html", {"asked": asked, "row": row})


@require_POST
@policy("improver")
def show_again(request: HttpRequest, pk: int, profile: int) -> HttpResponse:
    asked = own(request, pk)
    row = asked.suggestions.select_related("profile").filter(profile=profile).first()
    if row is None:
        return no_longer_suggested(request, asked)
    choosing.show_again(asked, row.profile, at=now())
    return redirect(asked)


@require_http_methods(["GET", "POST"])
@policy("improver")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What is needed, or the one part of it that the advice is about."""
    asked = own(request, pk)
    if not asked.choosing:
        messages.info(request, not_changed(asked))
        return redirect(asked)
    part = request.GET.get("part", "")
    typed = request.POST if request.method == "POST" else None
    form = ChangeForm(typed, asked=asked, part=part if part in PARTS else "")
    if form.is_valid():
        try:
            asking.change(asked, at=now(), **form.changed())
        except MentoringRequest.Closed:
            form.add_error(None, not_changed(own(request, pk)))
        except Refusal as refusal:
            form.add_error(None, refused(refusal))
        else:
            messages.success(request, _("Your choice is changed, and we are looking again."))
            return redirect(asked)
    return page(request, "connections/requests/change.html", {"asked": asked, "form": form})
