"""Two solutions of one pool side by side: what another choice of weights or locks would change."""

from dataclasses import dataclass

import numpy as np

from connections.matching.people import UNKNOWN, Bools, Ints, Pool, Term, Weights
from connections.matching.rounds import Solution
from connections.matching.terms import score

YARDSTICK = Weights()
"""Both are measured alike, whatever weights they were made with; only more or less is told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One asker's other mentor; `UNKNOWN` for none."""

    asker: int
    before: int
    after: int
    gained: frozenset[Term]
    lost: frozenset[Term]


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]
    found: tuple[int, ...]
    """People matched only in the second."""
    left_out: tuple[int, ...]
    """People matched only in the first."""
    with_fit: dict[Term, tuple[int, int]]
    """How many pairs have this kind of fit at all, in the first and in the second."""


def compare(pool: Pool, first: Solution, second: Solution) -> Comparison:
    """What changes for whom when the second solution takes the place of the first."""
    if not np.array_equal(first.asker, second.asker):
        raise ValueError("the two solutions are not of one pool")
    before, after = _fit(pool, first), _fit(pool, second)
    moved = np.flatnonzero(first.mentor != second.mentor)
    return Comparison(
        changes=tuple(
            Change(
                int(first.asker[row]),
                int(first.mentor[row]),
                int(second.mentor[row]),
                gained=frozenset(term for term in Term if after[term][row] > before[term][row]),
                lost=frozenset(term for term in Term if after[term][row] < before[term][row]),
            )
            for row in moved
        ),
        found=_people(first, second.matched & ~first.matched),
        left_out=_people(first, first.matched & ~second.matched),
        with_fit={
            term: (int(np.sum(before[term] > 0)), int(np.sum(after[term] > 0))) for term in Term
        },
    )


def _fit(pool: Pool, solution: Solution) -> dict[Term, Ints]:
    """Points by the yardstick for each asker; none for who is left out."""
    pairs = solution.pairs
    measured = score(*pool.pairs(pairs[:, 0], pairs[:, 1]), YARDSTICK)
    fit = {term: np.zeros(len(solution.asker), np.int64) for term in Term}
    for term, points in measured.items():
        fit[term][solution.mentor != UNKNOWN] = points
    return fit


def _people(solution: Solution, rows: Bools) -> tuple[int, ...]:
    return tuple(solution.asker[rows].tolist())
