"""The whole field of pairs, seen a block of rows at a time; it is never held in memory at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connections.matching import rules, terms, ties
from connections.matching.people import Bools, Ints, People, Pool, Rule, Term, Weights

Keys = NDArray[np.float32]

SCALE = 1024
"""A key is a score times this, plus a tie-break of less than half of it either way."""
RADIUS = 21
"""Rounded to whole numbers two seats multiply to at most 471: less than half of `SCALE`."""
LARGEST = 2**23 // SCALE
"""Points a pair may have before float32 would round them."""
PAIRS_AT_ONCE = 1 << 20
"""About 4 MB of keys a block: more is slower, because fresh memory has to be fetched for it."""


def _round_the_table(seats: NDArray[np.integer], of: int) -> terms.Table:
    """Seats round a circle, as whole numbers: those who tie prefer whoever sits near them.

    Without it all askers who tie would list the same few mentors. As a dot product it rides along
    in the matrix product for nothing.
    """
    angle = 2 * np.pi * seats[:, None] / max(of, 1)
    table: terms.Table = np.rint(RADIUS * np.hstack((np.cos(angle), np.sin(angle))))
    return table.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Field:
    """The tables of a pool, ready to be multiplied."""

    pool: Pool
    weights: Weights
    needs: terms.Tables
    rest: terms.Tables
    """All terms side by side, the mentors' table turned, so that a block is one product."""
    floor: terms.Table
    starts: Ints
    apart: Ints
    """Of asker i no mentor in `apart[starts[i]:starts[i + 1]]`."""
    tied: ties.Corrections

    @classmethod
    def of(cls, pool: Pool, weights: Weights, *, seed: int) -> "Field":
        """The field of a pool that is `in_order()`."""
        left, right = pool.requests, pool.mentors
        tables = {term: table(left, right, weights) for term, table in terms.TERMS.items()}
        _check_exact(tables)
        draw = np.random.default_rng(seed)
        seats = (
            _round_the_table(draw.permutation(len(left)), len(left)),
            _round_the_table(draw.permutation(len(right)), len(right)),
        )
        needs = _side_by_side([tables[term] for term in terms.NEEDS])
        rest = _side_by_side(
            [tables[term] for term in terms.TERMS if term not in terms.NEEDS], seats
        )
        named = (left.methods.sizes + left.topics.sizes) > 0
        floor = np.where(named, SCALE * weights.minimum, 0).astype(np.float32)[:, None]
        rows, columns = rules.apart(pool)
        starts = np.searchsorted(rows, np.arange(len(left) + 1))
        tied = ties.corrections(left, right)
        return cls(pool, weights, needs, rest, floor, starts, columns, tied)

    def blocks(self) -> Iterator[slice]:
        size = max(1, PAIRS_AT_ONCE // max(1, len(self.pool.mentors)))
        for start in range(0, len(self.pool.requests), size):
            yield slice(start, min(start + size, len(self.pool.requests)))

    def rules(self, rows: slice, met: Keys) -> Iterator[tuple[Rule, Bools]]:
        """Who satisfies each rule, for these askers and every mentor."""
        left: People = self.pool.requests.take(np.arange(rows.start, rows.stop))
        right = self.pool.mentors
        for rule, table in rules.TABLES.items():
            if rule not in rules.CAN_BE_FIRM or rule in self.weights.firm:
                yield rule, table(left, right)
        yield Rule.NEEDS, met >= self.floor[rows]
        yield Rule.FREE, np.broadcast_to(right.free > 0, met.shape)
        yield Rule.PAUSED, np.broadcast_to(~right.paused, met.shape)
        yield Rule.APART, self._not_apart(rows)

    def met(self, rows: slice) -> Keys:
        """The part of each key that comes from needs met."""
        asks, offers = self.needs
        met: Keys = asks[rows] @ offers
        return met

    def keys(self, rows: slice) -> Keys:
        """The key of each pair, minus infinity for a pair that may not be."""
        asks, offers = self.rest
        met = self.met(rows)
        keys: Keys = asks[rows] @ offers
        keys += met
        self._correct_ties(keys, rows)
        allowed = np.ones(keys.shape, np.bool_)
        for _, satisfied in self.rules(rows, met):
            allowed &= satisfied
        return np.where(allowed, keys, np.float32(-np.inf))

    def _correct_ties(self, keys: Keys, rows: slice) -> None:
        first, last = np.searchsorted(self.tied.rows, (rows.start, rows.stop))
        few = slice(first, last)
        worth = SCALE * self.weights.ties * self.tied.add[few]
        keys[self.tied.rows[few] - rows.start, self.tied.columns[few]] += worth

    def _not_apart(self, rows: slice) -> Bools:
        table = np.ones((rows.stop - rows.start, len(self.pool.mentors)), np.bool_)
        each = np.diff(self.starts[rows.start : rows.stop + 1])
        mentors = self.apart[self.starts[rows.start] : self.starts[rows.stop]]
        table[np.repeat(np.arange(len(each)), each), mentors] = False
        return table


def points(keys: Keys) -> Keys:
    """The scores in keys."""
    score: Keys = np.rint(keys / np.float32(SCALE))
    return score


def _side_by_side(tables: list[terms.Tables], *as_they_are: terms.Tables) -> terms.Tables:
    """The tables as one, scaled to leave room for tie-breaks below a point."""
    asks = [SCALE * asks for asks, _ in tables] + [asks for asks, _ in as_they_are]
    offers = [offers for _, offers in (*tables, *as_they_are)]
    return np.hstack(asks), np.ascontiguousarray(np.hstack(offers).T)


def _check_exact(tables: dict[Term, terms.Tables]) -> None:
    most = sum(
        float(np.abs(asks).sum(axis=1).max(initial=0) * np.abs(offers).max(initial=0))
        for asks, offers in tables.values()
    )
    if most > LARGEST:
        raise ValueError(f"weights add up to {most:.0f} points, more than {LARGEST}")
