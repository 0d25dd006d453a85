"""What a pair is worth: a sum of terms, each of them a dot product.

Every term is written as a pair of tables, one row a person: `asks` for the asker's side and
`offers` for the mentor's, so that the worth of asker i and mentor j is `asks[i] @ offers[j]`. All
tables side by side make the whole score one matrix product, which a machine does at full speed and
which is exact, because all entries are whole and their sums stay far below 2**24. A new term is one
function that returns two tables, and one line in `TERMS`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from connections.matching import ties as weak_ties
from connections.matching.people import UNKNOWN, Format, Ints, People, Sets, Term, Weights

Table = NDArray[np.float32]
Tables = tuple[Table, Table]


def _each_need(named: Sets, other: Sets, worth: int, others_worth: int) -> Table:
    """Points for each need met, so that all of them together make the worth of the term.

    Who names nothing under the other heading has that worth here: asking for one sort of help
    alone costs nobody their place.
    """
    whole = np.where(other.sizes == 0, worth + others_worth, worth)
    each: Table = np.maximum(whole // np.maximum(named.sizes, 1), whole > 0).astype(np.float32)
    return each[:, None]


def methods(left: People, right: People, weights: Weights) -> Tables:
    """The share of the help needed that is offered."""
    ids = np.unique(left.methods.items)
    points = _each_need(left.methods, left.topics, weights.methods, weights.topics)
    return left.methods.onto(ids) * points, right.methods.onto(ids)


def topics(left: People, right: People, weights: Weights) -> Tables:
    """The share of the service topics named that the mentor knows."""
    ids = np.unique(left.topics.items)
    points = _each_need(left.topics, left.methods, weights.topics, weights.methods)
    return left.topics.onto(ids) * points, right.topics.onto(ids)


def ways(left: People, right: People, weights: Weights) -> Tables:
    """Each prompt on which both have a preference: for when they agree, against when not."""
    return np.float32(weights.way) * left.ways, right.ways.astype(np.float32)


def setting(left: People, right: People, weights: Weights) -> Tables:
    """The same care setting."""
    ids = _known(left.setting)
    return np.float32(weights.setting) * _one_of(left.setting, ids), _one_of(right.setting, ids)


def meeting_format(left: People, right: People, weights: Weights) -> Tables:
    """A way of meeting that suits both."""
    each = np.array(list(range(1, Format.EITHER + 1)))
    suits = (left.formats[:, None] & each) != 0
    return np.float32(weights.format) * suits, _one_of(right.formats, each)


def organisation(left: People, right: People, weights: Weights) -> Tables:
    """Another organisation: both known, less those who share one."""
    ids = _known(left.organisation)
    worth = np.float32(weights.organisation)
    return (
        np.hstack((worth * _is_known(left.organisation), -worth * _one_of(left.organisation, ids))),
        np.hstack((_is_known(right.organisation), _one_of(right.organisation, ids))),
    )


def ties(left: People, right: People, weights: Weights) -> Tables:
    """One workplace of before in common; the rare contacts in common are `ties.corrections`."""
    ids = np.intersect1d(_known(left.workplace), _known(right.workplace))
    return np.float32(weights.ties) * _one_of(left.workplace, ids), _one_of(right.workplace, ids)


TERMS: dict[Term, Callable[[People, People, Weights], Tables]] = {
    Term.METHODS: methods,
    Term.TOPICS: topics,
    Term.WAYS: ways,
    Term.SETTING: setting,
    Term.FORMAT: meeting_format,
    Term.ORGANISATION: organisation,
    Term.TIES: ties,
}
NEEDS = (Term.METHODS, Term.TOPICS)


def score(left: People, right: People, weights: Weights) -> dict[Term, Ints]:
    """The points of each term for row i of the left with row i of the right."""
    points = {}
    for term, tables in TERMS.items():
        asks, offers = tables(left, right, weights)
        points[term] = np.einsum("ij,ij->i", asks, offers).astype(np.int64)
    points[Term.TIES] = weights.ties * weak_ties.weak(left, right)
    return points


def total(left: People, right: People, weights: Weights) -> Ints:
    """The score of row i of the left with row i of the right."""
    points: Ints = np.sum(list(score(left, right, weights).values()), axis=0, dtype=np.int64)
    return points


def _known(ids: Ints) -> Ints:
    return np.unique(ids[ids != UNKNOWN])


def _is_known(ids: Ints) -> Table:
    table: Table = (ids != UNKNOWN).astype(np.float32)[:, None]
    return table


def _one_of(ids: NDArray[np.integer], each: NDArray[np.integer]) -> Table:
    """1 in the column of each person's own id."""
    table: Table = (ids[:, None] == each).astype(np.float32)
    return table
