from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps

from academy.models import Notification
from connections.actions import keeping, nudging
from connections.models import CheckIn, Note, Relationship
from connections.models.mistakes import take_back
from tests.factories.check_ins import asked
from tests.factories.people import LONG_AGO
from tests.factories.relationships import begin, current, goal, met, noted, planned

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def nudges():
    return Notification.objects.filter(kind="connections.silence_nudge").count()


def nudge(days):
    return Relationship.objects.nudge_silent(at=LONG_AGO + timedelta(days=days))


def test_a_quiet_pair_is_nudged_once_in_a_silence():
    met(current(), at=LONG_AGO + DAY)

    assert [nudge(20), nudge(30), nudge(31), nudge(31), nudge(32), nudge(60)] == [0, 0, 1, 0, 0, 0]
    assert nudges() == 2
    assert nudge(61) == 1


def test_a_note_breaks_the_silence_and_a_new_one_begins():
    pair = current()
    met(pair, at=LONG_AGO + DAY)
    assert nudge(31) == 1

    noted(pair, "Sorry, winter pressures", at=LONG_AGO + 35 * DAY)
    assert [nudge(40), nudge(64), nudge(66)] == [0, 0, 1]


def test_a_private_note_is_no_contact():
    pair = current()
    met(pair, at=LONG_AGO + DAY)
    noted(pair, "Thinking about them", audience="private", at=LONG_AGO + 20 * DAY)

    assert nudge(31) == 1


def to_several(pair, days):
    """The mentor writes to everybody they mentor at once."""
    at = LONG_AGO + days * DAY
    nudging.nudge([pair], by=pair.mentor, told={"en": "Thinking of you"}, token=uuid4(), at=at)
    return Note.objects.latest("pk")


def test_a_note_taken_back_leaves_the_silence_that_words_to_several_did_not_end():
    pair = current()
    met(pair, at=LONG_AGO + DAY)
    pair.refresh_from_db()
    before = pair.last_contact_at
    to_several(pair, 20)
    oops = noted(pair, "For somebody else", at=LONG_AGO + 25 * DAY)
    take_back(pair, f"note-{oops.pk}", by=oops.author, at=LONG_AGO + 25 * DAY)

    pair.refresh_from_db()
    assert pair.last_contact_at == before
    assert pair.kind_word_at == LONG_AGO + 20 * DAY
    assert nudge(31) == 1


def test_words_to_several_taken_back_are_told_of_no_more_and_those_before_are():
    pair = current()
    met(pair, at=LONG_AGO + DAY)
    to_several(pair, 20)
    noted(pair, "By hand", at=LONG_AGO + 22 * DAY)
    second = to_several(pair, 24)
    take_back(pair, f"note-{second.pk}", by=pair.mentor, at=LONG_AGO + 24 * DAY)

    pair.refresh_from_db()
    assert pair.kind_word_at == LONG_AGO + 20 * DAY
    assert pair.last_contact_at == LONG_AGO + 22 * DAY


def test_words_to_several_of_before_are_known_by_their_token():
    pair = current()
    kind, by_hand = to_several(pair, 20), noted(pair, "By hand")
    private = noted(pair, "Alone", audience="private")
    Note.objects.update(contact=True)

    moved = import_module("connections.migrations.0021_notes_know_whether_they_are_contact")
    moved.mark_words_to_several(apps, None)

    assert set(Note.objects.filter(contact=False)) == {kind}
    assert set(Note.objects.filter(contact=True)) == {by_hand, private}


def test_who_meets_soon_is_left_in_peace():
    pair = current()
    planned(pair, starts_at=LONG_AGO + 60 * DAY, at=LONG_AGO)

    assert [nudge(31), nudge(59), nudge(61)] == [0, 0, 1]


def test_a_meeting_planned_far_away_hides_no_silence():
    pair = current()
    met(pair, at=LONG_AGO + DAY)
    planned(pair, starts_at=LONG_AGO + 90 * DAY, at=LONG_AGO + DAY)

    assert [nudge(30), nudge(31), nudge(62)] == [0, 1, 0]


def test_who_has_not_met_after_three_weeks_is_nudged():
    current()

    assert [nudge(20), nudge(21), nudge(22)] == [0, 1, 0]


def test_an_agreement_that_waits_is_nudged_after_a_week():
    begin()

    assert [nudge(6), nudge(7), nudge(8)] == [0, 1, 0]


def test_what_has_ended_is_not_nudged():
    pair = current()
    pair.end(by=pair.mentor, at=LONG_AGO)

    assert nudge(90) == 0


def test_after_the_agreed_time_the_words_go_and_the_dates_stay():
    pair, other = current(), current()
    for one in (pair, other):
        asked(one)
        noted(one, "Words")
        goal(one, "A goal")
    pair.end(by=pair.mentor, at=LONG_AGO)
    forget = [keeping.forget_words(at=LONG_AGO + timedelta(days=days)) for days in (179, 180, 181)]

    pair.refresh_from_db()
    assert forget == [0, 1, 0]
    assert not Note.objects.of(pair).exists()
    assert Note.objects.of(other).count() == 1
    assert not CheckIn.objects.of(pair).exists()
    assert CheckIn.objects.of(other).count() == 2
    assert pair.ended_at == LONG_AGO
    assert not Relationship.objects.visible_to(pair.mentor).exists()
