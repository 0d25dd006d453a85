"""Two sides by lot, and the best pairs between them."""

import numpy as np

from connections.matching import flow
from connections.matching.candidates import Arcs
from connections.matching.coffee.people import Ground
from connections.matching.people import UNKNOWN, Ints

ALL_PAIRS = 150  # people on a side; up to here everybody is tried with everybody
TRIED = 24  # otherwise so many of the other side, by lot


def split(ground: Ground, mate: Ints, *, window: int, draw: np.random.Generator) -> Ints:
    """The best pairs between two sides on which `mate` is possible too: never fewer, never worse."""
    here, there = _sides(mate, draw)
    left, right = _tried(len(here), len(there), draw)
    place = np.full(len(mate), UNKNOWN)
    place[there] = np.arange(len(there))
    paired = np.flatnonzero(mate[here] != UNKNOWN)
    left = np.concatenate((left, paired))
    right = np.concatenate((right, place[mate[here[paired]]]))
    left, right = np.divmod(np.unique(left * len(there) + right), len(there))
    may = ground.may(here[left], there[right], window)
    left, right = left[may], right[may]
    points = ground.points(here[left], there[right])
    arcs = Arcs(left, right, points)
    seats = (draw.permutation(len(here)), draw.permutation(len(there)))
    one_each = np.ones(len(there), np.int64)
    chosen = flow.assign(arcs, one_each, np.zeros(len(here), np.int64), seats)
    used = chosen[chosen != UNKNOWN]
    found = np.full(len(mate), UNKNOWN)
    found[here[left[used]]] = there[right[used]]
    found[there[right[used]]] = here[left[used]]
    return found


def _sides(mate: Ints, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """The two of a pair on different sides; whoever has nobody on the emptier one, by lot."""
    first = np.flatnonzero(np.arange(len(mate)) < mate)
    turned = draw.random(len(first)) < 0.5
    here = np.where(turned, mate[first], first)
    there = np.where(turned, first, mate[first])
    alone = draw.permutation(np.flatnonzero(mate == UNKNOWN))
    half = (len(alone) + int(draw.integers(0, 2))) // 2
    return np.concatenate((here, alone[:half])), np.concatenate((there, alone[half:]))


def _tried(here: int, there: int, draw: np.random.Generator) -> tuple[Ints, Ints]:
    if max(here, there) <= ALL_PAIRS:
        left, right = np.indices((here, there)).reshape(2, -1)
        return left, right
    left = np.repeat(np.arange(here), TRIED)
    return left, draw.integers(0, there, len(left))
