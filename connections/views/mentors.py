"""The directory, and one mentor's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.bilingual import language
from academy.errors import too_slow
from academy.facets import chosen, last_page, turns
from academy.models import Membership
from academy.pages import page
from academy.permissions import policy, signed_in
from academy.queries import TooSlow
from connections.forms.cards import (
    cards,
    format_words,
    kind_words,
    language_words,
    names,
    places_words,
)
from connections.forms.facets import facets
from connections.models import MentoringRequest, MentorProfile, Practice
from connections.models.directory import MOST, SIZE, Question, ask
from connections.words import about_ways


@require_safe
@policy("improver")
def mentors(request: HttpRequest) -> HttpResponse:
    """The directory: words and ticks in the address, counts beside every tick."""
    question = Question.read(dict(request.GET.lists()))
    try:
        answer = ask(question, language=language())
    except TooSlow:
        return too_slow(request, reverse("connections:mentors"), _("See all mentors and coaches"))
    groups = facets(question, answer)
    context = {
        "typed": request.GET.get("q", "").replace("\x00", "")[:200],
        "answer": answer,
        "rows": cards(answer.rows),
        "facets": groups,
        "chosen": chosen(request.GET, groups),
        "most": MOST,
        **turns(request.GET, number=question.page, last=last_page(answer.total, SIZE)),
    }
    return page(request, "connections/mentors/mentors.html", context)


@require_safe
@policy("improver")
def mentor(request: HttpRequest, pk: int) -> HttpResponse:
    """Who they are, what they help with, how they work, and the button."""
    reader = signed_in(request)
    seen = MentorProfile.objects.visible_to(reader).defer("vector", "words")
    profile = get_object_or_404(seen.select_related("person"), pk=pk)
    pending = list(
        MentoringRequest.objects.of(reader).pending().select_related("mentor").order_by("pk")
    )
    asked = next((one for one in pending if one.mentor_id == profile.pk), None)
    context = {
        "offer": shown(profile),
        "own": profile.person_id == reader.pk,
        "asked": asked,
        "waiting": [one for one in pending if not one.shuts_out(profile)],
    }
    return page(request, "connections/mentors/mentor.html", context)


def shown(profile: MentorProfile) -> dict[str, Any]:
    """What the page of an offer shows, to others and as a preview."""
    work = Membership.objects.current().filter(person=profile.person_id)
    place = work.select_related("organisation").first()
    return {
        "profile": profile,
        "kind": kind_words(profile.offers_mentoring, profile.offers_coaching),
        "spoken": language_words(profile.in_welsh, profile.in_english),
        "meets": format_words(profile.online, profile.in_person),
        "places": places_words(profile.free, profile.paused),
        "bar": 132 * profile.places_taken // profile.capacity,
        "organisation": place.organisation if place else None,
        "methods": names(profile.methods),
        "services": names(profile.services),
        "ways": about_ways(profile.ways()),
        "step": Practice.objects.shown_step_of(profile.person),
    }
