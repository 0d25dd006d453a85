"""Ask for help: one question, a named person, a date, an answer, and where it is."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import now

from academy import hooks
from academy.letters import compose
from academy.models import AuditEvent, Notification, SupportRequest
from tests.factories import PersonFactory, SupportRequestFactory, TopicFactory


def text(response) -> str:
    return response.content.decode()


def typed(**facts) -> dict[str, object]:
    return {"words": "Where do we start?", "language": "en", "token": str(uuid4()), **facts}


def test_a_visitor_at_the_door_signs_in_first_and_comes_back(visitor):
    answer = visitor.get("/cy/gofyn/")

    assert answer.url.startswith("/cy/")
    assert answer.url.endswith("?next=/cy/gofyn/")


def test_a_person_asks_and_sees_where_the_question_is(sign_in, person):
    topic = TopicFactory(group="service_area", name_en="Falls")
    client = sign_in(person)

    page = client.post("/en/ask/", typed(topic=topic.pk), follow=True)

    asked = SupportRequest.objects.get()
    assert asked.asker == person and asked.language == "en" and asked.topic == topic
    assert "We have your question" in text(page)
    assert "Received" in text(page) and "We are finding the right one" in text(page)
    assert f"{asked.reply_by:%A}" in text(page)
    assert "Where do we start?" in text(client.get("/en/ask/"))


def test_the_language_starts_as_the_page_s_and_may_be_chosen(sign_in, person):
    client = sign_in(person)

    welsh = text(client.get("/cy/gofyn/"))
    client.post("/cy/gofyn/", typed(language="en"))

    assert 'value="cy" checked' in welsh
    asked = SupportRequest.objects.get()
    assert asked.language == "en"
    assert '<span lang="en">Where do we start?</span>' in text(client.get(f"/cy/gofyn/{asked.pk}/"))


def test_the_form_warns_about_patients_and_gives_back_what_was_typed(sign_in, person):
    page = text(sign_in(person).post("/en/ask/", typed(language="", words="Half a thought")))

    assert "could identify a patient" in page
    assert "Half a thought</textarea>" in page
    assert 'href="#id_language_0"' in page
    assert not SupportRequest.objects.exists()


def test_the_same_form_sent_twice_is_one_question_and_one_message(sign_in, person):
    client, once = sign_in(person), typed()

    client.post("/en/ask/", once)
    client.post("/en/ask/", once)

    assert SupportRequest.objects.count() == 1
    assert Notification.objects.filter(kind="academy.question_received").count() == 1


def test_a_stranger_does_not_see_the_question(sign_in, person):
    asked = SupportRequestFactory()

    answer = sign_in(person).get(f"/en/ask/{asked.pk}/")

    assert answer.status_code == 404


def test_only_coordinators_take_and_answer(sign_in, staff):
    asked = SupportRequestFactory()
    for client in (sign_in(asked.asker), sign_in(staff("curator"))):
        assert client.get(f"/en/ask/{asked.pk}/answer/").status_code == 403
        assert client.post(f"/en/ask/{asked.pk}/take/").status_code == 403


def test_a_coordinator_takes_it_and_the_asker_sees_the_name(sign_in, staff):
    asked, coordinator = SupportRequestFactory(), staff("coordinator")

    sign_in(coordinator).post(f"/en/ask/{asked.pk}/take/")

    assert coordinator.name in text(sign_in(asked.asker).get(f"/en/ask/{asked.pk}/"))


def test_the_answer_reaches_the_asker_in_its_own_language(sign_in, staff):
    asked, coordinator = SupportRequestFactory(language="cy"), staff("coordinator")
    client = sign_in(coordinator)

    shown = text(client.get(f"/en/ask/{asked.pk}/answer/"))
    client.post(f"/en/ask/{asked.pk}/answer/", {"reply": "Dechreuwch yma.", "language": "cy"})

    page = text(sign_in(asked.asker).get(f"/en/ask/{asked.pk}/"))
    assert 'value="cy" checked' in shown
    assert '<span lang="cy">Dechreuwch yma.</span>' in page
    letter = compose(Notification.objects.get(kind="academy.question_answered"))
    assert letter is not None
    assert coordinator.name in letter.body
    assert f"/ask/{asked.pk}/" in letter.body
    assert "Dechreuwch" not in letter.body


def test_an_answer_that_comes_second_is_refused_and_given_back(sign_in, staff):
    asked = SupportRequestFactory()
    asked.answer(staff("coordinator"), reply="First", language="en", at=now())

    page = text(
        sign_in(staff("coordinator")).post(
            f"/en/ask/{asked.pk}/answer/", {"reply": "Second thoughts", "language": "en"}
        )
    )

    asked.refresh_from_db()
    assert asked.reply == "First"
    assert "Second thoughts" in page
    assert "in the meantime" in page


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_answer_at_once_and_one_answer_stands():
    asked = SupportRequestFactory()
    both = PersonFactory.create_batch(2)
    start, refused = Barrier(2), []

    def answer(person):
        mine = SupportRequest.objects.get(pk=asked.pk)
        start.wait()
        try:
            mine.answer(person, reply=person.name, language="en", at=now())
        except SupportRequest.Answered:
            refused.append(person)
        finally:
            connection.close()

    racers = [Thread(target=answer, args=[person]) for person in both]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]

    assert len(refused) == 1
    assert Notification.objects.filter(kind="academy.question_answered").count() == 1


def test_a_question_taken_back_waits_for_nobody(sign_in, staff):
    asked, coordinator = SupportRequestFactory(), staff("coordinator")

    sign_in(asked.asker).post(f"/en/ask/{asked.pk}/withdraw/")

    asked.refresh_from_db()
    assert asked.withdrawn_at is not None
    assert list(hooks_needs(coordinator)) == []
    assert sign_in(PersonFactory()).post(f"/en/ask/{asked.pk}/withdraw/").status_code == 404


def hooks_needs(person):
    for ask in hooks.needs:
        if ask.__name__ == "questions_to_answer":
            yield from ask(person, at=now())


def pile(person):
    for ask in hooks.queues:
        if ask.__name__ == "open_questions":
            return next(iter(ask(person, at=now())), None)
    return None


def test_the_pile_counts_what_is_open_and_since_when(staff, person):
    old = SupportRequestFactory(overdue=True)
    SupportRequestFactory()
    SupportRequestFactory(withdrawn_at=now())
    coordinator = staff("coordinator")

    found = pile(coordinator)

    assert (found.count, found.oldest_at) == (2, old.asked_at)
    assert pile(person) is None


def test_who_leaves_leaves_no_question_waiting_and_none_promised(staff):
    coordinator = staff("coordinator")
    theirs = SupportRequestFactory(asker=coordinator)
    promised = SupportRequestFactory(owner=coordinator)

    coordinator.deactivate(at=now())

    theirs.refresh_from_db()
    promised.refresh_from_db()
    assert theirs.withdrawn_at is not None
    assert promised.owner is None and promised.is_open()


def test_a_message_about_a_question_already_answered_is_not_sent(person):
    asked = SupportRequest.ask(
        person, words="?", language="en", topic=None, token=uuid4(), at=now() - timedelta(days=1)
    )
    asked.answer(PersonFactory(), reply="!", language="en", at=now())

    assert compose(Notification.objects.get(kind="academy.question_received")) is None


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_of_my_questions_costs_the_same(sign_in, person, many, django_assert_num_queries):
    SupportRequestFactory.create_batch(many, asker=person)
    client = sign_in(person)
    client.get("/en/ask/")

    with django_assert_num_queries(4):  # session, reader, topics, questions
        page = text(client.get("/en/ask/"))

    assert page.count("You hear from us by") == min(many, 20)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_desk_shows_the_oldest_promise_first_at_one_price(
    sign_in, staff, many, django_assert_num_queries
):
    SupportRequestFactory.create_batch(many - 1)
    SupportRequestFactory(overdue=True, asker__name="Ann Old")
    client = sign_in(staff("coordinator"))
    client.get("/en/ask/queue/")

    with django_assert_num_queries(4):  # session, reader, count, questions
        page = text(client.get("/en/ask/queue/"))

    rows = page.split("<tr")[2:]
    assert len(rows) == many
    assert "Ann Old" in rows[0] and "Late" in rows[0]
    assert all("Late" not in row for row in rows[1:])


def test_the_desk_is_the_coordinators(sign_in, person):
    assert sign_in(person).get("/en/ask/queue/").status_code == 403


def test_one_person_cannot_flood_the_desk_and_loses_no_words(person, sign_in):
    for _number in range(5):
        SupportRequestFactory(asker=person)

    answer = sign_in(person).post(
        "/en/ask/", {"words": "And a sixth thing", "language": "en", "token": str(uuid4())}
    )

    assert SupportRequest.objects.count() == 5
    assert "And a sixth thing" in answer.content.decode()
    assert "You can take one back below" in answer.content.decode()


def test_it_is_written_down_who_took_a_question_and_who_answered(staff, sign_in):
    question = SupportRequestFactory()
    coordinator = staff("coordinator")

    question.take(coordinator, at=now())
    question.answer(coordinator, reply="Here", language="en", at=now())

    verbs = (
        AuditEvent.objects.filter(actor=coordinator).order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["academy.question_taken", "academy.question_answered"]
