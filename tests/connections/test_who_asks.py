"""Whoever is asked for help reads who asks, and why the two may suit."""

import pytest
from django.urls import reverse

from connections.actions import asking
from tests.factories import MembershipFactory, PersonFactory, TopicFactory
from tests.factories.choices import AT, mentors
from tests.factories.connections import MentoringRequestFactory

pytestmark = pytest.mark.django_db


def answer_page(client, request):
    return client.get(reverse("connections:answer", args=[request.pk])).content.decode()


def test_a_mentor_reads_the_job_role_and_the_organisation_of_who_asks(sign_in):
    mentee = PersonFactory(job_role="Nyrs ward", language="cy")
    place = MembershipFactory(person=mentee).organisation.name
    (ann,) = mentors("Ann")
    request = asking.ask(MentoringRequestFactory(mentee=mentee), ann, at=AT)

    page = answer_page(sign_in(ann.person), request)

    assert f'<span lang="cy">Nyrs ward</span>, {place}' in page


def test_a_mentor_asked_from_the_directory_reads_why_the_two_may_suit(sign_in):
    charts = TopicFactory(name_en="Run charts", name_cy="Siartiau rhedeg")
    (ann,) = mentors("Ann", methods=[charts])
    request = asking.ask(MentoringRequestFactory(methods=[charts]), ann, at=AT)
    kept = request.suggestions.get(profile=ann).reasons
    client = sign_in(ann.person)
    said = "This help is asked for and offered: Run charts."

    assert {"code": "methods", "ids": [charts.pk]} in kept
    assert said in answer_page(client, request)
    request.suggestions.all().delete()  # asked before reasons were kept
    assert said in answer_page(client, request)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_page_of_a_request_costs_the_same_however_much_is_asked_for(
    many, sign_in, django_assert_num_queries
):
    topics = TopicFactory.create_batch(many)
    (ann,) = mentors("Ann", methods=topics)
    mentee = MembershipFactory().person
    request = asking.ask(MentoringRequestFactory(mentee=mentee, methods=topics), ann, at=AT)
    client = sign_in(ann.person)
    answer_page(client, request)

    with django_assert_num_queries(8):
        answer_page(client, request)
