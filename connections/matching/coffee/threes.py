"""Whoever is left over joins two others, so that three have coffee together."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from connections.matching.coffee.blossom import Search
from connections.matching.coffee.people import Ground
from connections.matching.people import UNKNOWN, Bools, Ints

Three = tuple[int, int, int]
TRIES = 600  # triangles looked at for one person: among 16 people, all there are
FEW = 500  # people: among more, whoever may join no pair is not looked at further


def seat(
    ground: Ground, mate: Ints, *, window: int, thorough: bool = True
) -> tuple[Ints, list[Three], list[int]]:
    """The pairs that stay, the threes, and who is left; `mate` holds the most pairs there can be."""
    thorough = thorough and len(ground) <= FEW
    mate, threes = mate.copy(), []
    free, tried = np.ones(len(mate), np.bool_), np.zeros(len(mate), np.bool_)
    while len(left := np.flatnonzero(free & ~tried & (mate == UNKNOWN))):
        one = int(left[np.argmin(ground.lot[left])])
        three = _joins_a_pair(ground, mate, free, one, window)
        if three is None and thorough:
            three = _triangle(ground, mate, free, one, window)
        if three is None:
            tried[one] = True
            continue
        threes.append(three)
        mate[list(three)] = UNKNOWN
        free[list(three)] = False
    return mate, threes, np.flatnonzero(tried & (mate == UNKNOWN)).tolist()


def _joins_a_pair(ground: Ground, mate: Ints, free: Bools, one: int, window: int) -> Three | None:
    """The pair this person suits best."""
    near = ground.row(one, window) & free & (mate != UNKNOWN)
    pairs = np.flatnonzero(near & near[mate] & (np.arange(len(mate)) < mate))
    if not len(pairs):
        return None
    alike = np.full(len(pairs), one)
    points = ground.points(alike, pairs) + ground.points(alike, mate[pairs])
    best = int(pairs[np.argmax(points)])
    return one, best, int(mate[best])


def _triangle(ground: Ground, mate: Ints, free: Bools, one: int, window: int) -> Three | None:
    """Three of those who could be left out instead, when all the others can still be paired."""
    search = Search(mate.copy(), lambda row: ground.row(row, window) & free, one)
    search.augment()
    outer = search.outer
    for three in islice(_triangles(ground, outer, window), TRIES):
        kept = _without(ground, mate, free, three, window)
        if kept is not None:
            mate[:] = kept
            return three
    return None


def _triangles(ground: Ground, among: Bools, window: int) -> Iterator[Three]:
    above = np.arange(len(among))
    for one in np.flatnonzero(among).tolist():
        near = ground.row(one, window) & among & (above > one)
        for other in np.flatnonzero(near).tolist():
            both = near & ground.row(other, window) & (above > other)
            for third in np.flatnonzero(both).tolist():
                yield one, other, third


def _without(ground: Ground, mate: Ints, free: Bools, three: Three, window: int) -> Ints | None:
    """Pairs for everybody but these three, with one person fewer left over than before."""
    rest = free.copy()
    rest[list(three)] = False
    mate, before = mate.copy(), np.count_nonzero(free & (mate == UNKNOWN))
    for one in three:
        if mate[one] != UNKNOWN:
            mate[mate[one]] = UNKNOWN
            mate[one] = UNKNOWN
    for one in np.flatnonzero(rest & (mate == UNKNOWN)).tolist():
        if mate[one] == UNKNOWN:
            Search(mate, lambda row: ground.row(row, window) & rest, one).augment()
    left = np.count_nonzero(rest & (mate == UNKNOWN))
    return mate if left < before else None
