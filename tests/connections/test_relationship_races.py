"""Writing and ending meet in the middle; and what happens when the lock is taken away."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from connections.models import Note, Relationship
from connections.models.relationships import RelationshipQuerySet
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current, noted

pytestmark = pytest.mark.django_db(transaction=True)
LATER = LONG_AGO + timedelta(hours=1)


def write_while_ending(pair):
    """A writer stops half-way, after it has been let in; meanwhile the other ends it.

    Answers whether the end had to wait for the writer.
    """
    inside, ended = Event(), Event()
    waited = []

    def write():
        try:
            with transaction.atomic():
                pair.locked_for(pair.mentor)
                inside.set()
                waited.append(not ended.wait(timeout=1))
                noted(pair, "Half-way", at=LATER)
        except Relationship.Ended:
            pass
        finally:
            connection.close()

    def end():
        inside.wait()
        try:
            Relationship.objects.get(pk=pair.pk).end(by=pair.mentee, at=LONG_AGO)
            ended.set()
        finally:
            connection.close()

    racers = [Thread(target=write), Thread(target=end)]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    pair.refresh_from_db()
    assert pair.ended
    return waited[0]


def test_the_end_waits_for_who_is_writing():
    pair = current()

    assert write_while_ending(pair)
    assert Note.objects.of(pair).count() == 1


def test_control_without_the_lock_the_end_does_not_wait(monkeypatch):
    monkeypatch.setattr(RelationshipQuerySet, "locked", lambda rows: rows.order_by("pk"))
    pair = current()

    assert not write_while_ending(pair)
