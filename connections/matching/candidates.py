"""The few pairs out of millions that an optimum may be made of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connections.matching.field import SCALE, Field, points
from connections.matching.people import Ints

Step = Callable[[], None]

Held = tuple[Ints, Ints, NDArray[np.float32]]
LOWEST = np.finfo(np.float32).min
HALF = 0.5
"""Scores are whole and tie-breaks smaller than this, so a gain is real only above it."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Candidate pairs: asker, mentor, score; by asker, then mentor, each pair once."""

    asker: Ints
    mentor: Ints
    score: Ints

    @classmethod
    def none(cls) -> "Arcs":
        return cls(*(np.empty(0, np.int64) for _ in range(3)))

    def __len__(self) -> int:
        return len(self.asker)

    def __add__(self, more: "Arcs") -> "Arcs":
        asker, mentor, score = (
            np.concatenate((getattr(self, name), getattr(more, name))) for name in self.__slots__
        )
        order = np.lexsort((mentor, asker))
        asker, mentor, score = asker[order], mentor[order], score[order]
        new = np.ones(len(asker), np.bool_)
        new[1:] = (np.diff(asker) != 0) | (np.diff(mentor) != 0)
        return Arcs(asker[new], mentor[new], score[new])


def best(field: Field, *, each_asker: int, each_mentor: int, step: Step) -> Arcs:
    """The best pairs of each asker and the best pairs of each mentor, so that nobody is cut off."""
    found, by_mentor = [], _BestOfMentors(len(field.pool.mentors), each_mentor)
    for rows in field.blocks():
        keys = field.keys(rows)
        found.append(_arcs(keys, rows, *largest(keys, each_asker)))
        by_mentor.see(keys, rows)
        step()
    return _joined(found) + by_mentor.arcs()


@dataclass(frozen=True, slots=True)
class Prices:
    """What stands against a new pair: the mentor's price, and what the asker keeps already."""

    lift: Ints
    """What being matched at all is worth to each asker, on top of the score."""
    kept: Ints
    mentor: Ints


def improving(field: Field, prices: Prices, *, each: int, step: Step) -> tuple[Arcs, int]:
    """Pairs worth more than the prices say, and by how much at most the sum could still grow.

    The growth is the sum over askers of their best such pair: a bound by linear duality, so that
    nought means the assignment is the optimum over every allowed pair, looked at or not.
    """
    found, growth = [], 0
    for rows in field.blocks():
        keys = field.keys(rows)
        gain = keys / np.float64(SCALE) - prices.mentor
        gain += (prices.lift - prices.kept)[rows, None]
        gain[gain < HALF] = -np.inf
        most = gain.max(axis=1, initial=-np.inf)
        some = np.flatnonzero(np.isfinite(most))
        growth += int(np.rint(most[some]).sum())
        askers, mentors = largest(gain[some], each)
        found.append(_arcs(keys, rows, some[askers], mentors))
        step()
    return _joined(found), growth


def largest(keys: NDArray[np.floating], count: int) -> tuple[Ints, Ints]:
    """Row and column of the `count` largest keys of each row, if so many are pairs, or a few more."""
    rows, columns = np.nonzero(keys >= bar(keys, count)[:, None])
    return rows, columns


def bar(keys: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    """A little under, or at, the `count`-th largest key of each row; no row is ever sorted.

    The columns are dealt into heaps: the `count`-th largest of the tops of the heaps cannot be more
    than the `count`-th largest key, and with many heaps is seldom less.
    """
    deep = max(1, keys.shape[1] // (16 * count))
    heaps = keys.shape[1] // deep
    if heaps <= count:
        return np.full(len(keys), LOWEST, keys.dtype)
    tops = keys[:, : deep * heaps].reshape(len(keys), deep, heaps).max(axis=1)
    tops.partition(heaps - count, axis=1)
    under: NDArray[np.floating] = np.maximum(tops[:, heaps - count], LOWEST)
    return under


class _BestOfMentors:
    """The best pairs of each mentor among the blocks seen so far.

    Only what beats a mentor's worst is kept: after a few blocks, very little.
    """

    def __init__(self, mentors: int, count: int) -> None:
        self.count = count
        self.worst = np.full(mentors, LOWEST, np.float32)
        self.held: Held = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        self.waiting: list[Held] = []

    def see(self, keys: NDArray[np.float32], rows: slice) -> None:
        if not rows.start:
            self.worst = bar(keys.T, self.count)
        askers, mentors = np.nonzero(keys >= self.worst)
        self.waiting.append((askers + rows.start, mentors, keys[askers, mentors]))
        if sum(len(asker) for asker, _, _ in self.waiting) > self.count * len(self.worst):
            self._settle()

    def arcs(self) -> Arcs:
        self._settle()
        asker, mentor, key = self.held
        return Arcs(asker, mentor, points(key).astype(np.int64))

    def _settle(self) -> None:
        parts = zip(self.held, *self.waiting, strict=True)
        asker, mentor, key = (np.concatenate(part) for part in parts)
        order = np.lexsort((asker, -key, mentor))
        starts = np.searchsorted(mentor[order], np.arange(len(self.worst)))
        place = np.arange(len(order)) - starts[mentor[order]]
        last = order[place == self.count - 1]
        self.worst[mentor[last]] = key[last]
        kept = order[place < self.count]
        self.held, self.waiting = (asker[kept], mentor[kept], key[kept]), []


def _arcs(keys: NDArray[np.float32], rows: slice, askers: Ints, mentors: Ints) -> Arcs:
    score = points(keys[askers, mentors]).astype(np.int64)
    return Arcs(askers + rows.start, mentors, score)


def _joined(parts: list[Arcs]) -> Arcs:
    return Arcs(
        *(
            np.concatenate([getattr(part, name) for part in (Arcs.none(), *parts)])
            for name in Arcs.__slots__
        )
    )
