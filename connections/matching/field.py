"""The whole field of pairs, seen a block of rows at a time; it is never held in memory at once."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connections.matching import rules, terms
from connections.matching.people import Bools, Ints, People, Pool, Rule, Weights

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
    return np.rint(RADIUS * np.hstack((np.cos(angle), np.sin(angle)))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Field:
    """The tables of a pool, ready to be multiplied."""

    pool: Pool
    weights: Weights
    asks: dict[bool, terms.Table]
    offers: dict[bool, terms.Table]
    """By whether they belong to the needs; the mentors' side stands on its side."""
    floor: terms.Table
    starts: Ints
    apart: Ints
    """Of asker i no mentor in `apart[starts[i]:starts[i + 1]]`."""

    @classmethod
    def of(cls, pool: Pool, weights: Weights, *, seed: int) -> "Field":
        """The field of a pool that is `in_order()`."""
        left, right = pool.requests, pool.mentors
        tables = {term: table(left, right, weights) for term, table in terms.TERMS.items()}
        rest = [tables[term] for term in tables if term not in terms.NEEDS]
        needs = [tables[term] for term in terms.NEEDS]
        _check_exact([*needs, *rest])
        draw = np.random.default_rng(seed)
        ties = [_round_the_table(draw.permutation(len(side)), len(side)) for side in (left, right)]
        asks = {
            True: SCALE * np.hstack([mine for mine, _ in needs]),
            False: np.hstack([*(SCALE * mine for mine, _ in rest), ties[0]]),
        }
        offers = {
            True: np.ascontiguousarray(np.hstack([theirs for _, theirs in needs]).T),
            False: np.ascontiguousarray(np.hstack([*(o for _, o in rest), ties[1]]).T),
        }
        named = (left.methods.sizes + left.topics.sizes) > 0
        floor = np.where(named, SCALE * weights.minimum, 0).astype(np.float32)[:, None]
        rows, columns = rules.apart(pool)
        return cls(
            pool,
            weights,
            asks,
            offers,
            floor,
            np.searchsorted(rows, np.arange(len(left) + 1)),
            columns,
        )

    def blocks(self) -> Iterator[slice]:
        size = max(1, PAIRS_AT_ONCE // max(1, len(self.pool.mentors)))
        for start in range(0, len(self.pool.requests), size):
            yield slice(start, min(start + size, len(self.pool.requests)))

    def rules(self, rows: slice, needs: Keys) -> Iterator[tuple[Rule, Bools]]:
        """Who satisfies each rule, for these askers and every mentor."""
        left: People = self.pool.requests.take(np.arange(rows.start, rows.stop))
        right = self.pool.mentors
        for rule, table in rules.TABLES.items():
            if rule not in rules.CAN_BE_FIRM or rule in self.weights.firm:
                yield rule, table(left, right)
        yield Rule.NEEDS, needs >= self.floor[rows]
        yield Rule.FREE, np.broadcast_to(right.free > 0, needs.shape)
        yield Rule.PAUSED, np.broadcast_to(~right.paused, needs.shape)
        yield Rule.APART, self._not_apart(rows)

    def needs(self, rows: slice) -> Keys:
        return self.asks[True][rows] @ self.offers[True]

    def keys(self, rows: slice) -> Keys:
        """The key of each pair, minus infinity for a pair that may not be."""
        needs = self.needs(rows)
        keys = self.asks[False][rows] @ self.offers[False]
        keys += needs
        allowed = np.ones(keys.shape, np.bool_)
        for _, satisfied in self.rules(rows, needs):
            allowed &= satisfied
        return np.where(allowed, keys, np.float32(-np.inf))

    def _not_apart(self, rows: slice) -> Bools:
        table = np.ones((rows.stop - rows.start, len(self.pool.mentors)), np.bool_)
        each = np.diff(self.starts[rows.start : rows.stop + 1])
        mentors = self.apart[self.starts[rows.start] : self.starts[rows.stop]]
        table[np.repeat(np.arange(len(each)), each), mentors] = False
        return table


def points(keys: Keys) -> Keys:
    """The scores in keys."""
    return np.rint(keys / SCALE)


def _check_exact(tables: list[terms.Tables]) -> None:
    most = sum(
        float((np.abs(asks).sum(axis=1)).max(initial=0) * np.abs(offers).max(initial=0))
        for asks, offers in tables
    )
    if most > LARGEST:
        raise ValueError(f"weights add up to {most:.0f} points, more than {LARGEST}")
