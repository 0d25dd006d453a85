"""Handing over: choose somebody, ask, say yes or no; each of the three on their own page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections import pool
from connections.actions import handing
from connections.forms.cards import language_words, names, place_of, places_words
from connections.forms.handovers import HandOverForm, MenteesYesForm, StandingForm
from connections.models import Goal, HandOver, MentoringRequest, MentorProfile, Relationship
from connections.views.refusals import refused as why_not
from connections.views.relationships import pair_of, refused
from connections.views.requests import topic_names
from connections.words import sentences

Why = tuple[MentorProfile, pool.Reasons]

SHOWN = 10


def _words_of(refusal: Refusal) -> str:
    said = {
        HandOver.Under: _("A hand-over waits for an answer already."),
        HandOver.Refused: _(
            "They have been asked for this pair before, and it did not come about. "
            "Choose somebody else."
        ),
        HandOver.Settled: _("This hand-over has been answered or stopped meanwhile."),
    }
    return said.get(type(refusal)) or why_not(refusal)


@require_http_methods(["GET", "POST"])
@policy("improver")
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a hand-over stands; or whom to choose; or, with somebody chosen, the form."""
    pair, at = pair_of(request, pk), now()
    if not pair.under_way:
        return refused(request, pair, pair.refusal())
    standing = HandOver.objects.of(pair).open().with_people().first()
    context = {"pair": pair, "other": pair.other(request.user), "standing": standing}
    if standing is not None:
        if request.method == "POST" and request.POST.get("token") != str(standing.token):
            messages.warning(request, _not_sent())
        context |= {
            "words": standing.opened(),
            "new": _shown(request, pair, _why(pair, [standing.to]))[0],
            "waits_for_me": standing.waits_for(request.user),
            "form": MenteesYesForm(initial={"seen": standing.pk, "goals": standing.goals}),
        }
        return page(request, "connections/hand_overs/standing.html", context)
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    suggested = [] if wanted else handing.suggested(pair, at=at)
    chosen = _chosen(request, pair, suggested)
    if chosen is None:
        rows, many = _found(request, pair, wanted) if wanted else (suggested, 0)
        more = many if many > SHOWN else 0
        context |= {"wanted": wanted, "more": more, "shown": len(rows)}
        context["found"] = _shown(request, pair, rows)
        return page(request, "connections/hand_overs/choose.html", context)
    if chosen.closed and request.method == "GET":  # what is sent keeps its words and says why
        closed = MentorProfile.NotTaking if chosen.paused else MentorProfile.Full
        messages.info(request, why_not(closed()))
        return redirect("connections:hand_over", pk=pair.pk)
    return _propose(request, pair, chosen, context)


def _not_sent() -> str:
    return _(
        "A hand-over has been proposed meanwhile. "
        "Yours has not been sent: this one is answered first."
    )


def _others(request: HttpRequest, pair: Relationship) -> Any:
    """Whom the reader may see, and is neither of the two."""
    seen = MentorProfile.objects.visible_to(request.user).approved().select_related("person")
    return seen.exclude(person__in=[pair.mentor_id, pair.mentee_id]).defer("vector", "words")


def _found(request: HttpRequest, pair: Relationship, wanted: str) -> tuple[list[Why], int]:
    """The first few of this name, and how many there are."""
    kind = "offers_coaching" if pair.coaching else "offers_mentoring"
    rows = _others(request, pair).taking().filter(**{kind: True}, shown_name__icontains=wanted)
    found = list(rows.order_by("shown_name", "pk")[:SHOWN])
    return _why(pair, found), rows.count()


def _why(pair: Relationship, found: list[MentorProfile]) -> list[Why]:
    reasons = handing.reasons(pair, found) if found else {}
    return [(one, reasons[one.pk]) for one in found]


def _shown(request: HttpRequest, pair: Relationship, rows: list[Why]) -> list[dict[str, Any]]:
    """Each with why they may suit the mentee, whether the reader may look them up, and an old no."""
    keys = [profile.pk for profile, _reasons in rows]
    seen = MentorProfile.objects.visible_to(request.user).filter(pk__in=keys)
    visible = set(seen.values_list("pk", flat=True))
    refused_before = set(HandOver.objects.of(pair).refused().values_list("to", flat=True))
    topics = topic_names(reasons for _profile, reasons in rows)
    return [
        {
            "profile": profile,
            "spoken": language_words(profile.in_welsh, profile.in_english),
            "places": places_words(profile.free, profile.paused),
            "reasons": sentences(reasons, topics),
            "visible": profile.pk in visible,
            "refused": profile.pk in refused_before,
        }
        for profile, reasons in rows
    ]


