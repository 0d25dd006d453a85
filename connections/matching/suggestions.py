"""A few mentors for one person, and what to relax when there are too few."""

from dataclasses import dataclass

import numpy as np

from connections.matching.field import Field, points
from connections.matching.people import (
    Ints,
    Mentors,
    Pool,
    Requests,
    Rule,
    Term,
    Weights,
    nobody_apart,
)
from connections.matching.reasons import Reasons, reasons
from connections.matching.terms import score

ASKER = slice(0, 1)


@dataclass(frozen=True, slots=True)
class Suggestion:
    mentor: int
    score: int
    terms: dict[Term, int]
    reasons: Reasons


def suggest(
    request: Requests,
    mentors: Mentors,
    weights: Weights | None = None,
    *,
    apart: Ints | None = None,
    count: int = 5,
) -> list[Suggestion]:
    """The best mentors for a request of one row, best first.

    Mentors who fit equally well come in an order drawn for the asker: the same each time, another
    for the next person, so that no one mentor stands first for all.
    """
    weights = weights or Weights()
    field = _field(request, mentors, weights, apart)
    keys = field.keys(ASKER)[0]
    first = np.argsort(-keys, kind="stable")[:count]
    first = first[np.isfinite(keys[first])]
    left, right = request.take(np.zeros_like(first)), field.pool.mentors.take(first)
    terms = score(left, right, weights)
    return [
        Suggestion(why.mentor, int(worth), {term: int(terms[term][row]) for term in terms}, why)
        for row, (why, worth) in enumerate(
            zip(reasons(left, right), points(keys[first]), strict=True)
        )
    ]


def widen(
    request: Requests,
    mentors: Mentors,
    weights: Weights | None = None,
    *,
    apart: Ints | None = None,
) -> dict[Rule, int]:
    """How many more mentors there would be if one choice alone were relaxed, most first.

    Only what a person may change is here, and a full mentor's next free place; nobody is asked to
    widen who must stay apart.
    """
    field = _field(request, mentors, weights or Weights(), apart)
    tables = {rule: kept[0] for rule, kept in field.rules(ASKER, field.met(ASKER))}
    broken = np.sum([~kept for kept in tables.values()], axis=0)
    more = {
        rule: int(np.count_nonzero((broken == 1) & ~kept))
        for rule, kept in tables.items()
        if rule.may_be_relaxed
    }
    return dict(sorted(((r, n) for r, n in more.items() if n), key=lambda item: -item[1]))


def _field(request: Requests, mentors: Mentors, weights: Weights, apart: Ints | None) -> Field:
    if len(request) != 1:
        raise ValueError("suggestions are for one request")
    pool = Pool(request, mentors, nobody_apart() if apart is None else apart)
    return Field.of(pool.in_order(), weights, seed=abs(int(request.person[0])))
