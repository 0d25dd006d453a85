"""Suggestions read few offers, and are the same as if all had been read."""

from math import inf
from random import Random

import numpy as np
import pytest

from connections import matching, pool
from connections.models import MentoringRequest, MentorProfile, Setting, Weights
from connections.pool import nearest
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    TopicFactory,
)
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd():
    """Forty mentors and four who ask, as different as few topics and boards allow."""
    draw = Random(5)
    methods = TopicFactory.create_batch(4)
    services = TopicFactory.create_batch(4, group="service_area")
    boards = OrganisationFactory.create_batch(3)

    def facts():
        return {
            "methods": draw.sample(methods, draw.randint(0, 3)),
            "services": draw.sample(services, draw.randint(0, 3)),
            "setting": draw.choice(["", *Setting.values[:2]]),
            "online": True,
            "in_person": draw.random() < 0.5,
            **{f"way_{name}": draw.choice([-1, 0, 1]) for name in ("pace", "rhythm", "learning")},
        }

    for _ in range(40):
        MentorProfileFactory(**facts(), offers_coaching=draw.random() < 0.5)
    for kind in ("mentoring", "coaching", "either", "either"):
        MentoringRequestFactory(kind=kind, **facts())
    for side in (MentorProfile.objects.order_by("pk"), MentoringRequest.objects.order_by("pk")):
        for row in side:
            person = getattr(row, "person", None) or row.mentee
            if draw.random() < 0.8:
                MembershipFactory(person=person, organisation=draw.choice(boards), team="")
    return list(MentoringRequest.objects.order_by("pk"))


def worths(request, profiles):
    """The points of these, by the matching itself."""
    weights = Weights.objects.current(at=AT).as_numbers()
    loaded = pool.load(
        MentoringRequest.objects.filter(pk=request.pk), MentorProfile.objects.unpaused()
    )
    whole = loaded.pool
    best = matching.suggest(whole.requests, whole.mentors, weights, apart=whole.apart, count=99)
    rows = whole.mentors.rows_of(np.array([one.mentor for one in best]))
    points = dict(
        zip((int(loaded.profile_pks[row]) for row in rows), (o.score for o in best), strict=True)
    )
    return sorted(points.values(), reverse=True), [points[pk] for pk in profiles]


def test_without_reading_on_somebody_better_would_be_missed(crowd, monkeypatch):
    """The guard of the test below: it can fail."""
    monkeypatch.setattr(nearest, "FIRST", 5)
    read = nearest.readings
    monkeypatch.setattr(nearest, "readings", lambda *asked: [(next(read(*asked))[0], -inf)])
    weights = Weights.objects.current(at=AT)

    missed = 0
    for request in crowd:
        found = pool.suggest(request, weights, least=0, most=5)
        all_of_them, mine = worths(request, [pk for pk, _why in found.profiles])
        missed += mine != all_of_them[:5]

    assert missed


@pytest.mark.parametrize("first", [1, 5, 200])
def test_few_offers_are_read_and_none_that_is_better_is_missed(crowd, monkeypatch, first):
    monkeypatch.setattr(nearest, "FIRST", first)
    weights = Weights.objects.current(at=AT)

    for request in crowd:
        found = pool.suggest(request, weights, least=0, most=5)
        all_of_them, mine = worths(request, [pk for pk, _why in found.profiles])
        assert mine == all_of_them[:5]


def test_of_many_equals_those_read_first_are_drawn_for_each_person(monkeypatch):
    """Also for pairs that no request brought together, whose question has no key of its own."""
    monkeypatch.setattr(nearest, "FIRST", 5)
    topic, weights = TopicFactory(), Weights.objects.current(at=AT)
    weights.organisation = weights.ties = 0  # nobody unread could be worth more: no reading on
    mentor = MentorProfileFactory(methods=[topic])
    MentorProfileFactory.create_batch(30, methods=[topic])

    def found(mentee):
        near = pool.suggest_alike(mentor.person_id, mentee.pk, weights, kind="mentoring", most=5)
        return [pk for pk, _why in near]

    people = PersonFactory.create_batch(4)

    assert [found(one) for one in people] == [found(one) for one in people]
    assert len({frozenset(found(one)) for one in people}) == len(people)
