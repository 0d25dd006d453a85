"""One measurement of our own matching; run in a process of its own, prints one line of JSON."""

import json
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from bench.matching_clock import quickest
from bench.matching_pools import pool
from connections.matching import Pool, Weights, solve, suggest
from connections.matching.field import Field, points

ASKED = 40


def table(askers: int, mentors: int, file: Path) -> dict[str, float]:
    """All scores of the pool, for those who need them all: -1 where a pair is not allowed."""
    everybody = pool(askers, mentors).in_order()
    field = Field.of(everybody, Weights(left_out=0), seed=0)
    scores = np.empty((askers, mentors), np.int16)
    for rows in field.blocks():
        score = points(field.keys(rows))
        scores[rows] = np.where(np.isfinite(score), np.maximum(score, 0), -1)
    free = np.where(everybody.mentors.paused, 0, everybody.mentors.free)
    np.savez(file, scores=scores, free=free)
    return {}


def round_of(askers: int, mentors: int) -> dict[str, float]:
    """A whole round from the features: candidates, flow, proof and blocking pairs."""
    everybody = pool(askers, mentors)
    seconds, solution = quickest(lambda: solve(everybody, Weights(left_out=0)))
    return {
        "seconds": seconds,
        "matched": int(solution.matched.sum()),
        "score": solution.total,
        "gap": solution.gap,
    }


def suggestions(askers: int, mentors: int) -> dict[str, float]:
    """The middle of several askers, each from the arrays as loaded."""
    everybody = pool(max(askers, ASKED), mentors)
    took = [_ask(everybody, row) for row in range(ASKED)]
    return {"seconds": statistics.median(took)}


def _ask(everybody: Pool, row: int) -> float:
    start = time.process_time()
    suggest(everybody.requests.take(np.array([row])), everybody.mentors, apart=everybody.apart)
    return time.process_time() - start


if __name__ == "__main__":
    what, askers, mentors, *file = sys.argv[1:]
    ways = {"round": round_of, "suggestions": suggestions}
    size = int(askers), int(mentors)
    found = table(*size, Path(file[0])) if what == "table" else ways[what](*size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "megabytes": peak}))
