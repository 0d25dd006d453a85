"""Office hours that somebody can book now, the next free time first: a few statements, however many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, Min, OuterRef, Q, Subquery

from academy.welsh import words_of
from connections.models.office_hours import OfficeHour, OfficeHourRules
from connections.models.slots import Slot
from connections.models.taken import clashes, taken

SHOWN_SLOTS = 3
LOOKED_AT = 60  # free slots of a host among which others are looked for


@dataclass(frozen=True)
class Offered:
    """One card: the hours, and their first free slots."""

    hour: OfficeHour
    slots: list[Slot]


def bookable(reader: Any, *, at: datetime, most: int) -> list[dict[str, Any]]:
    """Numbers, topics, languages and how; with a time free, and nobody's the reader is kept from."""
    free = Slot.objects.free(at, rules=OfficeHourRules.current()).filter(office_hour=OuterRef("pk"))
    first = free.order_by().values("office_hour").annotate(first=Min("starts_at")).values("first")
    rows = OfficeHour.objects.open().apart_from(reader).annotate(next_at=Subquery(first))
    found = (
        rows.filter(next_at__isnull=False)
        .order_by("next_at", "pk")
        .values("pk", "in_welsh", "in_english", "how", "next_at")
        .annotate(slugs=ArrayAgg("topics__slug", default=[]))
    )
    return [dict(row) for row in found[:most]]


def offered(numbers: list[int], *, at: datetime) -> list[Offered]:
    """These, in this order, each with its first free slots."""
    rules = OfficeHourRules.current()
    free = Slot.objects.free(at, rules=rules).filter(office_hour__in=numbers)
    slots: dict[int, list[Slot]] = {}
    for slot in free.first_of_each(SHOWN_SLOTS).order_by("starts_at", "pk"):
        slots.setdefault(slot.office_hour_id, []).append(slot)
    hours = OfficeHour.objects.select_related("host").prefetch_related("topics").in_bulk(numbers)
    return [Offered(hours[number], slots.get(number, [])) for number in numbers if number in hours]


def next_of(host: Any, *, reader: Any, at: datetime, many: int = SHOWN_SLOTS) -> list[Slot]:
    """The first free slots of one host at which the reader is promised nowhere else."""
    free = Slot.objects.free(at, rules=OfficeHourRules.current()).of_host(host)
    open_ = OfficeHour.objects.open().apart_from(reader).of(host)
    found = list(free.filter(office_hour__in=open_).order_by("starts_at", "pk")[:LOOKED_AT])
    mine = taken(reader.pk, since=at, until=found[-1].ends_at) if found else []
    clear = (slot for slot in found if not clashes(slot.starts_at, slot.ends_at, mine))
    return list(islice(clear, many))


def found_by(words: str, reader: Any) -> list[OfficeHour]:
    """At most ten, for the search over everything: each word in the host's name, the topics or
    what is to be brought."""
    asked = words_of(words)
    if not asked:
        return []
    rows = OfficeHour.objects.open().apart_from(reader).select_related("host")
    for word in asked:
        topics = OfficeHour.topics.through.objects.filter(officehour=OuterRef("pk"))
        named = topics.filter(Q(topic__name_en__icontains=word) | Q(topic__name_cy__icontains=word))
        own = Q(host__name__icontains=word) | Q(about__icontains=word)
        rows = rows.filter(own | Q(Exists(named)))
    return list(rows.prefetch_related("topics").order_by("host__name", "pk")[:10])
