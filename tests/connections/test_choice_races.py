"""A list of choices whose turn comes twice at once: one is asked, and told once."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection

from academy.models import Person
from connections.actions import answering, choosing
from connections.models import MentoringRequest
from connections.models.profiles import MentorProfileQuerySet
from connections.models.requests import MentoringRequestQuerySet
from tests.factories.choices import AT, DAY, LATER, kinds_told, listed, mentors
from tests.factories.connections import MentoringRequestFactory


@contextmanager
def without_locks():
    """Read, and write what was read: what careless code does."""
    with (
        patch.object(MentoringRequestQuerySet, "locked", lambda rows: rows),
        patch.object(MentorProfileQuerySet, "locked", lambda rows: rows),
        patch.object(Person.objects, "select_for_update", lambda **_how: Person.objects.all()),
    ):
        yield


def race(*racers):
    """All at once, each in a connection of its own; what each of them answered."""
    start, answers = Barrier(len(racers)), []

    def run(racer):
        try:
            start.wait(30)
            answers.append(racer())
        except (MentoringRequest.Closed, DatabaseError) as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[racer]) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def a_due_list():
    people = mentors("Ann", "Bea", "Cai", "Dai", "Eve")
    request = MentoringRequestFactory(asked_at=AT, closes_at=AT + 14 * DAY)
    return choosing.choose(request, people, at=AT), people


def moved_twice():
    """Two workers find the same list due, and both look before either writes."""
    request, people = a_due_list()
    looked, look = Barrier(2), choosing._next

    def after_a_look(*args, **at):
        try:
            looked.wait(2)
        except Exception:
            looked.abort()
        return look(*args, **at)

    with patch.object(choosing, "_next", after_a_look):
        race(
            lambda: choosing.move_on(request.pk, at=LATER),
            lambda: choosing.move_on(request.pk, at=LATER + timedelta(minutes=1)),
        )
    return request, people


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_one_next_person_and_tell_the_earlier_once():
    request, people = moved_twice()

    request.refresh_from_db()
    assert request.mentor == people[1]
    assert listed(request) == ["Cai", "Dai", "Eve"]
    assert kinds_told(people[0].person).count("connections.request_moved_on") == 1
    assert kinds_told(people[1].person) == ["connections.request_asked"]
    assert kinds_told(request.mentee) == ["connections.request_next"]


@pytest.mark.django_db(transaction=True)
def test_without_its_locks_the_next_person_is_asked_twice():
    with without_locks():
        _request, people = moved_twice()

    assert kinds_told(people[1].person) == ["connections.request_asked"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_the_turn_of_the_next_race_and_one_of_them_wins():
    request, people = a_due_list()
    ann = people[0]

    race(
        lambda: answering.accept(request, ann.person, words="", language="en", at=LATER),
        lambda: choosing.move_on(request.pk, at=LATER),
    )

    request.refresh_from_db()
    ann.refresh_from_db()
    assert (request.state, request.mentor, ann.places_taken) in [
        ("accepted", ann, 1),
        ("asked", people[1], 0),
    ]
