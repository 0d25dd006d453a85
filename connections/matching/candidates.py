"""The few pairs out of millions that an optimum may be made of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connections.matching.field import SCALE, Field, points
from connections.matching.people import Ints

Step = Callable[[], None]

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
    found = []
    held = _BestOfMentors.none(len(field.pool.mentors), each_mentor)
    for rows in field.blocks():
        keys = field.keys(rows)
        askers, mentors = largest(keys, each_asker)
        found.append(_arcs(keys, rows, askers, mentors))
        held = held.after(keys, rows)
        step()
    return _joined(found) + held.arcs()


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
    """Row and column of the `count` largest keys of each row, as far as they are pairs at all."""
    width = keys.shape[1]
    if count >= width:
        rows, columns = np.nonzero(np.isfinite(keys))
        return rows, columns
    chosen = np.argpartition(keys, width - count, axis=1)[:, width - count :]
    rows, at = np.nonzero(np.isfinite(np.take_along_axis(keys, chosen, axis=1)))
    return rows, chosen[rows, at]


@dataclass(frozen=True, slots=True)
class _BestOfMentors:
    """The best pairs of each mentor among the blocks seen so far, one mentor a row."""

    keys: NDArray[np.float32]
    askers: Ints

    @classmethod
    def none(cls, mentors: int, count: int) -> "_BestOfMentors":
        empty = np.full((mentors, count), -np.inf, np.float32)
        return cls(empty, np.zeros((mentors, count), np.int64))

    def after(self, keys: NDArray[np.float32], rows: slice) -> "_BestOfMentors":
        """Only what beats a mentor's worst so far is looked at: after a few blocks, very little."""
        askers, mentors = np.nonzero(keys > self.keys.min(axis=1))
        mentor = np.concatenate((np.repeat(np.arange(len(self.keys)), self.keys.shape[1]), mentors))
        key = np.concatenate((self.keys.ravel(), keys[askers, mentors]))
        asker = np.concatenate((self.askers.ravel(), askers + rows.start))
        order = np.lexsort((asker, -key, mentor))
        starts = np.searchsorted(mentor[order], np.arange(len(self.keys)))
        first = order[starts[:, None] + np.arange(self.keys.shape[1])]
        return _BestOfMentors(key[first], asker[first])

    def arcs(self) -> Arcs:
        mentors, at = np.nonzero(np.isfinite(self.keys))
        score = points(self.keys[mentors, at]).astype(np.int64)
        return Arcs(self.askers[mentors, at], mentors, score)


def _arcs(keys: NDArray[np.float32], rows: slice, askers: Ints, mentors: Ints) -> Arcs:
    score = points(keys[askers, mentors]).astype(np.int64)
    return Arcs(askers + rows.start, mentors, score)


def _joined(parts: list[Arcs]) -> Arcs:
    return Arcs(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Arcs.__slots__)
    ) if parts else Arcs.none()
