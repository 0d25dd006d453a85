"""Who holds rows of several kinds takes them in one order, so that no two wait for each other."""

from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError, Thread, current_thread
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from academy.models.base import Refusal
from connections.actions import asking, handing, publishing, rounds
from connections.models import MatchingRound, MentoringRequest, MentorProfile
from connections.models.profiles import MentorProfileQuerySet
from connections.models.relationships import RelationshipQuerySet
from tests.factories import StaffFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT
from tests.factories.people import TopicFactory
from tests.factories.relationships import current

pytestmark = pytest.mark.django_db(transaction=True)


class Crossing:
    """Two racers wait for each other half-way; who is kept out by a lock is not waited for long."""

    def __init__(self):
        self.both = Barrier(2)

    def __call__(self):
        try:
            self.both.wait(1)
        except BrokenBarrierError:
            self.both.abort()


def race(**racers):
    """All at once, by name, each in a connection of its own; what went wrong."""
    start, troubles = Barrier(len(racers)), []

    def run(racer):
        try:
            start.wait(30)
            racer()
        except Refusal:
            pass
        except OperationalError as error:
            troubles.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[one], name=name) for name, one in racers.items()]
    [one.start() for one in threads]
    [one.join(60) for one in threads]
    return troubles


@contextmanager
def stopping_before_the_mentor(meet):
    """The page that asks has the mentee's row, and stops before it takes the mentor's."""
    locked = MentorProfileQuerySet.locked

    def after_a_stop(rows):
        if current_thread().name == "page":
            meet()
        return locked(rows)

    with patch.object(MentorProfileQuerySet, "locked", after_a_stop):
        yield


def ask_while_publishing():
    """A round puts a request before a mentor, and the mentee asks the same one, at once."""
    topic, by = TopicFactory(), StaffFactory(role="coordinator")
    request = MentoringRequestFactory(methods=[topic])
    profile = MentorProfileFactory(methods=[topic])
    round = rounds.draw_up("Spring", by=by, seed=7, at=AT)
    MatchingRound.objects.filter(pk=round.pk).update(state="publishing")
    pair = round.pairs.create(request=request, profile=profile, reasons=[])
    meet, look = Crossing(), publishing._hindrance

    def after_a_look(pair):
        why = look(pair)
        meet()
        return why

    with stopping_before_the_mentor(meet), patch.object(publishing, "_hindrance", after_a_look):
        return race(
            worker=lambda: publishing._publish_pair(pair.pk, at=AT),
            page=lambda: asking.ask(request, profile, at=AT),
        )


def test_a_round_and_its_mentee_ask_the_same_mentor_and_neither_is_refused_a_lock():
    assert ask_while_publishing() == []
    assert MentoringRequest.objects.get().state == "asked"


def mentor_first(pair):
    """The order of before: the mentor, and only then, when asking, the mentee."""
    MentorProfile.objects.locked().get(pk=pair.profile_id)
    return ""


def test_control_the_mentor_before_the_mentee_and_two_wait_for_each_other(monkeypatch):
    monkeypatch.setattr(publishing, "_hindrance", mentor_first)

    [trouble] = ask_while_publishing()

    assert "deadlock detected" in trouble


def ask_while_changing():
    """A mentee says something else is needed in one tab, and asks a mentor in another."""
    request, profile = MentoringRequestFactory(), MentorProfileFactory(methods=[TopicFactory()])
    meet, look = Crossing(), asking.look_again

    def after_a_stop(*args, **at):
        meet()
        return look(*args, **at)

    with stopping_before_the_mentor(meet), patch.object(asking, "look_again", after_a_stop):
        return race(
            worker=lambda: asking.change(request, at=AT, setting="community"),
            page=lambda: asking.ask(request, profile, at=AT),
        )


def test_a_need_is_changed_and_a_mentor_asked_at_once():
    assert ask_while_changing() == []


def test_control_the_request_before_the_mentee_and_two_wait_for_each_other(monkeypatch):
    hold, first = asking.hold, iter([True])

    def request_first(request, profiles=()):
        if current_thread().name == "worker" and next(first, False):
            return MentoringRequest.objects.locked().get(pk=request.pk)
        return hold(request, profiles)

    monkeypatch.setattr(asking, "hold", request_first)

    [trouble] = ask_while_changing()

    assert "deadlock detected" in trouble


def take_over_while_leaving():
    """The new mentor of a pair says yes in one tab, and closes the account in another."""
    pair, profile = current(), MentorProfileFactory()
    offered = handing.propose(
        pair, profile, by=pair.mentee, words="", language="en", goals=False, token=uuid4(), at=AT
    )
    meet, held, stop = Crossing(), RelationshipQuerySet.locked, handing.stop_all_to

    def after_the_mentors(rows):
        if current_thread().name == "worker":
            meet()
        return held(rows)

    def after_a_stop(person, *, at):
        stop(person, at=at)
        meet()

    with (
        patch.object(RelationshipQuerySet, "locked", after_the_mentors),
        patch.object(handing, "stop_all_to", after_a_stop),
    ):
        return race(
            worker=lambda: handing.accept(offered, by=profile.person, at=AT),
            page=lambda: profile.person.deactivate(at=AT),
        )


def test_a_mentor_takes_somebody_over_and_leaves_at_once():
    assert take_over_while_leaving() == []
    assert not MentorProfile.objects.get(person__is_active=False).places_taken


@pytest.fixture
def _untouched_offers():
    """Closing an account takes the offer at once, by a trigger: what careless code would not do."""
    trigger = "TRIGGER accounts_touch_their_offer"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE academy_person DISABLE {trigger}")
        yield
        cursor.execute(f"ALTER TABLE academy_person ENABLE {trigger}")


@pytest.mark.usefixtures("_untouched_offers")
def test_control_who_leaves_holds_pairs_before_mentors_and_two_wait_for_each_other(monkeypatch):
    locked = MentorProfileQuerySet.locked
    monkeypatch.setattr(
        MentorProfileQuerySet,
        "locked",
        lambda rows: rows if current_thread().name == "page" else locked(rows),
    )

    [trouble] = take_over_while_leaving()

    assert "deadlock detected" in trouble
