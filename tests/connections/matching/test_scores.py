import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.matching import (
    Format,
    Kind,
    Language,
    Mentors,
    Pool,
    Requests,
    Rule,
    Sets,
    Term,
    Weights,
    reasons,
    score,
    total,
)
from connections.matching.field import Field, points
from connections.matching.terms import TERMS
from tests.connections.matching.pools import pools, table

weights = st.builds(
    Weights,
    methods=st.integers(1, 500),
    topics=st.integers(0, 500),
    way=st.integers(0, 200),
    setting=st.integers(0, 200),
    format=st.integers(0, 200),
    organisation=st.integers(0, 200),
    ties=st.integers(0, 200),
    minimum=st.integers(0, 300),
    firm=st.frozensets(st.sampled_from([Rule.FORMAT, Rule.SETTING])),
)


def one(person: int, **features):
    return {
        "person": np.array([person]),
        "methods": Sets.of([features.get("methods", [])]),
        "topics": Sets.of([features.get("topics", [])]),
        "kinds": np.array([features.get("kinds", Kind.EITHER)], np.int8),
        "languages": np.array([features.get("languages", Language.EITHER)], np.int8),
        "formats": np.array([features.get("formats", Format.EITHER)], np.int8),
        "ways": np.array([features.get("ways", [0, 0, 0, 0])], np.int8),
        "setting": np.array([features.get("setting", -1)]),
        "organisation": np.array([features.get("organisation", -1)]),
        "team": np.array([features.get("team", -1)]),
        "workplace": np.array([features.get("workplace", -1)]),
        "contacts": Sets.of([features.get("contacts", [])]),
    }


def asker(**features) -> Requests:
    return Requests(**one(1, **features), left_out=np.array([False]))


def mentor(person: int = 2, **features) -> Mentors:
    return Mentors(**one(person, **features), free=np.array([1]), paused=np.array([False]))


@given(pools, weights)
def test_every_pair_has_the_score_and_the_rules_of_the_formula(pool, weights):
    pool = pool.in_order()
    field = Field.of(pool, weights, seed=7)

    blocks = [points(field.keys(rows)) for rows in field.blocks()]

    seen = np.concatenate([np.empty((0, len(pool.mentors))), *blocks])
    np.testing.assert_array_equal(seen, table(pool, weights))


@given(pools)
def test_the_terms_of_a_pair_add_up_to_its_score(pool):
    some = np.arange(min(len(pool.requests), len(pool.mentors)))
    left, right = pool.requests.take(some), pool.mentors.take(some)

    terms = score(left, right, Weights())

    assert set(terms) == set(Term) == set(TERMS)
    np.testing.assert_array_equal(sum(terms.values()), total(left, right, Weights()))


def test_meeting_every_need_is_worth_the_same_however_many_were_named():
    few = score(asker(methods=[1], topics=[8]), mentor(methods=[1, 2], topics=[8]), Weights())
    many = score(asker(methods=[1, 2], topics=[8]), mentor(methods=[1, 2], topics=[8]), Weights())

    assert few[Term.METHODS] == many[Term.METHODS] == 300
    assert few[Term.TOPICS] == many[Term.TOPICS] == 250


def test_asking_for_one_sort_of_help_alone_costs_nobody_their_place():
    both = total(asker(methods=[1], topics=[8]), mentor(methods=[1], topics=[8]), Weights())
    alone = total(asker(methods=[1]), mentor(methods=[1], topics=[8]), Weights())

    assert both == alone


def test_agreeing_on_how_to_work_outweighs_any_other_single_kind_of_fit():
    agreed = score(asker(ways=[1, 1, -1, -1]), mentor(ways=[1, 1, -1, -1]), Weights())[Term.WAYS]

    assert agreed == 360 > max(Weights().methods, Weights().topics)


@pytest.mark.parametrize(
    ("mine", "theirs", "weak"),
    [
        ({}, {}, False),
        ({"workplace": 3}, {"workplace": 3}, True),
        ({"workplace": 3}, {"workplace": 4}, False),
        ({"contacts": [7, 8]}, {"contacts": [8, 9]}, True),
        ({"contacts": [7, 8]}, {"contacts": [7, 8]}, False),
        ({"contacts": [7], "workplace": 3}, {"contacts": [7], "workplace": 3}, False),
        ({"contacts": [2], "workplace": 3}, {"workplace": 3}, False),
        ({"contacts": [7]}, {"contacts": [1, 7]}, False),
    ],
    ids=[
        "strangers", "one workplace", "different workplaces", "one contact", "two contacts",
        "contact and workplace", "they know each other", "the mentor knows the asker",
    ],
)  # fmt: skip
def test_one_thing_in_common_counts_and_neither_none_nor_many(mine, theirs, weak):
    left, right = asker(methods=[1], **mine), mentor(methods=[1], **theirs)

    (why,) = reasons(left, right)

    assert score(left, right, Weights())[Term.TIES] == (Weights().ties if weak else 0)
    assert why.weak_tie is weak


def test_reasons_name_what_two_people_share():
    left = asker(
        methods=[3, 4], topics=[9], ways=[1, -1, 0, 1], setting=5, organisation=1, team=6,
        languages=Language.WELSH, kinds=Kind.COACHING, formats=Format.ONLINE,
    )  # fmt: skip
    right = mentor(methods=[4, 7], topics=[8], ways=[1, 1, 1, 1], setting=5, organisation=2)

    (why,) = reasons(left, right)

    assert (why.asker, why.mentor) == (1, 2)
    assert (why.methods, why.topics) == ((4,), ())
    assert (why.ways_agreed, why.ways_differ) == ((0, 3), (1,))
    assert (why.same_setting, why.other_organisation, why.team_unknown) == (True, True, True)
    assert (why.kinds, why.languages, why.formats) == (
        Kind.COACHING,
        Language.WELSH,
        Format.ONLINE,
    )


def test_weights_too_large_to_stay_exact_are_refused():
    pool = Pool(asker(methods=[1]), mentor(methods=[1]))

    with pytest.raises(ValueError, match="more than"):
        Field.of(pool, Weights(methods=9000), seed=0)


@pytest.mark.parametrize(
    "unfit",
    [
        {"methods": 0, "topics": 0},
        {"methods": -1},
        {"minimum": -1},
        {"firm": frozenset({Rule.TEAM})},
    ],
)
def test_weights_that_make_no_sense_are_refused(unfit):
    with pytest.raises(ValueError, match=r"zero or more|made firm|nobody"):
        Weights(**unfit)


def test_nobody_stands_twice_on_the_same_side():
    twice = asker().take(np.array([0, 0]))

    with pytest.raises(ValueError, match="twice"):
        Pool(twice, mentor())


def test_a_need_met_counts_however_little_it_weighs():
    little = Weights(methods=1, topics=0)

    points = score(asker(methods=[1, 2, 3]), mentor(methods=[2]), little)

    assert points[Term.METHODS] == 1
