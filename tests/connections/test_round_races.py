"""Two workers at one round: only the one that holds the lease writes, progress and despair included."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from connections import pool
from connections.actions import computing, rounds
from connections.models import MatchingRound
from connections.pool.answers import Draft
from tests.factories import StaffFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + computing.LEASE + timedelta(minutes=1)


@pytest.fixture
def workers():
    """One that slept past its lease, and the one that has the round now."""
    by = StaffFactory(role="coordinator")
    made = rounds.draw_up("Spring", by=by, seed=7, at=AT)
    rounds.start(made, by=by, at=AT)
    return computing.claim(made.pk, at=AT), computing.claim(made.pk, at=LATER)


@pytest.fixture
def without_fence(monkeypatch):
    """Whoever once had the round writes to it."""
    rows = MatchingRound.objects
    monkeypatch.setattr(computing, "still_mine", lambda round: rows.filter(pk=round.pk))


def keep_at_once(workers):
    """Both are ready at the same moment, with a pair each; who was let write."""
    topic, start, let = TopicFactory(), Barrier(2), []
    profile = MentorProfileFactory(methods=[topic])

    def keep(worker):
        request = MentoringRequestFactory(methods=[topic])
        draft = Draft(request.pk, profile.pk, [])
        try:
            start.wait(30)
            if computing.keep(worker, pool.Assignment([draft], [], 1, True, ""), at=LATER):
                let.append(worker.tries)
        finally:
            connection.close()

    racers = [Thread(target=keep, args=[one]) for one in workers]
    [one.start() for one in racers]
    [one.join(60) for one in racers]
    return let


def test_two_workers_write_at_once_and_the_one_with_the_lease_is_let(workers):
    _slow, quick = workers

    assert keep_at_once(workers) == [quick.tries]
    assert quick.pairs.count() == 1


def test_control_without_the_fence_both_are_let(workers, without_fence):
    assert sorted(keep_at_once(workers)) == [1, 2]


def slow_one_wakes_up(slow):
    """It tells how far it is, and then gives up."""
    computing.progress_of(slow)("loading", 0.5)
    computing.give_up(slow, "lock")
    slow.refresh_from_db()
    return slow.state, slow.steps_done, slow.leased_until, slow.trouble


def test_a_worker_that_slept_moves_neither_the_lease_nor_the_state(workers):
    slow, quick = workers

    assert slow_one_wakes_up(slow) == ("computing", 0, LATER + computing.LEASE, "")
    assert quick.leased_until == LATER + computing.LEASE


def test_control_without_the_fence_it_takes_the_round_from_the_other(workers, without_fence):
    slow, _quick = workers

    assert slow_one_wakes_up(slow) == ("drafted", 49, None, "lock")
