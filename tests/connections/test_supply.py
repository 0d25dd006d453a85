"""The supply map: free places against waiting requests, for coordinators."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from connections.forms.supply import names, said
from connections.hooks import requests as ours
from connections.models.supply import supply
from tests.factories import MembershipFactory, OrganisationFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db


def mapped(kind=""):
    return supply(kind, names=names())


def numbers(rows):
    return {row.name: (row.places, row.requests) for row in rows}


def place(factory, organisation=None, **facts):
    """An offer or a request of somebody who works there."""
    row = factory(**facts)
    if organisation is not None:
        person = row.person if factory is MentorProfileFactory else row.mentee
        MembershipFactory(person=person, organisation=organisation)
    return row


@pytest.fixture
def some():
    north, south = OrganisationFactory(name_en="North"), OrganisationFactory(name_en="South")
    falls, sepsis = TopicFactory(name_en="Falls"), TopicFactory(name_en="Sepsis")
    place(MentorProfileFactory, north, methods=[falls], capacity=3, places_taken=1)
    place(MentorProfileFactory, services=[sepsis], capacity=2, in_welsh=True)
    place(MentorProfileFactory, south, paused=True)
    place(MentorProfileFactory, south, state="draft")
    place(MentoringRequestFactory, south, methods=[falls], kind="coaching")
    place(MentoringRequestFactory, methods=[sepsis], in_welsh=True, in_english=False)
    place(MentoringRequestFactory, south, methods=[falls], state="withdrawn", ended_at=AT)


def test_free_places_stand_against_waiting_requests(some):
    found = mapped()

    unknown = names()["unknown"]
    assert numbers(found.organisations) == {"North": (2, 0), "South": (0, 1), unknown: (2, 1)}
    assert numbers(found.topics) == {"Falls": (2, 1), "Sepsis": (2, 1)}
    assert (found.in_welsh.places, found.in_welsh.requests) == (2, 1)
    assert (found.in_english.places, found.in_english.requests) == (4, 1)
    assert [row.name for row in found.organisations] == ["South", unknown, "North"]


def test_coaching_has_a_map_of_its_own(some):
    found = mapped("coaching")

    assert (found.total.places, found.total.requests) == (0, 2)
    assert numbers(found.topics) == {"Falls": (0, 1), "Sepsis": (0, 1)}


def test_the_sentence_says_where_most_is_lacking(some):
    place(MentoringRequestFactory, in_welsh=True)
    place(MentoringRequestFactory, in_welsh=True)

    assert said(mapped(), "") == (
        "Mentors and coaches who speak Welsh are short (free places: 2, waiting requests: 3)."
    )
    assert said(mapped("coaching"), "coaching").startswith("Coaches who speak Welsh are short")
    with override("cy"):
        assert "lleoedd ar gael: 2" in said(mapped(), "")


def test_both_languages_name_the_same_where_as_much_is_lacking():
    first = TopicFactory(name_en="Sepsis", name_cy="Sepsis")
    second = TopicFactory(name_en="Falls", name_cy="Ystyr")
    third = TopicFactory(name_en="Wounds", name_cy="Briwiau")
    place(MentorProfileFactory, capacity=5)
    place(MentoringRequestFactory, methods=[third, second, first])

    def named(language):
        with override(language):
            return [row.pk for row in mapped().topics]

    assert named("en") == named("cy") == [first.pk, second.pk, third.pk]


def test_where_nothing_is_lacking_the_sentence_says_so():
    place(MentorProfileFactory)

    assert said(mapped(), "").startswith("There are enough free places")


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_map_costs_the_same_however_large(staff, sign_in, many, django_assert_num_queries):
    for _number in range(many):
        place(MentorProfileFactory, OrganisationFactory(), methods=[TopicFactory()])
        place(MentoringRequestFactory, OrganisationFactory(), services=[TopicFactory()])
    client = sign_in(staff("coordinator"))

    # session, person with roles and second factor; places, requests; three queries for
    # organisations, five for topics
    with django_assert_num_queries(12):
        page = client.get(reverse("connections:supply")).content.decode()
    file = client.get(reverse("connections:supply_export")).content.decode("utf-8-sig")

    assert page.count('<th scope="row">') == 2 + 2 * many + 2 * many
    assert len(file.splitlines()) == 1 + 2 + 4 * many


def test_the_map_hangs_on_the_queue_of_coordinators(staff, person):
    MentoringRequestFactory()
    MentoringRequestFactory(state="asked", mentor=MentorProfileFactory())

    (pile,) = ours.places_against_requests(staff("coordinator"), at=AT)

    wanted = supply(names=names()).total.requests
    assert (pile.count, pile.url) == (wanted, reverse("connections:supply")) == (2, pile.url)
    assert not list(ours.places_against_requests(person, at=AT))


@pytest.mark.parametrize("kind", ["nonsense", "\x00", "either"])
def test_an_odd_kind_is_the_whole_map(staff, sign_in, kind):
    page = sign_in(staff("coordinator")).get(reverse("connections:supply"), {"kind": kind})

    assert page.context["kind"] == ""


def test_each_list_says_in_which_order_it_stands(some, staff, sign_in):
    page = sign_in(staff("coordinator")).get(reverse("connections:supply")).content.decode()

    for heading in ("By organisation", "By skill and topic"):
        assert f"{heading}, the most lacking first</caption>" in page
