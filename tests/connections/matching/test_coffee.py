from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connections.matching.coffee import Pool, blossom, draw, joins
from connections.matching.people import UNKNOWN
from tests.connections.matching.coffees import across, ago, best, may, pool, pools, shuffled

ROUNDS = 12
PATIENT = settings(max_examples=50, deadline=None)


def rows(pool, group):
    return tuple(pool.person.tolist().index(one) for one in group.people)


def seated(drawn):
    return [one for group in drawn.groups for one in group.people]


@PATIENT
@given(pools, st.integers(0, 5))
def test_nobody_sits_with_whom_they_must_not_and_nobody_twice(pool, seed):
    drawn = draw(pool, seed=seed)

    assert sorted([*seated(drawn), *drawn.alone]) == sorted(pool.person.tolist())
    for group in drawn.groups:
        assert len(group.people) in (2, 3)
        assert all(may(pool, i, j, drawn.window) for i, j in combinations(rows(pool, group), 2))
        assert group.languages == np.bitwise_and.reduce(pool.languages[list(rows(pool, group))])
        assert group.languages
        assert group.across == across(pool, rows(pool, group))
        assert group.again == any(
            ago(pool, i, j) <= ROUNDS for i, j in combinations(rows(pool, group), 2)
        )


@PATIENT
@given(pools, st.integers(0, 5))
def test_everybody_who_can_be_grouped_is_and_in_as_few_threes_as_can_be(pool, seed):
    drawn = draw(pool, seed=seed)
    threes = sum(len(group.people) == 3 for group in drawn.groups)

    assert (len(seated(drawn)), -threes) == best(pool, drawn.window)[:2]
    assert len(seated(drawn)) == best(pool, 0)[0]


@PATIENT
@given(pools, st.integers(0, 5))
def test_rounds_stay_free_of_repeats_as_long_as_everybody_can_be_grouped(pool, seed):
    drawn = draw(pool, seed=seed)

    if drawn.window < ROUNDS:
        assert best(pool, drawn.window + 1)[0] < len(seated(drawn))
    else:
        assert not any(group.again for group in drawn.groups)


@PATIENT
@given(pools, st.integers(0, 5))
def test_as_many_groups_as_can_be_are_of_two_organisations(pool, seed):
    drawn = draw(pool, seed=seed)
    if drawn.window < ROUNDS:
        return

    most = best(pool, ROUNDS, worth=lambda rows: across(pool, rows))[2]

    assert drawn.across == most
    assert drawn.across <= drawn.most_across


@PATIENT
@given(pools, st.integers(0, 5), st.integers(0, 5))
def test_the_order_of_rows_does_not_matter_and_the_seed_does_all(pool, seed, other):
    assert draw(shuffled(pool, other), seed=seed) == draw(pool, seed=seed)


def test_another_month_is_another_draw():
    people = pool(1, 40, sparse=0, teams=40)

    assert draw(people, seed=1).groups != draw(people, seed=2).groups


def whole(many, *, met=(), organisation=None):
    """People who may all meet each other."""
    ones = np.ones(many, np.int8)
    return Pool(
        person=np.arange(many),
        languages=ones,
        formats=ones,
        organisation=np.arange(many) if organisation is None else np.array(organisation),
        team=np.full(many, UNKNOWN),
        profession=np.full(many, UNKNOWN),
        apart=np.empty((0, 2), np.int64),
        met=np.array(met, np.int64).reshape(-1, 3),
    )


def test_an_odd_number_is_one_three_and_no_more():
    drawn = draw(whole(9), seed=0)

    assert sorted(len(group.people) for group in drawn.groups) == [2, 2, 2, 3]
    assert draw(whole(1), seed=0).alone == [0]


def test_four_who_have_all_met_meet_again_those_whose_last_coffee_is_oldest():
    met = [(0, 1, 1), (2, 3, 1), (0, 2, 2), (1, 3, 2), (0, 3, 9), (1, 2, 9)]
    drawn = draw(whole(4, met=met), seed=0)

    assert [group.people for group in drawn.groups] == [(0, 3), (1, 2)]
    assert (drawn.window, all(group.again for group in drawn.groups)) == (8, True)


def test_twelve_rounds_of_the_same_people_have_no_repeat():
    """Sixteen people have fifteen others each: no repeat is needed, and none is made."""
    met, seen = [], set()
    for month in range(12):
        drawn = draw(whole(16, met=[(a, b, month - then) for a, b, then in met]), seed=month)
        pairs = {group.people for group in drawn.groups}
        assert drawn.window == ROUNDS
        assert not drawn.alone
        assert not pairs & seen
        seen |= pairs
        met += [(*pair, month) for pair in pairs]


def test_seven_in_ten_are_across_organisations_even_where_one_is_large():
    organisation = [0] * 60 + list(range(1, 41))

    drawn = draw(whole(100, organisation=organisation), seed=0)

    assert drawn.across == drawn.most_across == 40


def test_where_one_organisation_has_nearly_everybody_the_draw_knows_the_most_there_can_be():
    drawn = draw(whole(20, organisation=[0] * 17 + [1, 2, 3]), seed=0)

    assert (drawn.across, drawn.most_across, len(drawn.groups)) == (3, 3, 10)


def test_whoever_is_left_over_joins_one_who_waits_before_two_who_have_each_other():
    people = whole(6, met=[(0, 1, 3)])

    assert joins(people, 0, [[2, 3], [4]], window=ROUNDS, seed=0) == 1
    assert joins(people, 0, [[2, 3], [1]], window=ROUNDS, seed=0) == 0
    assert joins(people, 0, [[2, 1]], window=ROUNDS, seed=0) is None


def test_a_path_through_an_odd_circle_is_found():
    """0-1-2-3-4 is a circle of five with 5 hanging on 2 and 6 on 4."""
    edges = {(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (2, 5), (4, 6), (6, 7)}
    table = np.zeros((8, 8), np.bool_)
    for i, j in edges:
        table[i, j] = table[j, i] = True
    mate = np.full(8, UNKNOWN)
    mate[[1, 2, 3, 4]] = [2, 1, 4, 3]

    found = blossom.complete(mate, lambda row: table[row])

    assert np.count_nonzero(found == UNKNOWN) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_thousands_are_seated_and_most_of_them_across(seed):
    people = pool(seed, 2, sparse=0)
    draws = np.random.default_rng(seed)
    many = 4001
    people = Pool(
        person=draws.permutation(9000)[:many],
        languages=draws.choice([1, 2, 3], many, p=[0.6, 0.05, 0.35]).astype(np.int8),
        formats=draws.choice([1, 2, 3], many).astype(np.int8),
        organisation=draws.integers(0, 12, many),
        team=draws.integers(-1, many // 15, many),
        profession=draws.integers(-1, 20, many),
        apart=people.apart,
        met=people.met,
    )

    drawn = draw(people, seed=seed)

    assert (len(drawn.groups), drawn.alone) == (2000, [])
    assert drawn.across >= 0.99 * len(drawn.groups)
