from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from connections.matching import (
    Effort,
    LockRefused,
    Pool,
    Rule,
    Solution,
    Weights,
    solve,
)
from tests.connections.matching.pools import broken_by, optimum, pool, pools, shuffled, table, worth

LAZY = Effort(each_asker=1, each_mentor=1, again=1, looks=50)
"""Starts from far too few candidates, so that the rest must be found by price."""
HASTY = Effort(each_asker=1, each_mentor=1, looks=1)
"""Stops before it has found the best."""
LAW = {Rule.TEAM, Rule.APART, Rule.PAUSED}


def reached(pool: Pool, solution: Solution) -> tuple[int, int]:
    """People matched, and score with bonus."""
    bonus = pool.in_order().requests.left_out * solution.weights.left_out
    return int(solution.matched.sum()), solution.total + int(bonus[solution.matched].sum())


def rows(pool: Pool, solution: Solution) -> list[tuple[int, int]]:
    pairs = solution.pairs
    return list(
        zip(
            pool.requests.rows_of(pairs[:, 0]).tolist(),
            pool.mentors.rows_of(pairs[:, 1]).tolist(),
            strict=True,
        )
    )


@given(pools, st.sampled_from([Effort(), LAZY]), st.integers(0, 5))
def test_a_round_is_the_exact_optimum_and_knows_it(pool, effort, seed):
    solution = solve(pool, seed=seed, effort=effort)

    assert reached(pool, solution) == optimum(pool, table(pool, Weights()), Weights())
    assert solution.gap == 0


@pytest.mark.parametrize("effort", [Effort(), LAZY])
@pytest.mark.parametrize(("askers", "mentors"), [(300, 90), (150, 200)])
def test_a_larger_round_is_the_exact_optimum_too(askers, mentors, effort):
    many = pool(3, askers, mentors, tags=12)

    solution = solve(many, effort=effort)

    assert reached(many, solution) == optimum(many, table(many, Weights()), Weights())
    assert solution.gap == 0


@pytest.mark.parametrize("seed", [0, 1, 5, 6, 9, 11, 12, 13])
def test_as_many_people_are_matched_as_can_be_before_the_sum_counts(seed):
    many = pool(seed, 60, 20, tags=12)

    solution = solve(many, effort=LAZY)

    assert reached(many, solution) == optimum(many, table(many, Weights()), Weights())


@pytest.mark.parametrize("seed", range(4))
def test_what_may_be_missing_is_never_more_than_the_round_says(seed):
    many = pool(seed, 120, 60, tags=12)

    solution = solve(many, effort=HASTY)
    best = optimum(many, table(many, Weights()), Weights())

    assert solution.gap > 0
    assert reached(many, solution) < best
    if reached(many, solution)[0] == best[0]:
        assert best[1] - reached(many, solution)[1] <= solution.gap


@given(pools)
def test_nobody_is_given_more_people_than_they_have_places(pool):
    solution = solve(pool)

    people, held = np.unique(solution.pairs[:, 1], return_counts=True)
    assert np.all(held <= pool.mentors.free[pool.mentors.rows_of(people)])


@given(pools, st.frozensets(st.sampled_from([Rule.FORMAT, Rule.SETTING])))
def test_no_pair_of_a_round_breaks_a_rule(pool, firm):
    solution = solve(pool, Weights(firm=firm))

    assert [
        (i, j) for i, j in rows(pool, solution) if broken_by(pool, i, j, Weights(firm=firm))
    ] == []


@given(pools, st.integers(0, 100), st.integers(0, 3))
def test_the_order_of_the_rows_changes_nothing(pool, shuffle, seed):
    first, second = solve(pool, seed=seed), solve(shuffled(pool, shuffle), seed=seed)

    np.testing.assert_array_equal(first.asker, second.asker)
    np.testing.assert_array_equal(first.mentor, second.mentor)
    assert (first.total, first.gap, first.blocking) == (
        second.total,
        second.gap,
        second.blocking,
    )


def test_equal_people_are_told_apart_by_the_seed_and_not_by_their_number():
    crowd = pool(1, 60, 10, tags=1, ways=0)
    alike = replace(
        crowd.requests.take(np.full(60, np.argmax(crowd.requests.topics.sizes))),
        person=np.arange(1000, 1060),
    )
    same = Pool(alike, crowd.mentors)

    drawn = [solve(same, seed=seed) for seed in range(6)]

    assert len({solution.total for solution in drawn}) == 1
    assert len({solution.matched.tobytes() for solution in drawn}) == len(drawn)


@settings(max_examples=60)
@given(pools, st.data())
def test_locked_pairs_are_kept_and_the_rest_is_the_best_around_them(pool, data):
    allowed = [
        (i, j)
        for i, j in np.ndindex(len(pool.requests), len(pool.mentors))
        if not broken_by(pool, i, j) & LAW and pool.mentors.free[j] > 0
    ]
    assume(allowed)
    i, j = data.draw(st.sampled_from(allowed))
    lock = np.array([[pool.requests.person[i], pool.mentors.person[j]]])

    solution = solve(pool, locked=lock)

    assert solution.mentor[solution.asker == lock[0, 0]] == lock[0, 1]
    assert solution.asker[solution.locked].tolist() == [lock[0, 0]]
    scores = table(pool, Weights())
    scores[i] = -np.inf
    pool.mentors.free[j] -= 1
    matched, best = optimum(pool, scores, Weights())
    bonus = Weights().left_out * bool(pool.requests.left_out[i])
    expected = (matched + 1, best + worth(pool, i, j, Weights()) + bonus)
    assert reached(pool, solution) == expected


