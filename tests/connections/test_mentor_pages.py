from unittest.mock import patch
from uuid import uuid4

import pytest
from django.urls import reverse

from academy.queries import Kept
from connections import tasks
from connections.actions import asking
from connections.models import MentoringRequest, MentorProfile, directory
from connections.models.directory import Question, ask
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO

pytestmark = pytest.mark.django_db


def found(query="", language="en"):
    lists: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        lists.setdefault(name, []).append(value)
    return ask(Question.read(lists), language=language)


def names(answer):
    return [row["name"] for row in answer.rows]


def counts(answer, facet):
    return {row["value"]: row["count"] for row in answer.facets.get(facet, [])}


def mentor(name, **facts):
    return MentorProfileFactory(person=PersonFactory(name=name), **facts)


def test_the_directory_shows_who_is_approved_listed_and_active():
    mentor("Ann")
    mentor("Draft", state="draft")
    mentor("Shy", in_directory=False)
    mentor("Gone").person.deactivate(at=LONG_AGO)

    assert names(found()) == ["Ann"]


def test_people_with_a_free_place_come_first_then_by_name():
    mentor("Cai", capacity=1, places_taken=1)
    mentor("Bea")
    mentor("Ann", paused=True)
    mentor("Dai")

    assert names(found()) == ["Bea", "Dai", "Ann", "Cai"]


def test_ticks_within_a_filter_add_and_between_filters_narrow():
    mentor("Ann", in_welsh=True, setting="hospital")
    mentor("Bea", setting="hospital")
    mentor("Cai", in_welsh=True, in_english=False, offers_mentoring=False, offers_coaching=True)

    assert names(found("language=cy&language=en")) == ["Ann", "Bea", "Cai"]
    assert names(found("language=cy&setting=hospital")) == ["Ann"]
    assert names(found("kind=coaching")) == ["Cai"]


def test_a_number_says_what_a_further_tick_would_leave():
    measure, falls = TopicFactory(slug="measure"), TopicFactory(slug="falls", group="service_area")
    mentor("Ann", methods=[measure], in_welsh=True)
    mentor("Bea", methods=[measure], services=[falls])
    mentor("Cai", services=[falls], setting="ambulance")

    answer = found("method=measure")

    assert names(answer) == ["Ann", "Bea"]
    assert counts(answer, "method") == {"measure": 2}
    assert counts(answer, "service") == {"falls": 1}
    assert counts(answer, "language") == {"cy": 1, "en": 2}
    assert counts(found("method=measure&service=falls"), "language") == {"en": 1}
    assert counts(found("setting=ambulance"), "setting") == {"ambulance": 1}


def test_mentors_are_found_by_where_they_work():
    north = OrganisationFactory(code="NORTH", region="north_wales")
    ann = mentor("Ann")
    mentor("Bea")
    MembershipFactory(person=ann.person, organisation=north)

    assert names(found("region=north_wales")) == ["Ann"]
    assert names(found("organisation=NORTH")) == ["Ann"]


@pytest.mark.parametrize("words", ["falls", "Fall", "cwympiadau", "gwympiadau", "ann", "Cwymp"])
def test_words_find_mentors_in_both_languages_and_through_mutations(words):
    topic = TopicFactory(name_en="Falls", name_cy="Cwympiadau", group="service_area")
    mentor("Ann", services=[topic])
    mentor("Bea")

    assert names(found(f"q={words}")) == ["Ann"]


@pytest.mark.parametrize("typed", ["' OR 1=1", "a & | !", "\x00", ":*", "the", "page=0"])
def test_odd_words_are_only_words(typed):
    mentor("Ann")

    found(f"q={typed}")


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_directory_costs_the_same_however_long(
    sign_in, person, many, django_assert_num_queries
):
    topic = TopicFactory()
    for _ in range(many):
        MentorProfileFactory(methods=[topic])
    client = sign_in(person)

    # session, reader; a savepoint, the limit, counts, cards, the savepoint's release
    with django_assert_num_queries(7):
        page = client.get(reverse("connections:mentors"))

    assert page.content.decode().count("<article") == min(many, 20)


def test_counts_of_a_long_list_are_kept_and_its_cards_are_fresh():
    stays, leaves = MentorProfileFactory(), MentorProfileFactory()
    with patch.object(directory, "LONG", 2), patch.object(directory, "KEPT", Kept()) as kept:
        directory.ask(directory.Question(), language="en")
        directory.ask(directory.Question(words="no such word"), language="en")
        MentorProfile.objects.filter(pk=leaves.pk).update(in_directory=False)
        found = directory.ask(directory.Question(), language="en")

    assert found.total == 2
    assert [row["id"] for row in found.rows] == [stays.pk]
    assert len(kept.held) == 1


