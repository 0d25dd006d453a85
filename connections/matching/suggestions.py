"""A few mentors for one person, and what to relax when there are too few."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from connections.matching import rules
from connections.matching.field import Field, points
from connections.matching.people import (
    Bools,
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
from connections.matching.terms import NEEDS, TERMS, Table, score

ASKER = slice(0, 1)
Step = Callable[[float], None]
"""Told the share that is done."""


def nothing(_share: float) -> None:
    pass


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


def worths(request: Requests, mentors: Mentors, weights: Weights) -> Table:
    """The points of each mentor for a request of one row, minus infinity where a rule forbids the pair.

    In the order of the mentors, and without a `Field`: for a glance at very many of whom organisation
    and ties are not known. Nobody is kept apart here.
    """
    met, rest = (
        sum((_points(request, mentors, weights, term) for term in terms), np.float32(0))
        for terms in (NEEDS, [term for term in TERMS if term not in NEEDS])
    )
    named = len(request.methods.items) + len(request.topics.items) > 0
    allowed = (mentors.free > 0) & ~mentors.paused & (met >= (weights.minimum if named else 0))
    for rule, table in rules.TABLES.items():
        if rule not in rules.CAN_BE_FIRM or rule in weights.firm:
            allowed &= table(request, mentors)[0]
    return np.where(allowed, met + rest, np.float32(-np.inf))


def _points(request: Requests, mentors: Mentors, weights: Weights, term: Term) -> Table:
    asks, offers = TERMS[term](request, mentors, weights)
    column: Table = offers @ asks[0]
    return column


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
    return _more(_field(request, mentors, weights or Weights(), apart), ASKER)[0]


def widen_each(pool: Pool, weights: Weights, *, step: Step = nothing) -> list[dict[Rule, int]]:
    """The same for each asker of a pool that is `in_order()`, in that order."""
    field = Field.of(pool, weights, seed=0)
    told: list[dict[Rule, int]] = []
    for rows in field.blocks():
        told += _more(field, rows)
        step(rows.stop / len(pool.requests))
    return told


def possible_each(pool: Pool, weights: Weights) -> Bools:
    """Whether anybody is possible for each asker of a pool that is `in_order()`."""
    field = Field.of(pool, weights, seed=0)
    found = [np.isfinite(field.keys(rows)).any(axis=1) for rows in field.blocks()]
    return np.concatenate(found) if found else np.zeros(0, np.bool_)


def _more(field: Field, rows: slice) -> list[dict[Rule, int]]:
    """For each asker, how many mentors break one rule alone, and which it is."""
    tables = dict(field.rules(rows, field.met(rows)))
    broken = np.zeros((rows.stop - rows.start, len(field.pool.mentors)), np.int8)
    for kept in tables.values():
        broken += ~kept
    alone = broken == 1
    more = {
        rule: np.count_nonzero(alone & ~kept, axis=1)
        for rule, kept in tables.items()
        if rule.may_be_relaxed
    }
    return [
        dict(sorted(((r, int(n[row])) for r, n in more.items() if n[row]), key=lambda one: -one[1]))
        for row in range(len(broken))
    ]


def _field(request: Requests, mentors: Mentors, weights: Weights, apart: Ints | None) -> Field:
    if len(request) != 1:
        raise ValueError("suggestions are for one request")
    pool = Pool(request, mentors, nobody_apart() if apart is None else apart)
    return Field.of(pool.in_order(), weights, seed=abs(int(request.person[0])))
