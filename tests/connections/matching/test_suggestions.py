from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.matching import UNKNOWN, Rule, Sets, Weights, suggest, widen, widen_each, worths
from tests.connections.matching.pools import broken_by, pool, pools, shuffled, table


def asker(pool, row):
    return pool.requests.take(np.array([row]))


@given(pools.filter(lambda pool: len(pool.requests) > 0), st.integers(1, 6))
def test_suggestions_are_the_best_mentors_best_first(pool, count):
    suggested = suggest(asker(pool, 0), pool.mentors, apart=pool.apart, count=count)

    scores = table(pool, Weights())[0]
    best = sorted(scores[np.isfinite(scores)], reverse=True)[:count]
    assert [suggestion.score for suggestion in suggested] == best
    rows = pool.mentors.rows_of(np.array([s.mentor for s in suggested], np.int64))
    assert [scores[row] for row in rows] == best
    assert all(sum(s.terms.values()) == s.score for s in suggested)


@given(
    pools.filter(lambda pool: len(pool.requests) > 0),
    st.frozensets(st.sampled_from([Rule.FORMAT, Rule.SETTING])),
    st.integers(0, 300),
)
def test_a_glance_at_all_mentors_tells_what_is_known_without_work_and_ties(pool, firm, minimum):
    weights = Weights(firm=firm, minimum=minimum)
    nowhere = np.full(len(pool.mentors), UNKNOWN)
    strangers = replace(
        pool,
        mentors=replace(
            pool.mentors,
            organisation=nowhere,
            team=nowhere,
            workplace=nowhere,
            contacts=Sets.empty(len(nowhere)),
        ),
        apart=np.empty((0, 2), np.int64),
    )

    told = worths(asker(pool, 0), strangers.mentors, weights)

    himself = pool.mentors.person == pool.requests.person[0]
    expected = table(strangers, weights)[0]
    assert (told[~himself] == expected[~himself]).all()


@given(pools.filter(lambda pool: len(pool.requests) > 0), st.integers(0, 100))
def test_the_order_of_the_directory_changes_no_suggestion(pool, shuffle):
    again = shuffled(pool, shuffle)

    first = suggest(asker(pool, 0), pool.mentors, apart=pool.apart)
    second = suggest(asker(pool, 0), again.mentors, apart=again.apart)

    assert first == second


def test_equal_mentors_stand_in_another_order_for_each_asker_and_always_the_same():
    crowd = pool(1, 40, 30, tags=1, ways=0)
    likes = {"weights": Weights(setting=0, format=0, organisation=0, ties=0), "count": 3}
    willing = crowd.requests.take(np.array([np.argmax(crowd.requests.topics.sizes)]))
    askers = [replace(willing, person=np.array([1000 + number])) for number in range(10)]

    first = [suggest(each, crowd.mentors, **likes) for each in askers]
    again = [suggest(each, shuffled(crowd, 3).mentors, **likes) for each in askers]

    assert first == again
    assert len({tuple(s.mentor for s in suggested) for suggested in first}) > 5
    assert len({tuple(s.score for s in suggested) for suggested in first}) == 1


@given(
    pools.filter(lambda pool: len(pool.requests) > 0),
    st.frozensets(st.sampled_from([Rule.FORMAT, Rule.SETTING])),
)
def test_widening_counts_the_mentors_whom_one_choice_alone_keeps_away(pool, firm):
    told = widen(asker(pool, 0), pool.mentors, Weights(firm=firm), apart=pool.apart)

    broken = [broken_by(pool, 0, j, Weights(firm=firm)) for j in range(len(pool.mentors))]
    alone = [next(iter(rules)) for rules in broken if len(rules) == 1]
    expected = {rule: alone.count(rule) for rule in alone if rule.may_be_relaxed}
    assert told == expected
    assert list(told.values()) == sorted(told.values(), reverse=True)
    everybody = widen_each(pool.in_order(), Weights(firm=firm))
    assert everybody[int(np.argsort(pool.requests.person).argmin())] == told


def test_suggestions_are_for_one_request():
    with pytest.raises(ValueError, match="one request"):
        suggest(pool(1, 3, 3).requests, pool(1, 3, 3).mentors)