def test_a_visitor_sees_nobody(visitor):
    profile = MentorProfileFactory()

    for url in (reverse("connections:mentors"), profile.get_absolute_url()):
        assert visitor.get(url).status_code == 302


def test_a_page_of_a_mentor_who_is_not_listed_is_not_there(sign_in, person):
    shy = MentorProfileFactory(in_directory=False)
    request = MentoringRequestFactory(mentee=person)

    assert sign_in(person).get(shy.get_absolute_url()).status_code == 404

    request.suggestions.create(profile=shy, made_at=LONG_AGO)
    assert sign_in(person).get(shy.get_absolute_url()).status_code == 200


OFFER = {
    "kinds": ["mentoring"],
    "about_help": "Mesur beth sy’n bwysig",
    "written_in": "cy",
    "languages": ["cy", "en"],
    "formats": ["online"],
    "capacity": "3",
    "in_directory": "on",
    "way_pace": "1",
}


def test_an_offer_is_written_previewed_and_put_up_for_approval(sign_in, person):
    topic, client = TopicFactory(name_en="Measurement"), sign_in(person)

    saved = client.post(
        reverse("connections:edit_profile"), {**OFFER, "methods": [topic.pk]}, follow=True
    )
    client.post(reverse("connections:ask_for_approval"))

    profile = MentorProfile.objects.get()
    text = saved.content.decode()
    assert '<span lang="cy">Mesur beth' in text
    assert "Measurement" in text
    assert (profile.state, profile.way_pace, profile.in_welsh) == ("waiting", 1, True)


def test_an_offer_without_a_topic_is_refused_and_nothing_typed_is_lost(sign_in, person):
    page = sign_in(person).post(reverse("connections:edit_profile"), OFFER)

    assert "Choose at least one skill or topic" in page.content.decode()
    assert "Mesur beth" in page.content.decode()
    assert not MentorProfile.objects.exists()


def test_room_for_fewer_than_one_helps_now_is_refused(sign_in):
    topic = TopicFactory()
    profile = MentorProfileFactory(capacity=3, places_taken=2)

    page = sign_in(profile.person).post(
        reverse("connections:edit_profile"), {**OFFER, "methods": [topic.pk], "capacity": "1"}
    )

    profile.refresh_from_db()
    assert "You are helping more people than that now" in page.content.decode()
    assert profile.capacity == 3


def test_a_mentor_pauses_leaves_the_directory_and_comes_back(sign_in):
    profile = MentorProfileFactory()
    client = sign_in(profile.person)

    client.post(
        reverse("connections:pause_profile"), {"until_day": "", "until_month": "", "until_year": ""}
    )
    client.post(reverse("connections:list_me"), {"listed": "no"})
    profile.refresh_from_db()
    away = (profile.paused, profile.in_directory, profile.closed)
    client.post(reverse("connections:resume_profile"))
    client.post(reverse("connections:list_me"), {"listed": "yes"})

    profile.refresh_from_db()
    assert away == (True, False, True)
    assert (profile.paused, profile.in_directory, profile.closed) == (False, True, False)


def asked(topic, **more):
    return {
        "token": str(uuid4()),
        "words": "I want to measure falls",
        "written_in": "en",
        "methods": [topic.pk],
        "kind": "either",
        "languages": ["en"],
        "formats": ["online"],
        **more,
    }


def test_an_improver_asks_the_worker_suggests_and_they_choose(sign_in, person):
    topic = TopicFactory(name_en="Run charts")
    profile = MentorProfileFactory(methods=[topic])
    client = sign_in(person)

    first = client.post(reverse("connections:ask"), asked(topic), follow=True)
    request = MentoringRequest.objects.get()
    tasks.suggest(request=request.pk)
    ready = client.get(request.get_absolute_url()).content.decode()
    client.post(reverse("connections:ask_suggested", args=[request.pk, profile.pk]))

    request.refresh_from_db()
    assert "We are looking for people who might help you" in first.content.decode()
    assert "This help is asked for and offered: Run charts." in ready
    assert (request.state, request.mentor) == ("asked", profile)


def test_a_form_sent_twice_is_one_request(sign_in, person):
    topic, client = TopicFactory(), sign_in(person)
    data = asked(topic)

    for _ in range(2):
        client.post(reverse("connections:ask"), data)

    assert MentoringRequest.objects.count() == 1


