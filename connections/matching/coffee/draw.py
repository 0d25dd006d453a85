"""The whole round: pairs, threes, as few repeats as can be, and as many organisations."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from connections.matching.coffee import blossom, splits, threes
from connections.matching.coffee.people import LONG_AGO, Ground, Pool
from connections.matching.people import UNKNOWN, Ints

Progress = Callable[[float], None]
FIRST_LOOKS = 2
FEWEST_LOOKS, MOST_LOOKS, WORK = 4, 250, 8_000
"""A small pool is drawn anew often, a large one a few times: about `WORK` people in all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Two or three people, and what there is to say of them as a group."""

    people: tuple[int, ...]
    languages: int
    across: bool
    again: bool
    """Two of them met within the rounds that should be free of repeats."""


@dataclass(frozen=True, slots=True)
class Draw:
    groups: list[Group]
    alone: list[int]
    window: int
    """The rounds that were kept free of repeats; fewer than asked when a small pool needed it."""
    most_across: int
    """No draw of this pool has more groups across organisations than this."""

    @property
    def across(self) -> int:
        return sum(group.across for group in self.groups)


@dataclass(frozen=True, slots=True)
class Seating:
    mate: Ints
    threes: list[threes.Three]
    alone: list[int]


def draw(pool: Pool, *, seed: int, rounds: int = 12, progress: Progress | None = None) -> Draw:
    """Everybody in groups of two or three; nobody meets again within `rounds`, if that can be."""
    pool, told = pool.in_order(), progress or _nobody
    ground = Ground.of(pool, seed=seed, rounds=rounds)
    lots = np.random.default_rng(seed)
    mate = np.full(len(pool), UNKNOWN)
    for _look in range(FIRST_LOOKS):
        mate = splits.split(ground, mate, window=rounds, draw=lots)
    told(0.2)
    seating, window = _widest(ground, mate, rounds)
    told(0.4)
    seating = _better(ground, seating, window, lots, told)
    return _told(ground, seating, window)


def joins(pool: Pool, one: int, tables: list[list[int]], *, window: int, seed: int) -> int | None:
    """Which table somebody may join: one person waiting alone first, then across organisations."""
    pool = pool.in_order()
    ground = Ground.of(pool, seed=seed, rounds=window)
    rows = [np.searchsorted(pool.person, np.array(table)) for table in tables]
    row = int(np.searchsorted(pool.person, one))
    may = ground.row(row, window)
    free = [place for place, at in enumerate(rows) if may[at].all()]

    def worth(place: int) -> tuple[int, int]:
        others = rows[place]
        return -len(others), int(ground.points(np.full(len(others), row), others).max())

    return max(free, key=worth, default=None)


def _widest(ground: Ground, mate: Ints, rounds: int) -> tuple[Seating, int]:
    """The longest time without repeats in which as many are seated as in any shorter one."""
    best, window = _complete(ground, mate, rounds), rounds
    recent = set(ground.ago.values[ground.ago.values <= rounds].tolist())
    for shorter in sorted((ago - 1 for ago in recent), reverse=True):
        if not best.alone:
            break
        found = _complete(ground, mate, shorter)
        if len(found.alone) < len(best.alone):
            best, window = found, shorter
    return best, window


def _complete(ground: Ground, mate: Ints, window: int) -> Seating:
    mate = blossom.complete(mate, lambda row: ground.row(row, window))
    return Seating(*threes.seat(ground, mate, window=window))


def _better(
    ground: Ground, best: Seating, window: int, lots: np.random.Generator, told: Progress
) -> Seating:
    """The same number of people seated, and fewer repeats or more organisations."""
    looks = max(FEWEST_LOOKS, min(MOST_LOOKS, WORK // max(1, len(ground))))
    points = _points(ground, best)
    for look in range(looks):
        mate = splits.split(ground, _in_pairs(best, look), window=window, draw=lots)
        found = Seating(*threes.seat(ground, mate, window=window, thorough=False))
        worth = _points(ground, found)
        if (-len(found.alone), worth) >= (-len(best.alone), points):
            best, points = found, worth
        told(0.4 + 0.6 * (look + 1) / looks)
    return best


def _in_pairs(seating: Seating, turn: int) -> Ints:
    """Each three as a pair and somebody left over: another one every time."""
    mate = seating.mate.copy()
    for three in seating.threes:
        one, other = (three[(turn + place) % 3] for place in (1, 2))
        mate[one], mate[other] = other, one
    return mate


def _edges(rows: Ints) -> tuple[Ints, Ints]:
    left, right = np.triu_indices(len(rows), 1)
    return rows[left], rows[right]


def _rows(seating: Seating) -> list[Ints]:
    """The groups as rows, in order."""
    first = np.flatnonzero(np.arange(len(seating.mate)) < seating.mate)
    pairs = np.stack((first, seating.mate[first]), axis=1)
    return [*pairs, *(np.array(sorted(three)) for three in seating.threes)]


def _points(ground: Ground, seating: Seating) -> int:
    """A three is worth as much as its best two, and pays for each of its repeats."""
    first = np.flatnonzero(np.arange(len(seating.mate)) < seating.mate)
    total = int(ground.points(first, seating.mate[first]).sum())
    for three in seating.threes:
        left, right = _edges(np.array(three))
        cost = ground.cost_of_repeats(left, right)
        total += int((ground.points(left, right) + cost).max() - cost.sum())
    return total


def _told(ground: Ground, seating: Seating, window: int) -> Draw:
    pool = ground.pool
    groups = []
    for rows in sorted(_rows(seating), key=lambda rows: int(rows[0])):
        left, right = _edges(rows)
        groups.append(
            Group(
                people=tuple(pool.person[rows].tolist()),
                languages=int(np.bitwise_and.reduce(pool.languages[rows])),
                across=bool(ground.across(left, right).any()),
                again=bool((ground.ago.at(left, right, LONG_AGO) <= ground.rounds).any()),
            )
        )
    alone = sorted(pool.person[seating.alone].tolist())
    return Draw(groups, alone, window, _most_across(pool, len(groups)))


def _most_across(pool: Pool, groups: int) -> int:
    """Each group across has somebody known who is not of the largest organisation."""
    known = pool.organisation[pool.organisation != UNKNOWN]
    largest = int(np.unique(known, return_counts=True)[1].max(initial=0))
    return min(groups, len(known) - largest, len(known) // 2)


def _nobody(share: float) -> None:
    pass
