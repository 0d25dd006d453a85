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
HALF = np.float32(0.5)
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
        pair = asker * (mentor.max(initial=0) + 1) + mentor
        order = np.argsort(pair, kind="stable")
        new = order[np.diff(pair[order], prepend=-1) != 0]
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
class Standing:
    """What an assignment gives to whom, against which every other pair is held."""

    lift: Ints
    """What being matched at all is worth to each asker, on top of the score."""
    kept: Ints
    """What each asker keeps, lift and all, when the price of their place is paid."""
    price: Ints
    has: NDArray[np.float32]
    """The score each asker has; minus infinity without a mentor."""
    worst: NDArray[np.float32]
    """The least score each mentor holds; minus infinity with a place to give."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at every pair of the field found."""

    overlooked: Arcs
    """Pairs worth more than the prices say."""
    growth: int
    """By how much at most the sum could still grow, by duality: nought proves the optimum."""
    blocking: int


def look(field: Field, standing: Standing, *, each: int, step: Step) -> Look:
    """Hold every allowed pair, candidate or not, against what the two have already."""
    found, growth, blocking = [], 0, 0
    owed = (standing.kept - standing.lift).astype(np.float64)[:, None]
    has, worst = (SCALE * (least + HALF) for least in (standing.has[:, None], standing.worst))
    for rows in field.blocks():
        keys = field.keys(rows)
        blocking += int(np.count_nonzero((keys > has[rows]) & (keys > worst)))
        gain = np.divide(keys, SCALE, dtype=np.float64)
        gain -= standing.price
        gain -= owed[rows]
        most = gain.max(axis=1, initial=-np.inf)
        some = np.flatnonzero(most > HALF)
        growth += int(np.rint(most[some]).sum())
        better = np.where(gain[some] > HALF, gain[some], -np.inf)
        askers, mentors = largest(better, each)
        found.append(_arcs(keys, rows, some[askers], mentors))
        step()
    return Look(_joined(found), growth, blocking)


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
