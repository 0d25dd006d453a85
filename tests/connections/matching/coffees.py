"""Small, crowded pools of people who want coffee, and a plain, slow account of who could sit together."""

from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from connections.matching import UNKNOWN
from connections.matching.coffee import Pool


def pool(seed, many, *, sparse=0.3, rounds=12, organisations=3, teams=6):
    """People with few languages, teams and organisations; `sparse` is the share kept apart."""
    draw = np.random.default_rng(seed)
    person = draw.permutation(3 * many + 3)[:many]
    two = np.array(list(combinations(person, 2)), np.int64).reshape(-1, 2)
    met = two[draw.random(len(two)) < sparse]
    return Pool(
        person=person,
        languages=draw.choice([1, 2, 3], many, p=[0.4, 0.1, 0.5]).astype(np.int8),
        formats=draw.choice([1, 2, 3], many, p=[0.3, 0.1, 0.6]).astype(np.int8),
        organisation=draw.integers(-1, organisations, many),
        team=draw.integers(-1, teams, many),
        profession=draw.integers(-1, 4, many),
        apart=two[draw.random(len(two)) < sparse / 2],
        met=np.column_stack((met, draw.integers(1, rounds + 4, len(met)))),
    )


pools = st.builds(
    pool,
    st.integers(0, 2**32),
    st.integers(0, 10),
    sparse=st.sampled_from([0.0, 0.2, 0.5, 0.8]),
    organisations=st.integers(1, 4),
    teams=st.sampled_from([2, 6, 30]),
)


def shuffled(pool, seed):
    draw = np.random.default_rng(seed)
    taken = pool.take(draw.permutation(len(pool)))
    met = draw.permutation(pool.met)
    return Pool(
        *(getattr(taken, name) for name in Pool.__slots__[:-2]), draw.permutation(pool.apart), met
    )


def ago(pool, i, j):
    """Rounds since these two rows met; a thousand when they never did."""
    two = {pool.person[i], pool.person[j]}
    return min((gone for *pair, gone in pool.met.tolist() if set(pair) == two), default=1000)


def may(pool, i, j, window):
    two = {pool.person[i], pool.person[j]}
    return bool(
        pool.languages[i] & pool.languages[j]
        and pool.formats[i] & pool.formats[j]
        and (pool.team[i] != pool.team[j] or pool.team[i] == UNKNOWN)
        and not any(set(pair) == two for pair in pool.apart.tolist())
        and ago(pool, i, j) > window
    )


def across(pool, rows):
    known = {pool.organisation[row] for row in rows} - {UNKNOWN}
    return len(known) > 1


def best(pool, window, *, worth=lambda rows: 0):
    """Of all ways to seat people: (people seated, minus threes, sum of worth), by trying them all."""
    many = len(pool)
    edges = {(i, j) for i, j in combinations(range(many), 2) if may(pool, i, j, window)}

    def sits(rows):
        return all(two in edges for two in combinations(rows, 2))

    @cache
    def of(left):
        if not left:
            return (0, 0, 0)
        first, *rest = left
        found = [of(tuple(rest))]
        for size in (1, 2):
            for others in combinations(rest, size):
                rows = (first, *others)
                if sits(rows):
                    after = of(tuple(one for one in rest if one not in others))
                    found.append(
                        (
                            after[0] + len(rows),
                            after[1] - (len(rows) == 3),
                            after[2] + worth(rows),
                        )
                    )
        return max(found)

    return of(tuple(range(many)))
