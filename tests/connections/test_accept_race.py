"""Places: never one person more than a mentor agreed to, whoever races."""

from contextlib import contextmanager
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection

from connections.actions import answering, asking
from connections.models import MentoringRequest, MentorProfile, Relationship
from connections.models.profiles import MentorProfileQuerySet
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

PEOPLE, PLACES = 20, 3
NET = "mentor_never_over_capacity"
CHECK = "CHECK (places_taken >= 0 AND places_taken <= capacity)"


@contextmanager
def without_lock():
    """Read, wait, write: what careless code does."""
    with patch.object(MentorProfileQuerySet, "locked", lambda rows: rows):
        yield


@contextmanager
def without_net():
    """The database lets the counter pass the capacity."""
    table = "ALTER TABLE connections_mentorprofile"
    with connection.cursor() as cursor:
        cursor.execute(f"{table} DROP CONSTRAINT {NET}")
    try:
        yield
    finally:
        MentorProfile.objects.update(capacity=10, places_taken=0)
        with connection.cursor() as cursor:
            cursor.execute(f"{table} ADD CONSTRAINT {NET} {CHECK}")


def race(*, slow=False):
    """All are accepted at once, each in a connection of its own; answers (taken, pairs, refused)."""
    profile = MentorProfileFactory(capacity=PLACES)
    requests = MentoringRequestFactory.create_batch(PEOPLE)
    for request in requests:
        asking.ask(request, profile, at=AT)
    start, looked, refused = Barrier(PEOPLE), Barrier(PEOPLE), []
    take = MentorProfile.take_place

    def after_a_look(self):
        """With the lock gone, everybody looks before anybody writes."""
        self.places_taken, _seen = self.places_taken, looked.wait(30)
        take(self)

    def accept(request):
        try:
            start.wait(30)
            answering.accept(request, profile.person, words="", language="en", at=AT)
        except (MentorProfile.Full, MentoringRequest.Closed, DatabaseError) as error:
            refused.append(error)
        finally:
            connection.close()

    racers = [Thread(target=accept, args=[request]) for request in requests]
    release = answering.release_others_if_full if not slow else lambda *_args, **_at: 0
    with (
        patch.object(MentorProfile, "take_place", after_a_look if slow else take),
        patch.object(answering, "release_others_if_full", release),  # it locks, too
    ):
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(60)
    profile.refresh_from_db()
    return profile.places_taken, Relationship.objects.count(), len(refused)


@pytest.mark.django_db(transaction=True)
def test_twenty_accepts_race_for_three_places():
    assert race() == (3, 3, 17)
    assert MentoringRequest.objects.filter(state="released").count() == 17


@pytest.mark.django_db(transaction=True)
def test_the_net_alone_holds():
    with without_lock():
        assert race(slow=True) == (3, 3, 17)


@pytest.mark.django_db(transaction=True)
def test_the_lock_alone_holds():
    with without_net():
        assert race() == (3, 3, 17)


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_net_too_many_are_taken():
    with without_lock(), without_net():
        taken, pairs, _refused = race(slow=True)

    assert taken > PLACES
    assert pairs > PLACES
