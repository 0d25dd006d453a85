"""The last place of a supervision session: never one coach too many, whoever races."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from connections.models import SupervisionPlace, SupervisionSession
from connections.models.supervision import SupervisionSessionQuerySet
from tests.factories.coaches import coach, group_of, session_of, supervisor
from tests.factories.people import LONG_AGO as AT

RACERS, PLACES = 10, 2
NET = "supervision_session_never_overfilled"
CHECK = "CHECK (places_taken >= 0 AND places_taken <= places)"


@contextmanager
def without_lock():
    with patch.object(SupervisionSessionQuerySet, "locked", lambda rows: rows.order_by("pk")):
        yield


@contextmanager
def without_net():
    """The database lets the counter pass the places."""
    table = "ALTER TABLE connections_supervisionsession"
    with connection.cursor() as cursor:
        cursor.execute(f"{table} DROP CONSTRAINT {NET}")
    try:
        yield
    finally:
        SupervisionSession.objects.update(places_taken=0)
        with connection.cursor() as cursor:
            cursor.execute(f"{table} ADD CONSTRAINT {NET} {CHECK}")


def race(*, slow=False):
    """All ask at once, each in a connection of its own: what the counter says, places, refused."""
    session = session_of(group_of(supervisor()), starts_at=AT + timedelta(days=9), places=PLACES)
    people = [coach() for _racer in range(RACERS)]
    start, looked, refused = Barrier(RACERS), Barrier(RACERS), []
    take = SupervisionSession.take_place

    def after_a_look(row):
        """Everybody has looked before anybody writes; the counter is added to, as SQL would."""
        looked.wait(30)
        if row.places_taken >= row.places:
            raise SupervisionSession.Full
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE connections_supervisionsession SET places_taken = places_taken + 1"
                " WHERE id = %s",
                [row.pk],
            )

    def ask(person):
        try:
            start.wait(30)
            SupervisionPlace.objects.book(session, person, token=uuid4(), at=AT)
        except (SupervisionSession.Full, DatabaseError) as error:
            refused.append(error)
        finally:
            connection.close()

    racers = [Thread(target=ask, args=[person]) for person in people]
    with patch.object(SupervisionSession, "take_place", after_a_look if slow else take):
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(60)
    session.refresh_from_db()
    places = SupervisionPlace.objects.current().filter(session=session).count()
    return session.places_taken, places, len(refused)


@pytest.mark.django_db(transaction=True)
def test_ten_coaches_race_for_two_places():
    assert race() == (2, 2, 8)


@pytest.mark.django_db(transaction=True)
def test_the_net_alone_holds():
    with without_lock():
        assert race(slow=True) == (2, 2, 8)


@pytest.mark.django_db(transaction=True)
def test_the_lock_alone_holds():
    with without_net():
        assert race() == (2, 2, 8)


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_net_too_many_are_taken():
    with without_lock(), without_net():
        taken, places, _refused = race(slow=True)

    assert taken > PLACES
    assert places > PLACES


@pytest.mark.django_db(transaction=True)
def test_one_coach_in_a_hurry_gets_one_place():
    session = session_of(group_of(supervisor()), starts_at=AT + timedelta(days=9), places=5)
    person, start = coach(), Barrier(6)

    def ask():
        try:
            start.wait(30)
            SupervisionPlace.objects.book(session, person, token=uuid4(), at=AT)
        finally:
            connection.close()

    racers = [Thread(target=ask) for _press in range(6)]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]

    session.refresh_from_db()
    assert (session.places_taken, SupervisionPlace.objects.count()) == (1, 1)