def test_a_form_gone_back_to_and_sent_again_leads_to_the_request_it_made(sign_in, person):
    topic, client = TopicFactory(), sign_in(person)

    client.post(reverse("connections:ask"), asked(topic))
    again = client.post(reverse("connections:ask"), asked(topic), follow=True)
    client.post(reverse("connections:ask"), asked(topic, words="Something else"))

    assert MentoringRequest.objects.count() == 2
    assert "You have asked this already: here is your request." in again.content.decode()


def test_the_fourth_request_is_refused_in_words_and_the_text_comes_back(sign_in, person):
    MentoringRequestFactory.create_batch(3, mentee=person)

    page = sign_in(person).post(reverse("connections:ask"), asked(TopicFactory()))

    assert "You have as many requests waiting as one person may have" in page.content.decode()
    assert "I want to measure falls" in page.content.decode()


def test_a_chosen_mentor_accepts_on_their_page(sign_in, person):
    topic = TopicFactory()
    profile = MentorProfileFactory(methods=[topic], offers_coaching=True)
    sign_in(person).post(
        f"{reverse('connections:ask')}?mentor={profile.pk}", asked(topic, kind="coaching")
    )
    request = MentoringRequest.objects.get()
    url = reverse("connections:answer", args=[request.pk])
    client = sign_in(profile.person)

    read = client.get(url).content.decode()
    client.post(url, {"answer": "accept", "words": "Croeso", "language": "cy"})

    request.refresh_from_db()
    assert "I want to measure falls" in read
    assert request.state == "accepted"
    assert request.relationship.kind == "coaching"
    assert "no longer waits for you" in client.get(url).content.decode()


def test_only_the_two_see_a_request_and_only_the_mentor_answers(sign_in, person):
    profile, stranger = MentorProfileFactory(), MentorProfileFactory()
    request = MentoringRequestFactory(mentee=person)
    asking.ask(request, profile, at=LONG_AGO)
    answer = reverse("connections:answer", args=[request.pk])

    assert sign_in(stranger.person).get(answer).status_code == 404
    assert sign_in(stranger.person).get(request.get_absolute_url()).status_code == 404
    assert sign_in(person).get(answer).status_code == 404
    assert sign_in(profile.person).get(request.get_absolute_url()).status_code == 404
    assert sign_in(profile.person).get(answer).status_code == 200


@pytest.mark.parametrize("many", [1, 3, 5])
def test_a_request_costs_the_same_however_many_are_suggested(
    sign_in, person, many, django_assert_num_queries
):
    topic = TopicFactory()
    for _ in range(many):
        MentorProfileFactory(methods=[topic])
    request = MentoringRequestFactory(mentee=person, methods=[topic])
    asking.want_suggestions(request, at=LONG_AGO)
    tasks.suggest(request=request.pk)
    client = sign_in(person)

    # session, reader; the request, open and asked suggestions, topic names, its two lists of topics
    with django_assert_num_queries(8):
        page = client.get(request.get_absolute_url())

    assert page.content.decode().count("a-card--connections") == many


def test_when_few_fit_the_page_says_how_to_find_more(sign_in, person):
    topic = TopicFactory()
    MentorProfileFactory(methods=[topic], in_english=False, in_welsh=True)
    request = MentoringRequestFactory(mentee=person, methods=[topic])
    asking.want_suggestions(request, at=LONG_AGO)
    tasks.suggest(request=request.pk)

    text = sign_in(person).get(request.get_absolute_url()).content.decode()

    assert "Nobody fits just now" in text
    assert "If the other would also suit you" in text


@pytest.mark.parametrize(("chosen", "marked"), [("cy", True), ("en", False), ("both", False)])
def test_a_job_role_is_marked_where_its_writer_chose_another_language(sign_in, chosen, marked):
    profile = MentorProfileFactory(person__job_role="Nyrs", person__language=chosen)
    page = sign_in(PersonFactory()).get(f"/en/mentors/{profile.pk}/").content.decode()

    assert ('<span lang="cy">Nyrs</span>' in page) is marked
    assert "Nyrs" in page


def test_both_lists_of_topics_open_when_none_is_chosen(sign_in, person):
    client = sign_in(person)
    asked = client.get("/en/mentoring/ask/").content.decode()
    refused = client.post("/en/mentoring/ask/", {"token": str(uuid4())}).content.decode()

    assert "Choose at least one skill or topic from these two lists" in asked
    folds = [part.partition(">")[0] for part in refused.split('c-fold" id=')[1:]]
    assert len(folds) == 2
    assert all(fold.endswith(" open") for fold in folds)
