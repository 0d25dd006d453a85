"""Offers and requests: what waits, what is found, what staff do; leaving, export, erasing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from academy import hooks
from academy.permissions import may_act_as
from academy.piles import pile
from academy.roles import COORDINATOR
from connections.actions import leaving
from connections.models import MatchingRound, MentoringRequest, MentorProfile, SetApart
from connections.models.directory import found_by

SOON = timedelta(days=3)

hooks.nav(gettext_lazy("Find a mentor"), "connections:mentors", order=30, audience="improver")


@hooks.need
def requests_to_answer(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    waiting = MentoringRequest.objects.asked_of(person).select_related("mentee")
    for request in waiting.by_day():
        yield hooks.Need(
            _("%(name)s asks for your help") % {"name": request.mentee.name},
            reverse("connections:answer", args=[request.pk]),
            _("Read and answer"),
            request.answer_by,
        )


@hooks.need
def suggestions_to_look_at(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    looking = MentoringRequest.objects.of(person).pending().with_found().filter(found__gt=0)
    waiting = looking.order_by("closes_at", "pk").values_list("pk", "closes_at", "found")
    for pk, closes_at, n in waiting:
        words = ngettext("%(n)s person might help you", "%(n)s people might help you", n)
        url = reverse("connections:request", args=[pk])
        yield hooks.Need(words % {"n": n}, url, _("See who, and why"), closes_at)


@hooks.queue
def offers_to_approve(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if may_act_as(person, COORDINATOR):
        rows, label = MentorProfile.objects.waiting(), _("Offers to mentor or coach")
        yield pile(label, rows, since="asked_at", where="state__exact=waiting")


@hooks.queue
def requests_near_their_close(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if may_act_as(person, COORDINATOR):
        late = MentoringRequest.objects.pending().filter(closes_at__lte=at + SOON)
        label = _("Mentoring requests that close within three days")
        yield pile(label, late, since="asked_at", where="close=soon")


@hooks.queue
def places_against_requests(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    """Leads to the supply map, and counts what the map counts."""
    if may_act_as(person, COORDINATOR):
        rows, label = MentoringRequest.objects.pending(), _("Waiting requests, against free places")
        yield pile(label, rows, since="asked_at", where=reverse("connections:supply"))


@hooks.queue
def rounds_in_draft(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if may_act_as(person, COORDINATOR):
        rows, label = MatchingRound.objects.in_draft(), _("Matching rounds to look over")
        yield pile(label, rows, since="computed_at", where=reverse("connections:rounds"))


@hooks.search(order=30)
def mentors(words: str, reader: Any) -> Iterator[hooks.Hit]:
    """Mentors in the directory; visitors see nobody."""
    if not reader.is_authenticated:
        return
    for profile in found_by(words, reader):
        coach = profile.offers_coaching and not profile.offers_mentoring
        yield hooks.Hit(
            _("Coach") if coach else _("Mentor"),
            profile.shown_name,
            profile.get_absolute_url(),
            profile.about_help[:160],
            profile.written_in,
        )


@hooks.on("academy.person_left")
def let_everybody_go(*, person: Any, at: datetime) -> None:
    leaving.leave(person, at=at)


@hooks.export("mentoring")
def my_offer_and_requests(person: Any) -> dict[str, Any]:
    profile = MentorProfile.objects.of(person).prefetch_related("methods", "services").first()
    requests = MentoringRequest.objects.of(person).prefetch_related("methods", "services")
    return {
        "offer": _plain(profile, "state", "about_help", "about_story", "about_meeting", "capacity")
        if profile
        else None,
        "requests": [
            {
                **_plain(request, "state", "words", "kind", "asked_at", "ended_at"),
                "answers": list(
                    request.suggestions.answered()
                    .order_by("answered_at", "pk")
                    .values("outcome", "answer", "answered_at")
                ),
                "next_on_the_list": list(
                    request.suggestions.chosen()
                    .order_by("choice")
                    .values_list("profile__person__name", flat=True)
                ),
            }
            for request in requests.order_by("asked_at", "pk")
        ],
    }


def _plain(row: Any, *names: str) -> dict[str, Any]:
    shared = ("in_welsh", "in_english", "online", "in_person", "setting")
    return {
        **{name: getattr(row, name) for name in (*names, *shared)},
        "ways": row.ways(),
        "topics": [topic.name for topic in (*row.methods.all(), *row.services.all())],
    }


@hooks.erase(order=20)
def erase_offer_and_requests(person: Any, *, at: datetime) -> None:
    """Their words go; dates and counts stay."""
    leaving.leave(person, at=at)
    MentorProfile.objects.forget(person, at=at)
    MentoringRequest.objects.forget(person)
    SetApart.objects.forget(person)
