"""A matching round: the whole pool assigned at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from connections.matching import candidates, flow, rules, terms
from connections.matching.candidates import Arcs
from connections.matching.field import LARGEST, Field
from connections.matching.people import UNKNOWN, Bools, Ints, Pool, Weights

Progress = Callable[[str, float], None]
"""Told the stage (candidates, assigning, proving; before and after them whatever else is done with
the pool) and the share of it that is done."""


class LockRefused(ValueError):
    """A locked pair that no coordinator may lock: who must stay apart, or a place that is not."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Who is with whom: one row an asker, by person."""

    asker: Ints
    mentor: Ints
    """`UNKNOWN` for who is left out."""
    score: Ints
    locked: Bools
    gap: int
    """At most so much (score and bonus) is missing from the best there is; 0 is a proof."""
    blocking: int
    """Pairs not together who would both have been better off; locked people are not asked."""
    seed: int
    weights: Weights

    @property
    def matched(self) -> Bools:
        known: Bools = self.mentor != UNKNOWN
        return known

    @property
    def total(self) -> int:
        return int(self.score[self.matched].sum())

    @property
    def pairs(self) -> Ints:
        return np.stack((self.asker, self.mentor), axis=1)[self.matched]


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look; the defaults prove the optimum in all pools we have seen."""

    each_asker: int = 15
    each_mentor: int = 15
    again: int = 10
    """Pairs offered to each asker in every later look at the whole field."""
    looks: int = 8
    """The most looks before the best so far is taken, with its gap."""


def solve(
    pool: Pool,
    weights: Weights | None = None,
    *,
    locked: Ints | None = None,
    seed: int = 0,
    effort: Effort | None = None,
    progress: Progress | None = None,
) -> Solution:
    """As many people matched as the rules allow, and of all such assignments the best sum.

    `locked` has a row for each asker and mentor who are together already; a lock overrides what
    people chose, never who must stay apart, and takes a place.
    """
    weights, told = weights or Weights(), progress or nobody
    pool = pool.in_order()
    rows, columns = _locks(pool, locked)
    waiting = np.ones(len(pool.requests), np.bool_)
    waiting[rows] = False
    taken = np.bincount(columns, minlength=len(pool.mentors))
    rest = Pool(
        pool.requests.take(np.flatnonzero(waiting)),
        replace(pool.mentors, free=pool.mentors.free - taken),
        pool.apart,
    )
    field = Field.of(rest, weights, seed=seed)
    arcs, chosen, seen = _optimum(field, seed, effort or Effort(), told)

    mentor = np.full(len(pool.requests), UNKNOWN)
    score = np.zeros(len(pool.requests), np.int64)
    matched = np.flatnonzero(waiting)[chosen != UNKNOWN]
    used = chosen[chosen != UNKNOWN]
    mentor[matched], score[matched] = arcs.mentor[used], arcs.score[used]
    mentor[rows] = columns
    score[rows] = terms.total(pool.requests.take(rows), pool.mentors.take(columns), weights)
    return Solution(
        asker=pool.requests.person,
        mentor=np.where(mentor == UNKNOWN, UNKNOWN, pool.mentors.person[mentor])
        if len(pool.mentors)
        else mentor,
        score=score,
        locked=~waiting,
        gap=seen.growth,
        blocking=seen.blocking,
        seed=seed,
        weights=weights,
    )


def _optimum(
    field: Field, seed: int, effort: Effort, told: Progress
) -> tuple[Arcs, Ints, candidates.Look]:
    """Candidates, assignment, prices; then whoever the prices say was overlooked; and again."""
    askers, mentors = field.pool.requests, field.pool.mentors
    free = np.where(mentors.paused, 0, np.maximum(mentors.free, 0))
    bonus = askers.left_out * field.weights.left_out
    lift = bonus + (len(askers) + 1) * (2 * LARGEST + field.weights.left_out)
    draw = np.random.default_rng(seed)
    seats = (draw.permutation(len(askers)), draw.permutation(len(mentors)))
    arcs = candidates.best(
        field,
        each_asker=effort.each_asker,
        each_mentor=effort.each_mentor,
        step=_steps(field, told, "candidates"),
    )
    for left in reversed(range(effort.looks)):
        told("assigning", 0)
        chosen = flow.assign(arcs, free, bonus, seats)
        seen = candidates.look(
            field,
            _standing(arcs, chosen, lift, free),
            each=effort.again,
            step=_steps(field, told, "proving"),
        )
        if seen.growth == 0 or not left:
            break
        arcs = arcs + seen.overlooked
    return arcs, chosen, seen


def _standing(arcs: Arcs, chosen: Ints, lift: Ints, free: Ints) -> candidates.Standing:
    worth = arcs.score + lift[arcs.asker]
    price = flow.prices(arcs, worth, chosen, len(free))
    kept = np.zeros(len(lift), np.int64)
    np.maximum.at(kept, arcs.asker, worth - price[arcs.mentor])
    used = chosen[chosen != UNKNOWN]
    has = np.full(len(lift), -np.inf, np.float32)
    has[arcs.asker[used]] = arcs.score[used]
    worst = np.full(len(free), np.inf, np.float32)
    np.minimum.at(worst, arcs.mentor[used], arcs.score[used].astype(np.float32))
    worst[np.bincount(arcs.mentor[used], minlength=len(free)) < free] = -np.inf
    return candidates.Standing(lift, kept, price, has, worst)


def _locks(pool: Pool, locked: Ints | None) -> tuple[Ints, Ints]:
    """Rows of the locked pairs, when they may be locked."""
    pairs = np.empty((0, 2), np.int64) if locked is None else np.asarray(locked, np.int64)
    rows = pool.requests.rows_of(pairs[:, 0])
    columns = pool.mentors.rows_of(pairs[:, 1])
    if np.any(rows == UNKNOWN) or np.any(columns == UNKNOWN):
        raise LockRefused("a locked pair names somebody who is not in the pool")
    if len(np.unique(rows)) != len(rows):
        raise LockRefused("somebody is locked twice")
    if not np.all(rules.lawful(pool, rows, columns)):
        raise LockRefused("a locked pair must stay apart")
    held = np.bincount(columns, minlength=len(pool.mentors))
    if np.any((held > pool.mentors.free) | (pool.mentors.paused & (held > 0))):
        raise LockRefused("a mentor has more locked pairs than places")
    return rows, columns


def _steps(field: Field, told: Progress, stage: str) -> Callable[[], None]:
    blocks = sum(1 for _ in field.blocks())
    done = iter(range(1, blocks + 1))
    return lambda: told(stage, next(done) / blocks)


def nobody(stage: str, share: float) -> None:
    pass
