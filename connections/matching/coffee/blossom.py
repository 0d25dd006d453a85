"""Edmonds' augmenting paths: one more pair, or the proof that from here there is none."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from connections.matching.people import UNKNOWN, Bools, Ints

Row = Callable[[int], Bools]


@dataclass(slots=True)
class Search:
    """An alternating tree from `root`. Outer people could each be left out instead of the root."""

    mate: Ints
    row: Row
    root: int
    parent: Ints = field(init=False)
    base: Ints = field(init=False)
    outer: Bools = field(init=False)
    queue: deque[int] = field(init=False)

    def __post_init__(self) -> None:
        many = len(self.mate)
        self.parent, self.base = np.full(many, UNKNOWN), np.arange(many)
        self.outer = np.zeros(many, np.bool_)
        self.outer[self.root] = True
        self.queue = deque([self.root])

    def augment(self) -> bool:
        """Pair the root with somebody, if any path allows it; `mate` is changed in place."""
        while self.queue:
            one = self.queue.popleft()
            near = self.row(one)
            found = self._end(one, near)
            if found != UNKNOWN:
                self._turn(found)
                return True
            for other in np.flatnonzero(near & self.outer & (self.base != self.base[one])):
                if self.base[one] != self.base[other]:
                    self._contract(one, int(other))
            for other in np.flatnonzero(near & ~self.outer & (self.parent == UNKNOWN)):
                self._grow(one, int(other))
        return False

    def _end(self, one: int, near: Bools) -> int:
        free = near & (self.mate == UNKNOWN)
        free[self.root] = False
        if not free.any():
            return UNKNOWN
        end = int(np.argmax(free))
        self.parent[end] = one
        return end

    def _grow(self, one: int, other: int) -> None:
        """`other` becomes inner and their mate outer, or the two close a circle."""
        if self.outer[other]:
            if self.base[one] != self.base[other]:
                self._contract(one, other)
            return
        if self.parent[other] != UNKNOWN:
            return
        self.parent[other] = one
        mate = int(self.mate[other])
        self.outer[mate] = True
        self.queue.append(mate)

    def _contract(self, one: int, other: int) -> None:
        """Everybody on the odd circle becomes outer, with one base."""
        base = self._common(one, other)
        inside = np.zeros(len(self.mate), np.bool_)
        self._mark(one, base, other, inside)
        self._mark(other, base, one, inside)
        circle = inside[self.base]
        self.base[circle] = base
        new = np.flatnonzero(circle & ~self.outer)
        self.outer[new] = True
        self.queue.extend(new.tolist())

    def _common(self, one: int, other: int) -> int:
        seen: set[int] = set()
        while True:
            one = int(self.base[one])
            seen.add(one)
            if self.mate[one] == UNKNOWN:
                break
            one = int(self.parent[self.mate[one]])
        other = int(self.base[other])
        while other not in seen:
            other = int(self.base[self.parent[self.mate[other]]])
        return other

    def _mark(self, one: int, base: int, child: int, inside: Bools) -> None:
        while self.base[one] != base:
            mate = int(self.mate[one])
            inside[self.base[one]] = inside[self.base[mate]] = True
            self.parent[one] = child
            child, one = mate, int(self.parent[mate])

    def _turn(self, end: int) -> None:
        """The pairs along the path change over."""
        one = end
        while one != UNKNOWN:
            before = int(self.parent[one])
            after = int(self.mate[before])
            self.mate[one], self.mate[before] = before, one
            one = after


def complete(mate: Ints, row: Row) -> Ints:
    """The most pairs there can be; whoever is in a pair stays in one.

    A tree from which no path leads on never will: nobody in it is looked at again.
    """
    mate = mate.copy()
    open_ = np.ones(len(mate), np.bool_)
    for one in np.flatnonzero(mate == UNKNOWN).tolist():
        if mate[one] != UNKNOWN or np.count_nonzero(open_ & (mate == UNKNOWN)) < 2:
            continue
        search = Search(mate, lambda other: row(other) & open_, one)
        if not search.augment():
            open_[search.outer | (search.parent != UNKNOWN)] = False
    return mate
