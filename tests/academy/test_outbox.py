"""A message is a row: written with its cause, sent once, late rather than lost."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from smtplib import SMTPResponseException
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils.timezone import now

from academy import delivery, digests, hooks
from academy.letters import compose, stop_token
from academy.models import Notification, NotificationChoice
from tests.factories import PersonFactory

KIND = "tests.news"


@pytest.fixture(autouse=True)
def _a_kind_of_news(settings, tmp_path):
    """One kind of message, its templates beside it."""
    folder = tmp_path / "tests" / "notifications"
    folder.mkdir(parents=True)
    (folder / "news.subject.txt").write_text("News about {{ title }}")
    (folder / "news.txt").write_text("Dear {{ person.name }}, {{ title }}. {{ url }}")
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}
    ]
    hooks.notification(KIND, label="News")(lambda letter: hooks.Letter())
    yield
    del hooks.notification_kinds[KIND]


def post(person, key="1", at=None):
    return Notification.objects.post(
        KIND,
        key=key,
        to=person,
        facts={"title_en": "Falls", "title_cy": "Cwympiadau"},
        link=("home", []),
        at=at or now(),
    )


def test_a_message_unsaid_by_a_rollback_is_never_sent(person):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post(person)
        raise ZeroDivisionError

    assert not Notification.objects.exists()


@pytest.mark.parametrize("title", ["Mae’r cytundeb yn aros am eich ateb chi", "Cwympiadau"])
def test_a_subject_arrives_as_it_was_written(person, title):
    """A line folded before its first word makes some programs show a space there."""
    letter = post(person)
    letter.facts = {**letter.facts, "title_en": title, "title_cy": f"{title}, {title}"}
    sent = compose(letter)
    raw = sent.message().as_bytes()

    assert b"Subject: \n" not in raw
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == sent.subject


def test_the_same_cause_writes_one_message(person):
    first, again = post(person), post(person)

    assert first is not None
    assert again is None
    assert Notification.objects.count() == 1


def test_a_person_reads_in_the_language_they_chose(db):
    welsh = post(PersonFactory(language="cy"), key="cy")
    both = post(PersonFactory(language="both"), key="both")

    delivery.deliver(welsh.pk, at=now())
    delivery.deliver(both.pk, at=now())

    only, two = mail.outbox
    assert only.subject == "News about Cwympiadau"
    assert "/cy/" in only.body
    assert "/en/" not in only.body
    assert two.subject == "News about Cwympiadau / News about Falls"
    assert two.body.index("/cy/") < two.body.index("/en/")
    assert 'lang="cy"' in two.alternatives[0].content


@pytest.mark.django_db(transaction=True)
def test_eight_workers_with_one_message_send_it_once():
    letter = post(PersonFactory())
    start = Barrier(8)

    def work():
        try:
            start.wait()
            delivery.deliver(letter.pk, at=now())
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(8)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]

    assert len(mail.outbox) == 1
    assert Notification.objects.get().state == Notification.State.SENT


def test_a_worker_that_slept_past_its_lease_changes_nothing(person):
    letter = post(person)
    slow = Notification.objects.claim(letter.pk, at=now())
    quick = Notification.objects.claim(letter.pk, at=now() + timedelta(minutes=3))

    assert quick.mark_sent(at=now())
    assert not slow.put_back("late", at=now())
    assert Notification.objects.get().state == Notification.State.SENT


def test_a_killed_workers_message_goes_out_when_the_lease_is_over(person):
    letter = post(person)
    Notification.objects.claim(letter.pk, at=now())

    assert not delivery.deliver(letter.pk, at=now())
    assert delivery.deliver(letter.pk, at=now() + timedelta(minutes=3))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (SMTPResponseException(451, b"try later"), Notification.State.WAITING),
        (SMTPResponseException(554, b"no"), Notification.State.PARKED),
        (ConnectionRefusedError(), Notification.State.WAITING),
    ],
)
def test_the_relays_answer_decides_what_becomes_of_a_message(person, monkeypatch, trouble, state):
    def refuse(self, messages):
        raise trouble

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    letter = post(person)

    delivery.deliver(letter.pk, at=now())

    letter.refresh_from_db()
    assert letter.state == state
    assert letter.why
    assert letter.state == Notification.State.PARKED or letter.due_at > now()


def test_a_message_that_cannot_be_made_is_parked_the_third_time_and_the_rest_goes_on(person):
    broken = post(person, key="broken")
    post(person, key="fine")
    kind = hooks.notification_kinds[KIND]
    Notification.objects.filter(pk=broken.pk).update(facts={"link": ["no such page", []]})

    for round_ in range(3):
        Notification.objects.filter(state="waiting").update(due_at=now())
        delivery.deliver_due(until=now() + timedelta(minutes=1), limit=10)
        assert round_ == 2 or Notification.objects.get(pk=broken.pk).state == "waiting"

    broken.refresh_from_db()
    assert broken.state == Notification.State.PARKED
    assert len(mail.outbox) == 1
    assert kind.name == KIND


def test_after_a_day_of_trying_a_message_waits_for_a_person(person, monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    letter = post(person, at=now() - timedelta(hours=25))

    delivery.deliver(letter.pk, at=now())

    letter.refresh_from_db()
    assert letter.state == Notification.State.PARKED
    assert letter.retry(at=now())
    assert Notification.objects.get().state == Notification.State.WAITING


def test_who_chose_no_mail_finds_it_in_the_list_alone(person, sign_in):
    NotificationChoice.objects.choose(person, {KIND: "off"})
    letter = post(person)

    delivery.deliver(letter.pk, at=now())

    assert not mail.outbox
    assert "News about Falls" in sign_in(person).get("/en/messages/").content.decode()


def test_the_week_is_gathered_once_even_by_two_clocks(person):
    NotificationChoice.objects.choose(person, {KIND: "weekly"})
    for key in "abc":
        delivery.deliver(post(person, key=key).pk, at=now())
    monday = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)

    digests.post_all(at=monday)
    digests.post_all(at=monday)
    delivery.deliver_due(until=now() + timedelta(minutes=1), limit=10)
    delivery.deliver(Notification.objects.get(kind="academy.digest").pk, at=monday)

    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("News about Falls") == 3


def test_one_press_stops_a_kind_without_signing_in_and_opening_stops_nothing(person, visitor):
    address = f"/en/messages/stop/{stop_token(person, KIND)}/"

    visitor.get(address)
    assert not NotificationChoice.objects.exists()

    visitor.post(address)
    assert NotificationChoice.objects.get(person=person).choice == "off"
    assert visitor.get("/en/messages/stop/nonsense/").status_code == 404


def test_every_try_carries_the_same_message_id(person):
    letter = post(person)

    first, second = compose(letter), compose(letter)

    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_of_messages_costs_the_same_however_long(
    person, sign_in, many, django_assert_num_queries
):
    for number in range(many):
        post(person, key=str(number))
    client = sign_in(person)
    client.get("/en/messages/")

    with django_assert_num_queries(4):  # session, reader, count, rows
        page = client.get("/en/messages/")

    assert page.content.decode().count("News about Falls") == min(many, 20)