def _chosen(request: HttpRequest, pair: Relationship, suggested: list[Why]) -> MentorProfile | None:
    """The mentor named in the address: suggested, or one whom the reader may see."""
    number = request.GET.get("to", "")
    if not number:
        return None
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    found = next((one for one, _reasons in suggested if one.pk == pk), None)
    found = found or _others(request, pair).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _propose(
    request: HttpRequest, pair: Relationship, chosen: MentorProfile, context: dict[str, Any]
) -> HttpResponse:
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        new=chosen.person.name,
        mentees_own=request.user.pk == pair.mentee_id,
    )
    if form.is_valid():
        try:
            made = handing.propose(pair, chosen, by=request.user, at=now(), **form.told())
        except Relationship.NotCurrent as refusal:
            return refused(request, pair, refusal)
        except MentoringRequest.AskedAlready as refusal:
            own = request.user.pk == pair.mentee_id
            context["already"] = refusal.waiting if own else None
            form.add_error(None, why_not(refusal if own else MentoringRequest.NotPossible()))
        except Refusal as refusal:
            form.add_error(None, _words_of(refusal))
        else:
            asked = made.to.person if made.offered else pair.mentee
            messages.success(request, _("%(name)s is asked.") % {"name": asked.name})
            return redirect(pair)
    [one] = _shown(request, pair, _why(pair, [chosen]))
    context |= {"form": form, "chosen": chosen, "one": one}
    return page(request, "connections/hand_overs/propose.html", context)


def _another(request: HttpRequest, pair: Relationship) -> HttpResponse:
    """What was answered is not what waits now."""
    said = _("You answered an earlier hand-over, so nothing has changed. This one waits now.")
    messages.warning(request, said)
    return redirect("connections:hand_over", pk=pair.pk)


@require_POST
@policy("improver")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The mentee's yes."""
    pair, form = pair_of(request, pk), MenteesYesForm(request.POST)
    standing = HandOver.objects.of(pair).open().with_people().first()
    if standing is None:
        messages.error(request, _words_of(HandOver.Settled()))
        return redirect(pair)
    if not form.about(standing):
        return _another(request, pair)
    try:
        handing.agree(standing, by=request.user, goals=form.cleaned_data["goals"], at=now())
    except Relationship.NotCurrent as refusal:
        return refused(request, pair, refusal)
    except Refusal as refusal:
        messages.error(request, _words_of(refusal))
    else:
        messages.success(request, _("%(name)s is asked.") % {"name": standing.to.person.name})
    return redirect(pair)


@require_POST
@policy("improver")
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Either of the pair: everything stays as it is."""
    pair = pair_of(request, pk)
    standing = HandOver.objects.of(pair).open().first()
    if standing is not None and not StandingForm(request.POST).about(standing):
        return _another(request, pair)
    if standing is not None:
        HandOver.say_no(standing.pk, by=request.user, at=now())
    if HandOver.objects.of(pair).done().exists():
        messages.info(request, _("It has been handed over already."))
    else:
        messages.success(request, _("Everything stays as it is."))
    return redirect(pair)


@require_http_methods(["GET", "POST"])
@policy("improver")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The new mentor's side: read, then yes or not this time."""
    person = signed_in(request)
    seen = HandOver.objects.visible_to(person).filter(to__person=person)
    asked = get_object_or_404(seen.with_people().select_related("moved_to"), pk=pk)
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        return _answered(request, asked)
    context: dict[str, Any] = {"asked": asked}
    if asked.offered:
        context |= _about(asked)
    return page(request, "connections/hand_overs/answer.html", context)


def _about(asked: HandOver) -> dict[str, Any]:
    """What the new mentor decides by: who the mentee is, what they asked for first, and why it may suit."""
    pair = asked.relationship
    need = handing.need_of(pair)
    reasons = handing.reasons(pair, [asked.to])[asked.to_id]
    return {
        "words": asked.opened(),
        "goals": asked.goals and Goal.objects.of(pair).open().count(),
        "organisation": place_of(pair.mentee),
        "topics": names(need.methods, need.services) if need else [],
        "reasons": sentences(reasons, topic_names([reasons])),
    }


def _answered(request: HttpRequest, asked: HandOver) -> HttpResponse:
    if request.POST["answer"] == "no":
        HandOver.say_no(asked.pk, by=request.user, at=now())
        asked.refresh_from_db(fields=["state"])
        if asked.done:
            messages.info(request, _("You have said yes to this already."))
            return redirect("connections:hand_over_answer", pk=asked.pk)
        messages.success(request, _("Thank you for answering. Everything stays as it is for them."))
        return redirect("connections:caseload")
    try:
        pair = handing.accept(asked, by=request.user, at=now())
    except Refusal as refusal:
        messages.error(request, _words_of(refusal))
        return redirect("connections:hand_over_answer", pk=asked.pk)
    messages.success(request, _("Thank you. You have begun: here is what comes next."))
    return redirect(pair)
