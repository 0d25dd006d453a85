"""Who else could have a request of a round in drafts: the best, or those of one name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from academy.models import Membership
from connections import pool
from connections.models import MentoringRequest, MentorProfile, RoundPair, StillThere
from connections.models.profiles import MentorProfileQuerySet

MOST = 10
# Beside the hard rules, why somebody is not possible.
DRAFTED, PAUSED, FULL, ASKED = "drafted", "paused", "full", "asked"


@dataclass(frozen=True)
class Other:
    """Somebody else who is possible for a request, why, where they work, the places left in its round.

    `silent` when they were asked whether they still take people, and have not answered.
    """

    profile: MentorProfile
    reasons: list[dict[str, Any]]
    left: int
    silent: bool
    place: str


@dataclass(frozen=True)
class Others:
    """Who is possible; `not_possible` and why; `more` when others of this name were passed by.

    Where nobody is possible at all, `widen` is what would let others in.
    """

    possible: list[Other]
    widen: list[str] = field(default_factory=list)
    not_possible: list[tuple[MentorProfile, str]] = field(default_factory=list)
    more: bool = False


def best(pair: RoundPair) -> Others:
    """The best few who could have this request."""
    given = pair.round.pairs.given()
    found = pool.suggest(
        pair.request,
        pair.round.weights,
        least=1,
        most=MOST,
        taken=pool.Taken(given, but=pair.profile_id),
    )
    named = _rows().in_bulk([pk for pk, _reasons in found.profiles])
    possible = _told([(named[pk], reasons) for pk, reasons in found.profiles], given)
    return Others(possible, found.widen)


def of_this_name(pair: RoundPair, name: str) -> Others:
    """Everybody of this name who mentors or coaches, whatever the weights; who is free comes first."""
    given = pair.round.pairs.given()
    rows = _rows().approved().exclude(person=pair.request.mentee_id)
    rows = rows.filter(person__name__icontains=name).order_by("closed", "person__name", "pk")
    found = list(rows[: MOST + 1])
    more, found = len(found) > MOST, found[:MOST]
    if not found:
        return Others([])
    held = pool.held_against(
        pair.request, MentorProfile.objects.filter(pk__in=[one.pk for one in found])
    )
    asked = MentoringRequest.objects.asked_besides([pair.request_id])
    waiting = set(asked.values_list("mentor", flat=True))
    whys = [
        (one, ASKED if one.pk in waiting else _why_not(one, pair, held[one.pk].rule, given))
        for one in found
    ]
    return Others(
        _told([(one, held[one.pk].reasons) for one, why in whys if not why], given),
        not_possible=[(one, why) for one, why in whys if why],
        more=more,
    )


def _rows() -> MentorProfileQuerySet:
    """With their names, and whether they were asked and stay silent."""
    asked = StillThere.objects.unheard().filter(profile=OuterRef("pk"))
    rows = MentorProfile.objects.select_related("person").defer("vector", "words")
    return rows.annotate(silent=Exists(asked))


def _told(found: list[tuple[Any, list[dict[str, Any]]]], given: dict[int, int]) -> list[Other]:
    places = Membership.objects.places_of([profile.person_id for profile, _reasons in found])
    return [
        Other(
            profile,
            reasons,
            left=profile.free - given.get(profile.pk, 0),
            silent=profile.silent,
            place=places.get(profile.person_id, ""),
        )
        for profile, reasons in found
    ]


def _why_not(profile: MentorProfile, pair: RoundPair, rule: str, given: dict[int, int]) -> str:
    """Empty for somebody who is possible."""
    if profile.pk == pair.profile_id:
        return DRAFTED
    if rule:
        return rule
    if profile.paused:
        return PAUSED
    return FULL if given.get(profile.pk, 0) >= profile.free else ""
