"""A coffee round beside a shuffle that keeps the hard rules: `python -m bench.coffee way people`.

Each measurement has a process of its own, so that peaks of memory are its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bench.matching_clock import quickest
from bench.tables import table
from connections.matching.coffee import Pool, draw
from connections.matching.coffee.people import Ground

HOUSE = Path(__file__).resolve().parent.parent
TITLES = ("people", "way", "CPU seconds", "x shuffle", "peak MB", "without group", "across, of 100")
ROUNDS = 12


def pool(many: int, *, seed: int = 1) -> Pool:
    """After a year: teams of fifteen, twelve organisations of uneven size, twelve rounds behind."""
    draws = np.random.default_rng(seed)
    person = draws.permutation(2 * many)[:many]
    met = [
        np.column_stack((pairs, np.full(len(pairs), ago)))
        for ago in range(1, ROUNDS + 1)
        for pairs in [draws.permutation(person)[: many // 2 * 2].reshape(-1, 2)]
    ]
    size = 1 / np.arange(1, 13)
    return Pool(
        person=person,
        languages=draws.choice([1, 2, 3], many, p=[0.6, 0.05, 0.35]).astype(np.int8),
        formats=draws.choice([1, 2, 3], many, p=[0.4, 0.1, 0.5]).astype(np.int8),
        organisation=draws.choice(12, many, p=size / size.sum()),
        team=draws.integers(-1, max(1, many // 15), many),
        profession=draws.integers(-1, 20, many),
        apart=draws.choice(person, (many // 2, 2)),
        met=np.concatenate(met),
    )


def shuffled(everybody: Pool, *, seed: int = 0) -> dict[str, Any]:
    """One after the other, with the first who may: what a shuffle that keeps the rules does."""
    ground = Ground.of(everybody.in_order(), seed=seed, rounds=ROUNDS)
    order = np.random.default_rng(seed).permutation(len(ground))
    place = np.argsort(order)
    free, pairs = np.ones(len(ground), np.bool_), []
    for one in order.tolist():
        if not free[one]:
            continue
        free[one] = False
        near = np.flatnonzero(ground.row(one, ROUNDS) & free)
        if len(near):
            other = int(near[np.argmin(place[near])])
            free[other] = False
            pairs.append((one, other))
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    return _said(len(ground) - 2 * len(pairs), int(ground.across(left, right).sum()), len(pairs))


def solved(everybody: Pool) -> dict[str, Any]:
    drawn = draw(everybody, seed=0, rounds=ROUNDS)
    return _said(len(drawn.alone), drawn.across, len(drawn.groups))


def _said(alone: int, across: int, groups: int) -> dict[str, Any]:
    return {"alone": alone, "across": round(100 * across / max(1, groups), 1)}


WAYS = {"ours": solved, "shuffle": shuffled}


def run(*, sizes: tuple[int, ...]) -> str:
    rows = []
    for many in sizes:
        found = {way: measured(way, many) for way in WAYS}
        rows += [
            (
                f"{many:,}",
                way,
                f"{one['seconds']:.2f}",
                f"{one['seconds'] / found['shuffle']['seconds']:.1f}",
                f"{one['megabytes']:.0f}",
                f"{one['alone']:,}",
                f"{one['across']:.1f}",
            )
            for way, one in found.items()
        ]
    return table(TITLES, rows)


def measured(way: str, many: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.coffee", way, str(many)],
        cwd=HOUSE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        stdout=subprocess.PIPE,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    way, many = sys.argv[1], int(sys.argv[2])
    everybody = pool(many)
    seconds, said = quickest(lambda: WAYS[way](everybody))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, **said}))
