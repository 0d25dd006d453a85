"""The offers worth reading for one request: the database puts them in order, nearest first.

What a row of an offer tells by itself is counted in PostgreSQL, to the point as the matching counts
it; organisation and ties are not in the row, so an offer may be worth that much more than its order
says. Whoever looks reads on until nobody further down could still be better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from connections import matching
from connections.models import WAYS, MentoringRequest
from connections.models.profiles import MentorProfileQuerySet


@dataclass(frozen=True)
class Wish:
    """A request, with the methods and services it names."""

    request: MentoringRequest
    methods: list[int]
    services: list[int]

    @classmethod
    def of(cls, request: MentoringRequest) -> Wish:
        named = (request.methods, request.services)
        return cls(request, *(list(o.order_by("pk").values_list("pk", flat=True)) for o in named))


def in_order(
    offers: MentorProfileQuerySet, wish: Wish, weights: matching.Weights
) -> QuerySet[Any, tuple[int, int]]:
    """Key and known worth of each, most first; equals in an order drawn for the asker."""
    able = offers.filter(closed=False).offering(methods=wish.methods, services=wish.services)
    draw = Func(
        F("pk"),
        Value(wish.request.pk),
        function="hashint8extended",
        output_field=IntegerField(),
    )
    counted = able.annotate(known=_known(wish, weights))
    nearest: QuerySet[Any, tuple[int, int]] = counted.order_by("-known", draw, "pk").values_list(
        "pk", "known"
    )
    return nearest


def most_unknown(weights: matching.Weights) -> int:
    """By how much an offer may be worth more than is known of it."""
    return weights.organisation + weights.ties


def _known(wish: Wish, weights: matching.Weights) -> Combinable:
    asked = wish.request
    worth: Combinable = Value(0)
    for field, ids, own, other in (
        ("method_ids", wish.methods, weights.methods, 0 if wish.services else weights.topics),
        ("service_ids", wish.services, weights.topics, 0 if wish.methods else weights.methods),
    ):
        whole = own + other
        each = max(whole // max(len(ids), 1), int(whole > 0))
        for topic in ids:
            worth = worth + _if(Q(**{f"{field}__contains": [topic]}), each)
    for way in WAYS:
        if end := getattr(asked, way.field):
            worth = worth + F(way.field) * Value(end * weights.way)
    if asked.setting:
        worth = worth + _if(Q(setting=asked.setting), weights.setting)
    meets = [Q(**{how: True}) for how in ("online", "in_person") if getattr(asked, how)]
    suits = meets[0] | meets[-1]  # one of the two at least: a constraint
    return worth + _if(suits, weights.format)


def _if(condition: Q, points: int) -> Case:
    return Case(When(condition, then=Value(points)), default=Value(0), output_field=IntegerField())
