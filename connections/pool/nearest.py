"""The offers worth reading for one request: the database puts them in order, nearest first.

What a row of an offer tells by itself is counted in PostgreSQL, to the point as the matching counts
it; organisation and ties are not in the row, so an offer may be worth that much more than its order
says. Whoever looks reads on until nobody unread could still be better.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from django.db.models import BooleanField, Case, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from connections import matching
from connections.models import WAYS, MentorProfile
from connections.models.profiles import MentorProfileQuerySet
from connections.pool.loading import PROFILE_COLUMNS, Row, as_offered

FIRST = 60  # offers read for one request before any more are
MORE = 8  # times as many, each time they were not enough


def readings(asked: Row, weights: matching.Weights) -> Iterator[tuple[list[Row], float]]:
    """Offers, and the most that any offer beside them may be worth: again with more, till all are read.

    Those who know something that is named under one heading come first: an index finds them, and
    nobody else has points of that heading.
    """
    able, size = _able(asked), FIRST
    unknown = weights.organisation + weights.ties
    for field, ids, each in _needs(asked, weights):
        if ids:
            near, last = _first(asked, able.filter(**{f"{field}__overlap": ids}), weights, size)
            yield near, max(last, _most(asked, weights) - each * len(ids)) + unknown
            break
    last = inf
    while last > -inf:
        size *= MORE
        near, last = _first(asked, able, weights, size)
        yield near, last + unknown


def _first(
    asked: Row, offers: MentorProfileQuerySet, weights: matching.Weights, size: int
) -> tuple[list[Row], float]:
    """The nearest, equals in an order drawn for the asker; and the worth of the last, if any is left.

    Who of them still has an account is looked up for these few alone: joined before the limit, the
    database would sort everybody.
    """
    draw = Func(
        F("pk"),
        Value(asked["pk"]),
        function="hashint8extended",
        output_field=IntegerField(),
    )
    known = _known(asked, weights)
    few = offers.annotate(known=known).order_by("-known", draw, "pk").values("pk")[:size]
    near = MentorProfile.objects.filter(pk__in=few).annotate(known=known)
    rows = list(near.values(*PROFILE_COLUMNS, "known", "person__is_active"))
    last = min(row["known"] for row in rows) if len(rows) == size else -inf
    return [as_offered(row) for row in rows if row["person__is_active"]], last


def _able(asked: Row) -> MentorProfileQuerySet:
    """Whom the hard rules leave, as far as the row of an offer tells."""
    kind = {"mentoring": Q(offers_mentoring=True), "coaching": Q(offers_coaching=True)}
    shared = [Q(**{name: True}) for name in ("in_english", "in_welsh") if asked[name]]
    free = MentorProfile.objects.filter(state="approved", paused=False, closed=False)
    free = free.filter(kind.get(asked["kind"], Q()), shared[0] | shared[-1])
    return free.offering(methods=asked["methods"], services=asked["topics"])


def _needs(asked: Row, weights: matching.Weights) -> list[tuple[str, list[int], int]]:
    """Under each heading of needs: the field of an offer, what is named, and the points of each."""
    methods, services = asked["methods"], asked["topics"]
    return [
        (field, ids, max(whole // max(len(ids), 1), int(whole > 0)))
        for field, ids, whole in (
            ("method_ids", methods, weights.methods + (0 if services else weights.topics)),
            ("service_ids", services, weights.topics + (0 if methods else weights.methods)),
        )
    ]


def _known(asked: Row, weights: matching.Weights) -> Combinable:
    worth: Combinable = Value(0)
    for field, ids, each in _needs(asked, weights):
        for topic in ids:
            worth = worth + _if(_knows(field, topic), each)
    for way in WAYS:
        if end := asked[way.field]:
            worth = worth + F(way.field) * Value(end * weights.way)
    if asked["setting"]:
        worth = worth + _if(Q(setting=asked["setting"]), weights.setting)
    meets = [Q(**{how: True}) for how in ("online", "in_person") if asked[how]]
    suits = meets[0] | meets[-1]  # one of the two at least: a constraint
    return worth + _if(suits, weights.format)


def _most(asked: Row, weights: matching.Weights) -> int:
    """What is known of an offer where everything fits."""
    needs = sum(len(ids) * each for _field, ids, each in _needs(asked, weights))
    ways: int = sum(abs(asked[way.field]) for way in WAYS) * weights.way
    return needs + ways + (weights.setting if asked["setting"] else 0) + weights.format


def _knows(field: str, topic: int) -> Func:
    """For a row at hand quicker than `@>`, which would take the array apart first."""
    return Func(
        Value(topic),
        Func(F(field), function="ANY"),
        template="%(expressions)s",
        arg_joiner=" = ",
        output_field=BooleanField(),
    )


def _if(condition: Q | Func, points: int) -> Case:
    return Case(When(condition, then=Value(points)), default=Value(0), output_field=IntegerField())
