"""Two at once: one meeting, one promise; and what happens when the lock is taken away."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from academy.models.base import Refusal
from connections.models import Meeting, Proposal, Relationship
from connections.models.planning import PlanningQuerySet
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current, planned, times_for

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def at_once(*acts):
    """Everybody starts together; what came of each."""
    start, came = Barrier(len(acts)), []

    def run(act):
        start.wait()
        try:
            act()
            came.append("done")
        except Refusal as refusal:
            came.append(type(refusal).__name__)
        except DatabaseError:  # the constraint, or the deadlock it runs into
            came.append("database")
        finally:
            connection.close()

    racers = [Thread(target=run, args=[act]) for act in acts]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    return sorted(came)


def choosing(time, person):
    return lambda: Proposal.objects.accept(time, by=person, at=LONG_AGO)


def test_two_times_chosen_at_once_make_one_meeting():
    for _round in range(5):
        pair = current()
        proposal = times_for(pair, times=[LONG_AGO + day * DAY for day in (1, 2, 3)], at=LONG_AGO)
        times = list(proposal.times.all())
        came = at_once(*(choosing(time, pair.mentee) for time in times))

        assert came == ["Closed", "Closed", "done"]
        assert Meeting.objects.of(pair).planned().count() == 1


def test_choosing_and_taking_back_at_once_end_in_one_of_the_two():
    for _round in range(5):
        pair = current()
        proposal = times_for(pair, times=[LONG_AGO + DAY], at=LONG_AGO)
        came = at_once(
            choosing(proposal.times.get(), pair.mentee),
            lambda p=proposal, who=pair.mentor: Proposal.objects.withdraw(p, by=who, at=LONG_AGO),
        )

        proposal.refresh_from_db()
        assert came == ["Closed", "done"]
        chosen = Meeting.objects.of(pair).planned().exists()
        assert proposal.state == ("accepted" if chosen else "withdrawn")


def overlapping():
    """Eight people choose the same hour of one mentor."""
    profile = MentorProfileFactory(capacity=8)
    pairs = [current(profile=profile) for _each in range(8)]
    proposals = [times_for(pair, times=[LONG_AGO + DAY], at=LONG_AGO) for pair in pairs]
    return at_once(*(choosing(one.times.get(), one.relationship.mentee) for one in proposals))


def test_a_mentors_hour_is_promised_to_one_of_eight():
    came = overlapping()

    assert came == ["Clash"] * 7 + ["done"]
    assert Meeting.objects.planned().count() == 1


def without_the_lock(rows, relationship, by):
    return relationship.locked_for(by)


def test_control_without_the_lock_the_database_refuses_in_its_own_words(monkeypatch):
    monkeypatch.setattr(PlanningQuerySet, "held_still", without_the_lock)
    seen = Barrier(2)

    def and_then_wait(rows, *_facts, **_but):
        seen.wait(timeout=20)

    monkeypatch.setattr(PlanningQuerySet, "_must_be_free", and_then_wait)
    profile = MentorProfileFactory()
    pairs = [current(profile=profile), current(profile=profile)]
    came = at_once(
        *(lambda p=pair: planned(p, starts_at=LONG_AGO + DAY, at=LONG_AGO) for pair in pairs)
    )

    assert came == ["database", "done"]


def test_control_without_lock_and_constraint_one_hour_is_promised_twice(monkeypatch):
    constraint = "nobody_is_promised_to_two_meetings_at_one_time"
    kept = next(one for one in Meeting._meta.constraints if one.name == constraint)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Meeting, kept)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(PlanningQuerySet, "held_still", without_the_lock)
            patch.setattr(PlanningQuerySet, "_must_be_free", lambda *_facts, **_but: None)
            profile = MentorProfileFactory()
            pairs = [current(profile=profile), current(profile=profile)]
            acts = (
                lambda p=pair: planned(p, starts_at=LONG_AGO + DAY, at=LONG_AGO) for pair in pairs
            )
            assert at_once(*acts) == ["done", "done"]
        Meeting.objects.all().delete()
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Meeting, kept)


def recording(pair, person):
    facts = {"starts_at": LONG_AGO + DAY, "minutes": 60, "how": "online", "at": LONG_AGO + 2 * DAY}
    return lambda: Meeting.objects.record(pair, by=person, token=uuid4(), **facts)


def test_one_meeting_recorded_by_both_at_once_is_one_meeting():
    for _round in range(5):
        pair = current()
        came = at_once(recording(pair, pair.mentor), recording(pair, pair.mentee))

        assert came == ["SameDay", "done"]
        assert Meeting.objects.of(pair).count() == 1


def test_control_without_the_pairs_lock_it_is_written_twice(monkeypatch):
    monkeypatch.setattr(Relationship, "locked_for", lambda pair, _by: pair)
    seen, save = Barrier(2), Meeting.save

    def after_both_looked(meeting, **facts):
        seen.wait(timeout=20)
        save(meeting, **facts)

    monkeypatch.setattr(Meeting, "save", after_both_looked)
    pair = current()

    assert at_once(recording(pair, pair.mentor), recording(pair, pair.mentee)) == ["done"] * 2
    assert Meeting.objects.of(pair).held().count() == 2


def test_eight_beats_at_once_remind_once():
    pair = current()
    planned(pair, starts_at=LONG_AGO + 3 * DAY, at=LONG_AGO)
    reminded = []
    beats = [lambda: reminded.append(Meeting.objects.remind_due(at=LONG_AGO + 2 * DAY))] * 8
    at_once(*beats)

    assert sum(reminded) == 1
