"""Circles that are open, those with a place first, then by their next date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import BooleanField, ExpressionWrapper, F, Min, OuterRef, Q, Subquery

from academy.welsh import words_of
from connections.models.circle_meetings import CircleMeeting
from connections.models.circles import Circle


@dataclass(frozen=True)
class Shown:
    """One card: the circle and when it meets next."""

    circle: Circle
    meets_at: datetime | None


def _next(at: datetime) -> Any:
    dates = CircleMeeting.objects.to_come(at).filter(circle=OuterRef("pk")).order_by()
    return Subquery(dates.values("circle").annotate(first=Min("starts_at")).values("first"))


def joinable(reader: Any, *, at: datetime, most: int) -> list[dict[str, Any]]:
    """Numbers, topics, languages and how; of circles the reader may see."""
    full = ExpressionWrapper(Q(places_taken__gte=F("places")), output_field=BooleanField())
    found = (
        Circle.objects.open()
        .visible_to(reader)
        .annotate(full=full, next_at=_next(at))
        .order_by("full", F("next_at").asc(nulls_last=True), "pk")
        .values("pk", "in_welsh", "in_english", "how", "full", "next_at")
        .annotate(slugs=ArrayAgg("topics__slug", default=[]))
    )
    return [dict(row) for row in found[:most]]


def shown(numbers: list[int], *, at: datetime) -> list[Shown]:
    """These, in this order, with their next dates."""
    rows = Circle.objects.annotate(next_at=_next(at)).select_related("host")
    circles: dict[int, Any] = rows.prefetch_related("topics").in_bulk(numbers)
    return [
        Shown(circles[number], circles[number].next_at) for number in numbers if number in circles
    ]


def mine(person: Any, *, at: datetime) -> list[Shown]:
    """Open ones one hosts or is in."""
    numbers = Circle.objects.open().of(person).order_by("opened_at", "pk")
    return shown(list(numbers.values_list("pk", flat=True)[:50]), at=at)


def found_by(words: str, reader: Any) -> list[Circle]:
    """At most ten, for the search over everything: whose title or words hold these."""
    said = " ".join(words_of(words))
    if not said:
        return []
    vector = SearchVector("title", "about", config="english_unaccented") + SearchVector(
        "title", "about", config="welsh"
    )
    asked = SearchQuery(said, config="english_unaccented") | SearchQuery(said, config="welsh")
    found = Circle.objects.open().visible_to(reader).annotate(said=vector).filter(said=asked)
    return list(found.order_by("-opened_at", "pk")[:10])