def test_a_lock_may_override_a_wish_but_not_the_law():
    crowd = pool(5, 30, 30)
    broken = {
        (i, j): broken_by(crowd, i, j) for i, j in np.ndindex(30, 30) if crowd.mentors.free[j] > 0
    }
    wish = next(pair for pair, rules in broken.items() if rules == {Rule.LANGUAGE})

    def lock(i, j):
        return np.array([[crowd.requests.person[i], crowd.mentors.person[j]]])

    assert solve(crowd, locked=lock(*wish)).locked.sum() == 1
    for rule in LAW:
        with pytest.raises(LockRefused):
            solve(crowd, locked=lock(*next(pair for pair, r in broken.items() if r == {rule})))


def test_locks_that_contradict_each_other_are_refused():
    crowd = pool(5, 30, 30)
    good = solve(crowd).pairs

    with pytest.raises(LockRefused, match="twice"):
        solve(crowd, locked=good[[0, 0]])
    with pytest.raises(LockRefused, match="not in the pool"):
        solve(crowd, locked=np.array([[good[0, 0], 10**6]]))
    with pytest.raises(LockRefused, match="more locked pairs than places"):
        full = [
            [person, good[0, 1]]
            for i, person in enumerate(crowd.requests.person)
            if not broken_by(crowd, i, int(crowd.mentors.rows_of(good[:1, 1])[0])) & LAW
        ]
        solve(crowd, locked=np.array(full))


@settings(max_examples=60)
@given(pools, st.data())
def test_nobody_locked_or_kept_apart_is_ever_asked_to_prefer_another(pool, data):
    """Blocking pairs are of people who might yet change, by a plain account of the same words."""
    pool = pool.in_order()
    free = solve(pool)
    some = data.draw(st.integers(0, len(free.pairs)))
    solution = solve(pool, locked=free.pairs[:some])
    scores = table(pool, Weights())
    held = np.bincount(pool.mentors.rows_of(free.pairs[:some, 1]), minlength=len(pool.mentors))
    mentor = pool.mentors.rows_of(solution.mentor)

    blocking = []
    for i, j in zip(*np.nonzero(np.isfinite(scores) & (pool.mentors.free > held)), strict=True):
        mine = solution.score[i] if solution.matched[i] else -np.inf
        others = solution.score[solution.matched & (mentor == j) & ~solution.locked]
        full = len(others) == pool.mentors.free[j] - held[j]
        better = scores[i, j] > mine and (not full or scores[i, j] > others.min())
        if better and not solution.locked[i]:
            blocking.append((i, j))

    assert solution.blocking == len(blocking)
    assert not [pair for pair in blocking if broken_by(pool, *pair)]


@given(pools, st.integers(0, 100))
def test_the_order_of_the_rows_changes_nothing_around_locked_pairs(pool, shuffle):
    locked = solve(pool).pairs[::2]

    first, second = solve(pool, locked=locked), solve(shuffled(pool, shuffle), locked=locked[::-1])

    np.testing.assert_array_equal(first.mentor, second.mentor)
    np.testing.assert_array_equal(first.locked, second.locked)


@given(pools, st.sampled_from([Effort(), HASTY]))
def test_blocking_pairs_are_counted(pool, effort):
    pool = pool.in_order()
    solution = solve(pool, effort=effort)
    scores = table(pool, Weights())
    mentor = pool.mentors.rows_of(solution.mentor)

    count = 0
    for i, j in zip(*np.nonzero(np.isfinite(scores)), strict=True):
        has = solution.score[i] if solution.matched[i] else -np.inf
        held = solution.score[solution.matched & (mentor == j)]
        full = len(held) == pool.mentors.free[j]
        count += scores[i, j] > has and (not full or scores[i, j] > held.min())

    assert solution.blocking == count


def test_somebody_left_out_last_time_comes_before_an_equal():
    many = pool(11, 200, 10, tags=2)
    matched = [solve(many, Weights(left_out=bonus)).matched for bonus in (0, 500)]
    before = many.in_order().requests.left_out

    without, with_bonus = (int(np.sum(found & before)) for found in matched)

    assert with_bonus > without
    assert matched[0].sum() == matched[1].sum()


def test_nobody_is_matched_for_the_sake_of_the_count():
    many = pool(2, 60, 40)

    strict = solve(many, Weights(minimum=300))

    pairs = rows(many, strict)
    assert 0 < len(pairs) < solve(many).matched.sum()
    assert all(
        worth(many, i, j, Weights(way=0, setting=0, format=0, organisation=0)) >= 300
        for i, j in pairs
        if many.requests.methods[i] or many.requests.topics[i]
    )


def test_progress_goes_forward_through_every_stage():
    told: list[tuple[str, float]] = []

    solve(pool(4, 50, 20), progress=lambda stage, share: told.append((stage, share)))

    assert {stage for stage, _ in told} == {"candidates", "assigning", "proving"}
    assert all(0 <= share <= 1 for _, share in told)
