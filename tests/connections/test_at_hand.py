"""What a worker has at hand is as fresh as if it had read every offer again."""

from contextlib import contextmanager
from threading import Event, Thread
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from academy.models import Person
from connections import pool
from connections.models import MentorProfile, Weights
from connections.pool import at_hand
from tests.factories import TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_at_hand(monkeypatch):
    monkeypatch.setattr(at_hand, "_kept", None)


def seen():
    """Who takes people, and the places they have, as the worker sees it now."""
    held = at_hand.now()
    return dict(zip(held.profile_pks.tolist(), held.offers.free.tolist(), strict=True))


def as_read():
    rows = MentorProfile.objects.taking()
    return {row.pk: row.free for row in rows}


def read_again():
    """How many offers are read when nothing has happened."""
    with CaptureQueriesContext(connection) as queries:
        at_hand.now()
    with connection.cursor() as cursor:
        cursor.execute(queries[-1]["sql"])
        return len(cursor.fetchall())


CHANGES = {
    "takes somebody": lambda one: one.take_place(),
    "takes a last one": lambda one: MentorProfile.objects.filter(pk=one.pk).update(places_taken=3),
    "rests": lambda one: one.pause(until=None, at=AT),
    "closes the account": lambda one: one.person.deactivate(at=AT),
    "is new": lambda one: MentorProfileFactory(capacity=2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_became_of_a_mentor_is_seen_at_the_next_look(change):
    mentors = MentorProfileFactory.create_batch(3)
    assert seen() == as_read()

    change(mentors[1])

    assert seen() == as_read()


def test_whoever_comes_back_to_an_account_is_seen_again():
    mentor = MentorProfileFactory()
    account = Person.objects.filter(pk=mentor.person_id)
    account.update(is_active=False)
    assert seen() == {}

    account.update(is_active=True)

    assert seen() == {mentor.pk: 3}


def test_nobody_is_suggested_whose_offer_was_deleted():
    topic = TopicFactory()
    mentors = MentorProfileFactory.create_batch(2, methods=[topic])
    request = MentoringRequestFactory(methods=[topic])
    weights = Weights.objects.current(at=AT)
    seen()

    mentors[0].delete()

    found = pool.suggest(request, weights, least=1, most=5)
    assert [pk for pk, _why in found.profiles] == [mentors[1].pk]


def test_a_skill_that_a_mentor_adds_is_seen_in_its_row_and_in_no_other():
    first, second = MentorProfileFactory.create_batch(2)
    topic = TopicFactory()
    seen()

    first.methods.set([topic])
    MentorProfile.objects.reindex(these=[first.pk])

    held = at_hand.now()
    knows = dict(
        zip(held.profile_pks.tolist(), map(held.offers.methods.__getitem__, (0, 1)), strict=True)
    )
    assert knows == {first.pk: {topic.pk}, second.pk: set()}


@contextmanager
def slowly(change):
    """Somebody's change in a connection of its own, which is not committed until we are through."""
    changed, may_end = Event(), Event()

    def work():
        try:
            with transaction.atomic():
                change()
                changed.set()
                may_end.wait(30)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    changed.wait(30)
    try:
        yield
    finally:
        may_end.set()
        thread.join()


def look_during_a_slow_change():
    """A change begins, others are quicker, everybody is read, and only then it ends."""
    slow, quick = MentorProfileFactory.create_batch(2)
    seen()
    with slowly(lambda: slow.pause(until=None, at=AT)):
        quick.take_place()
        assert seen() == {slow.pk: 3, quick.pk: 2}
    return seen(), {quick.pk: 2}


def test_a_change_that_began_before_a_look_and_ended_after_it_is_not_missed():
    held, now = look_during_a_slow_change()
    assert held == now


def test_the_newest_transaction_seen_would_not_do_as_a_mark():
    """The control: the slow one has a lower number than the quick one, and is lost."""
    newest = at_hand._of_snapshot("xmax")
    of_snapshot = at_hand._of_snapshot
    with patch.object(
        at_hand, "_of_snapshot", lambda end: newest if end == "xmin" else of_snapshot(end)
    ):
        held, now = look_during_a_slow_change()
    assert held != now


def test_when_nothing_has_changed_nothing_is_read():
    """As soon as those have ended who were writing, in any database of the server, at the first look."""
    MentorProfileFactory.create_batch(3)
    looks = (seen() and read_again() for _look in range(3000))
    assert 0 in looks


def test_rows_restored_from_another_server_are_read_once_and_changed_ones_again():
    """Their numbers are of its transactions, and may be far ahead of ours."""
    MentorProfileFactory.create_batch(3)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE connections_mentorprofile DISABLE TRIGGER USER")
        MentorProfile.objects.update(last_transaction=2**40)
        cursor.execute("ALTER TABLE connections_mentorprofile ENABLE TRIGGER USER")
    assert seen() == as_read()
    assert read_again() == 0

    MentorProfile.objects.order_by("pk")[0].take_place()

    assert seen() == as_read()


def test_what_is_taken_back_was_never_at_hand():
    mentor = MentorProfileFactory()
    seen()

    with pytest.raises(RuntimeError), transaction.atomic():
        mentor.pause(until=None, at=AT)
        assert seen() == {}
        raise RuntimeError

    assert seen() == {mentor.pk: 3}
