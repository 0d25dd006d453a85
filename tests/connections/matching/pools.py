"""Small, crowded pools, and a plain, slow account of the model to hold the fast one against."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from connections.matching import UNKNOWN, Mentors, Pool, Requests, Rule, Sets, Weights

DEFAULT = Weights()
LEAVE_OUT = 1_000_000
"""What it costs to leave one person out: more than all scores of a small pool together."""


def pool(seed: int, askers: int, mentors: int, *, tags: int = 5, ways: int = 4) -> Pool:
    """People with few tags, teams and organisations, some of whom both ask and offer."""
    draw = np.random.default_rng(seed)
    people = draw.permutation(3 * (askers + mentors) + 3)

    def features(person):
        many = len(person)
        return {
            "person": person,
            "methods": Sets.of(draw.integers(0, tags, draw.integers(0, 4)) for _ in person),
            "topics": Sets.of(draw.integers(0, tags, draw.integers(0, 4)) for _ in person),
            "kinds": draw.integers(1, 4, many).astype(np.int8),
            "languages": draw.integers(1, 4, many).astype(np.int8),
            "formats": draw.integers(1, 4, many).astype(np.int8),
            "ways": draw.integers(-1, 2, (many, ways)).astype(np.int8),
            "setting": draw.integers(-1, 3, many),
            "organisation": draw.integers(-1, 3, many),
            "team": draw.integers(-1, 8, many),
            "workplace": draw.integers(-1, 4, many),
            "contacts": Sets.of(draw.choice(people, draw.integers(0, 3)) for _ in person),
        }

    both = min(askers, mentors) // 3
    return Pool(
        Requests(**features(people[:askers]), left_out=draw.random(askers) < 0.3),
        Mentors(
            **features(people[askers - both : askers - both + mentors]),
            free=draw.integers(0, 4, mentors),
            paused=draw.random(mentors) < 0.15,
        ),
        draw.choice(people[: askers - both + mentors], (askers // 2, 2)),
    )


pools = st.builds(pool, st.integers(0, 2**32), st.integers(0, 12), st.integers(0, 9))


def shuffled(pool: Pool, seed: int) -> Pool:
    draw = np.random.default_rng(seed)
    return Pool(
        pool.requests.take(draw.permutation(len(pool.requests))),
        pool.mentors.take(draw.permutation(len(pool.mentors))),
        draw.permutation(pool.apart),
    )


def broken_by(pool: Pool, i: int, j: int, weights: Weights = DEFAULT) -> set[Rule]:
    """The rules that asker i and mentor j break."""
    left, right = pool.requests, pool.mentors
    two = (left.person[i], right.person[j])
    named = left.methods[i] or left.topics[i]
    broken = {
        Rule.KIND: not left.kinds[i] & right.kinds[j],
        Rule.LANGUAGE: not left.languages[i] & right.languages[j],
        Rule.NEEDS: bool(named) and met(pool, i, j, weights) < weights.minimum,
        Rule.FREE: right.free[j] < 1,
        Rule.PAUSED: bool(right.paused[j]),
        Rule.TEAM: left.team[i] == right.team[j] != UNKNOWN,
        Rule.APART: two[0] == two[1]
        or any(set(two) == set(pair) for pair in pool.apart.tolist() if pair[0] != pair[1]),
        Rule.FORMAT: Rule.FORMAT in weights.firm and not left.formats[i] & right.formats[j],
        Rule.SETTING: Rule.SETTING in weights.firm
        and UNKNOWN not in (left.setting[i], right.setting[j])
        and left.setting[i] != right.setting[j],
    }
    return {rule for rule, is_broken in broken.items() if is_broken}


def met(pool: Pool, i: int, j: int, weights: Weights) -> int:
    """The points that mentor j has for what asker i needs."""
    left, right = pool.requests, pool.mentors
    shared = [
        (left.methods[i], right.methods[j], weights.methods, left.topics[i], weights.topics),
        (left.topics[i], right.topics[j], weights.topics, left.methods[i], weights.methods),
    ]
    points = 0
    for named, offered, own, other_named, other in shared:
        whole = own if other_named else own + other
        if named and whole:
            points += max(1, whole // len(named)) * len(named & offered)
    return points


def worth(pool: Pool, i: int, j: int, weights: Weights) -> int:
    """The score of asker i and mentor j, as the formula says it."""
    left, right = pool.requests, pool.mentors
    points = met(pool, i, j, weights)
    points += weights.way * int(np.dot(left.ways[i].astype(int), right.ways[j].astype(int)))
    points += weights.setting * (left.setting[i] == right.setting[j] != UNKNOWN)
    points += weights.format * bool(left.formats[i] & right.formats[j])
    organisations = left.organisation[i], right.organisation[j]
    points += weights.organisation * (
        UNKNOWN not in organisations and organisations[0] != organisations[1]
    )
    points += weights.ties * (ties(pool, i, j) == 1)
    return int(points)


def ties(pool: Pool, i: int, j: int) -> int:
    """What asker i and mentor j have in common; many for two who know each other."""
    left, right = pool.requests, pool.mentors
    if left.person[i] in right.contacts[j] or right.person[j] in left.contacts[i]:
        return 99
    same = left.workplace[i] == right.workplace[j] != UNKNOWN
    return len(left.contacts[i] & right.contacts[j]) + bool(same)


def table(pool: Pool, weights: Weights) -> NDArray[np.float64]:
    """All scores; minus infinity where a rule is broken."""
    scores = np.full((len(pool.requests), len(pool.mentors)), -np.inf)
    for i, j in np.ndindex(scores.shape):
        if not broken_by(pool, i, j, weights):
            scores[i, j] = worth(pool, i, j, weights)
    return scores


def optimum(pool: Pool, scores: NDArray[np.float64], weights: Weights) -> tuple[int, int]:
    """People matched, and score with bonus, of the best assignment by a dense exact method."""
    seats = np.repeat(np.arange(len(pool.mentors)), np.maximum(pool.mentors.free, 0))
    bonus = pool.requests.left_out * weights.left_out
    lifted = np.where(np.isfinite(scores), scores + bonus[:, None] + LEAVE_OUT, 0)[:, seats]
    rows, columns = linear_sum_assignment(lifted, maximize=True)
    kept = lifted[rows, columns] > 0
    matched = int(np.count_nonzero(kept))
    return matched, int(lifted[rows, columns].sum()) - matched * LEAVE_OUT
