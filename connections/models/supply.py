"""Free places against waiting requests: by organisation, by topic, by language; in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum

from academy.models import Membership, Organisation, Topic
from connections.models.profiles import MentorProfile, MentorProfileQuerySet
from connections.models.requests import Kind, MentoringRequest, MentoringRequestQuerySet

FREE = F("capacity") - F("places_taken")


@dataclass(frozen=True)
class Supply:
    """What there is and what is wanted of one thing."""

    name: str
    places: int
    requests: int
    pk: int = 0  # of what has a row

    @property
    def lacking(self) -> int:
        """By how many the requests are more than the places; below nought where there is room."""
        return self.requests - self.places


@dataclass(frozen=True)
class SupplyMap:
    """The most lacking first in each list. `in_welsh` and `in_english` are the two languages."""

    total: Supply
    organisations: list[Supply]
    topics: list[Supply]
    in_welsh: Supply
    in_english: Supply


def supply(kind: str = "", *, names: dict[str, str]) -> SupplyMap:
    """All of it, or what mentoring or coaching alone has; `names` are words for what has no row."""
    offers = MentorProfile.objects.taking()
    asked = MentoringRequest.objects.pending()
    if kind:
        offers = offers.filter(**{f"offers_{kind}": True})
        asked = asked.filter(kind__in=[kind, Kind.EITHER])
    places = offers.aggregate(
        all=Sum(FREE, default=0),
        cy=Sum(FREE, filter=Q(in_welsh=True), default=0),
        en=Sum(FREE, filter=Q(in_english=True), default=0),
    )
    wanted = asked.aggregate(
        all=Count("pk"),
        cy=Count("pk", filter=Q(in_welsh=True)),
        en=Count("pk", filter=Q(in_english=True)),
    )
    total, in_welsh, in_english = (
        Supply(names[one], places[one], wanted[one]) for one in ("all", "cy", "en")
    )
    return SupplyMap(
        total,
        _by_organisation(offers, asked, total, names["unknown"]),
        _by_topic(offers, asked),
        in_welsh,
        in_english,
    )


def _by_organisation(
    offers: MentorProfileQuerySet, asked: MentoringRequestQuerySet, total: Supply, unknown: str
) -> list[Supply]:
    work = Membership.objects.current()
    free = F("person__mentor_profile__capacity") - F("person__mentor_profile__places_taken")
    places = _numbers(
        work.filter(person__mentor_profile__in=offers)
        .values_list("organisation")
        .annotate(n=Sum(free))
    )
    wanted = _numbers(
        work.filter(person__mentoring_requests__in=asked)
        .values_list("organisation")
        .annotate(n=Count("person__mentoring_requests"))
    )
    known = Organisation.objects.filter(pk__in={*places, *wanted})
    rows = [Supply(one.name, places.get(one.pk, 0), wanted.get(one.pk, 0), one.pk) for one in known]
    rest = Supply(
        unknown, total.places - sum(places.values()), total.requests - sum(wanted.values())
    )
    return _most_lacking([*rows, *([rest] if rest.places or rest.requests else [])])


def _by_topic(offers: MentorProfileQuerySet, asked: MentoringRequestQuerySet) -> list[Supply]:
    """Skills and service topics alike; somebody who offers two counts for both."""
    places: dict[int, int] = {}
    wanted: dict[int, int] = {}
    for name in ("methods", "services"):
        named = {f"{name}__isnull": False}
        places |= _numbers(offers.filter(**named).values_list(name).annotate(n=Sum(FREE)))
        wanted |= _numbers(asked.filter(**named).values_list(name).annotate(n=Count("pk")))
    known = Topic.objects.filter(pk__in={*places, *wanted})
    return _most_lacking(
        [Supply(one.name, places.get(one.pk, 0), wanted.get(one.pk, 0), one.pk) for one in known]
    )


def _numbers(pairs: Iterable[Any]) -> dict[int, int]:
    return {key: number or 0 for key, number in pairs}


def _most_lacking(rows: list[Supply]) -> list[Supply]:
    """Ties by what has no language, so that both name the same; what is not known stands last."""
    return sorted(rows, key=lambda row: (-row.lacking, not row.pk, row.pk))
