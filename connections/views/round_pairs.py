"""One pair of a round in drafts: somebody else for the request, or nobody, with the reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.models.base import Refusal
from academy.pages import page
from academy.permissions import policy, signed_in
from connections import words
from connections.actions import others, rounds
from connections.forms.cards import format_words, language_words, names
from connections.forms.rounds import OtherMentorForm
from connections.models import Kind, MatchingRound, MentorProfile, RoundPair
from connections.views.requests import topic_names
from connections.views.rounds import refused, seen


@require_http_methods(["GET", "POST"])
@policy("coordinator")
def round_pair(request: HttpRequest, pk: int, pair: int) -> HttpResponse:
    """Who is drafted and why, who else is possible and why; a choice says why it is better."""
    found = seen(request, pk)
    drafted = get_object_or_404(found.pairs.named().with_silence(), pk=pair)
    form = OtherMentorForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _changed(request, drafted, form):
        return redirect(found)
    if not found.in_drafts:
        return page(request, "connections/rounds/not_now.html", {"round": found})
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found_others = others.of_this_name(drafted, wanted) if wanted else others.best(drafted)
    possible = found_others.possible
    topics = topic_names([drafted.reasons, *(one.reasons for one in possible)])
    form.offer((one, words.sentences(one.reasons, topics)) for one in possible)
    context = {
        "round": found,
        "pair": drafted,
        "asked": _asked(drafted),
        "reasons": words.sentences(drafted.reasons, topics),
        "wanted": wanted,
        "others": possible,
        "not_possible": [
            _not_possible(one, why, drafted) for one, why in found_others.not_possible
        ],
        "more": found_others.more,
        "advice": words.advice_about(found_others.widen),
        "form": form,
    }
    return page(request, "connections/rounds/pair.html", context)


def _not_possible(profile: MentorProfile, why: str, pair: RoundPair) -> str:
    said = {
        others.DRAFTED: _("%(mentor)s is drafted for this request already."),
        others.PAUSED: _("%(mentor)s is taking a pause."),
        others.FULL: _("%(mentor)s has no place left in this round."),
        others.ASKED: _("%(mentee)s has asked %(mentor)s already with another request."),
        "kind": _("%(mentor)s does not offer the kind of help that is asked for."),
        "language": _("%(mentee)s and %(mentor)s share no language."),
        "apart": _("%(mentee)s and %(mentor)s must stay apart."),
    }
    return said[why] % _named(pair, profile)


def _asked(pair: RoundPair) -> list[str]:
    """What the mentee asked for; their own words are not for staff."""
    asked = pair.request
    return [
        _("Mentoring or coaching") if asked.kind == Kind.EITHER else asked.get_kind_display(),
        *names(asked.methods, asked.services),
        language_words(asked.in_welsh, asked.in_english),
        format_words(asked.online, asked.in_person),
    ]


def _changed(request: HttpRequest, pair: RoundPair, form: OtherMentorForm) -> bool:
    """Whether the answer has a page of its own; else the refusal stands beside its field."""
    profile, reason = form.cleaned_data["mentor"], form.cleaned_data["reason"]
    try:
        rounds.override(pair, profile, reason=reason, by=signed_in(request), at=now())
    except MatchingRound.NotNow:
        refused(request)
    except Refusal as refusal:
        form.add_error("mentor", _why_not(refusal, pair, profile))
        return False
    else:
        messages.success(request, _done(pair, profile))
    return True


def _named(pair: RoundPair, profile: MentorProfile | None) -> dict[str, Any]:
    return {"mentee": pair.request.mentee.name, "mentor": profile.person.name if profile else ""}


def _why_not(refusal: Refusal, pair: RoundPair, profile: MentorProfile | None) -> str:
    known = {
        MentorProfile.Full: _("%(mentor)s has no place left in this round. Choose somebody else."),
        MentorProfile.NotTaking: _("%(mentor)s takes nobody new just now. Choose somebody else."),
    }
    apart = _(
        "%(mentee)s and %(mentor)s must stay apart, or share no language or kind of help."
        " Choose somebody else."
    )
    return known.get(type(refusal), apart) % _named(pair, profile)


def _done(pair: RoundPair, profile: MentorProfile | None) -> str:
    said = _("%(mentee)s is with %(mentor)s in this round now, and the pair is locked.")
    if profile is None:
        said = _(
            "%(mentee)s is left out of this round now. Their request stays open, because only this"
            " pair was removed: assign the rest again to look for somebody else."
        )
    return said % _named(pair, profile)
