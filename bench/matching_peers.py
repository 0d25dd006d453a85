"""One measurement of another way to match, from a table of all scores made for it beforehand.

Runs in a process and an environment of its own (`requirements/bench.txt`), so it imports nothing of
the product but the clock. What it is timed for begins with the scores in memory: a head start over
ours, which begins with people.
"""

import json
import resource
import sys
from collections.abc import Callable

import numpy as np
from matching.games import HospitalResident
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bench.matching_clock import quickest

Scores = NDArray[np.int16]
Free = NDArray[np.int64]
Pairs = list[tuple[int, int]]


def scipy_dense(scores: Scores, free: Free) -> Pairs:
    """The exact optimum, most people first: each place a column."""
    lift = scores.shape[0] * (int(scores.max()) + 1)
    seats = np.repeat(np.arange(len(free)), free)
    worth = np.where(scores >= 0, scores + float(lift), 0.0)[:, seats]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    kept = worth[rows, columns] > 0
    return list(zip(rows[kept].tolist(), seats[columns[kept]].tolist(), strict=True))


def matching_package(scores: Scores, free: Free) -> Pairs:
    """Hospital and residents over full preference lists."""
    sys.setrecursionlimit(10**7)
    open_to = {int(j) for j in np.flatnonzero(free)}
    askers: dict[int, list[int]] = {}
    for i, row in enumerate(scores):
        liked = [
            j for j in np.argsort(-row, kind="stable").tolist() if row[j] >= 0 and j in open_to
        ]
        if liked:
            askers[i] = liked
    mentors: dict[int, list[int]] = {}
    for j in open_to:
        column = scores[:, j]
        liked = [i for i in np.argsort(-column, kind="stable").tolist() if column[i] >= 0]
        if liked:
            mentors[j] = liked
    game = HospitalResident.create_from_dictionaries(
        askers, mentors, {j: int(free[j]) for j in mentors}
    )
    solved = game.solve(optimal="resident")
    return [(asker.name, mentor.name) for mentor, held in solved.items() for asker in held]


def greedy(scores: Scores, free: Free) -> Pairs:
    """The best pair of all, then the best of what is left, and so on."""
    rows, columns = np.nonzero((scores >= 0) & (free > 0))
    order = np.argsort(-scores[rows, columns], kind="stable")
    left, waiting, pairs = free.tolist(), set(range(len(scores))), []
    for i, j in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if left[j] and i in waiting:
            waiting.discard(i)
            left[j] -= 1
            pairs.append((i, j))
    return pairs


WAYS: dict[str, Callable[[Scores, Free], Pairs]] = {
    "scipy": scipy_dense,
    "matching": matching_package,
    "greedy": greedy,
}


if __name__ == "__main__":
    with np.load(sys.argv[2]) as given:
        scores, free = given["scores"], given["free"]
    way = WAYS[sys.argv[1]]
    seconds, pairs = quickest(lambda: way(scores, free))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    score = sum(int(scores[pair]) for pair in pairs)
    found = {"seconds": seconds, "matched": len(pairs), "score": score, "megabytes": peak}
    print(json.dumps(found))
