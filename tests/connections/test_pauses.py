"""A pair may rest: nobody is nudged, the place stays taken, and either side takes it up again."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import override

from academy.models import Notification
from connections.hooks.relationships import people_to_care_for
from connections.models import Goal, Meeting, Note, Relationship
from connections.models.care import Level
from connections.models.caseload import rows_of
from connections.models.weather import Why
from tests.factories import PersonFactory
from tests.factories.check_ins import asked, says
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import begin, current, goal, met, noted, planned

DAY = timedelta(days=1)


def told(person):
    return list(Notification.objects.of(person).order_by("pk").values_list("kind", flat=True))


def paused(**facts):
    until = facts.pop("until", None)
    pair = current(**facts)
    pair.pause(by=pair.mentee, until=until, at=LONG_AGO + DAY)
    return pair


@pytest.mark.django_db
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_either_side_pauses_and_either_side_goes_on(side):
    profile = MentorProfileFactory()
    pair = current(profile=profile)
    one = getattr(pair, side)
    for _again in range(2):
        pair.pause(by=one, at=LONG_AGO + DAY)

    profile.refresh_from_db()
    assert (pair.state, profile.places_taken) == ("paused", 1)
    assert told(pair.other(one)).count("connections.relationship_paused") == 1
    assert "connections.relationship_paused" not in told(one)

    for _again in range(2):
        pair.resume(by=pair.other(one), at=LONG_AGO + 9 * DAY)
    assert (pair.state, pair.paused_at, pair.resumed_at) == ("current", None, LONG_AGO + 9 * DAY)
    assert told(one).count("connections.relationship_resumed") == 1


@pytest.mark.django_db
def test_only_a_pair_under_way_is_paused():
    waiting, ended, stranger = begin(), current(), PersonFactory()
    ended.end(by=ended.mentor, at=LONG_AGO)

    with pytest.raises(Relationship.NotAgreed):
        waiting.pause(by=waiting.mentor, at=LONG_AGO)
    with pytest.raises(Relationship.Ended):
        ended.pause(by=ended.mentor, at=LONG_AGO)
    with pytest.raises(Relationship.Ended):
        ended.resume(by=ended.mentor, at=LONG_AGO)
    for act in (current().pause, paused().resume):
        with pytest.raises(Relationship.Outsider):
            act(by=stranger, at=LONG_AGO)


@pytest.mark.django_db
def test_the_database_keeps_a_pause_and_its_time_together():
    for pair, wrong in (
        (begin(), {"state": "paused", "paused_at": LONG_AGO}),
        (current(), {"state": "paused"}),
        (current(), {"paused_until": LONG_AGO.date()}),
        (paused(), {"state": "current"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relationship.objects.filter(pk=pair.pk).update(**wrong)


@pytest.mark.django_db
def test_a_pause_ends_by_itself_on_its_day_and_both_are_told_once():
    until = localdate(LONG_AGO + 30 * DAY)
    pair, open_ended = paused(until=until), paused()

    assert Relationship.objects.resume_due(at=LONG_AGO + 29 * DAY) == 0
    assert Relationship.objects.resume_due(at=LONG_AGO + 30 * DAY) == 1
    assert Relationship.objects.resume_due(at=LONG_AGO + 30 * DAY) == 0
    pair.refresh_from_db()
    open_ended.refresh_from_db()
    assert (pair.state, open_ended.state) == ("current", "paused")
    for person in (pair.mentor, pair.mentee):
        assert told(person).count("connections.pause_over") == 1


@pytest.mark.django_db
def test_a_paused_pair_is_calm_and_nobody_is_nudged():
    pair, later = paused(), LONG_AGO + 200 * DAY
    seen = rows_of(Relationship.objects.all(), reader=pair.mentor, at=later)[0].weather

    assert (seen.level, seen.why) == (Level.CALM, Why.PAUSED)
    assert Relationship.objects.nudge_silent(at=later) == 0
    assert not Relationship.objects.silent(later).exists()
    assert list(people_to_care_for(pair.mentor, at=later)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("days", [None, 9])
def test_who_called_for_help_and_rests_reads_both_on_the_desk(sign_in, days):
    pair = asked(current(at=now() - 40 * DAY), at=now() - 2 * DAY)
    says(pair, pair.mentor, "h", at=now() - 2 * DAY)
    until = localdate() + days * DAY if days else None
    pair.pause(by=pair.mentee, until=until, at=now() - DAY)

    desk = sign_in(pair.mentor).get(reverse("connections:caseload")).content.decode()
    theirs = sign_in(pair.mentee).get(reverse("connections:mentoring")).content.decode()

    rests = f"until {date_format(until, 'l j F')}" if until else "for now"
    assert "Needs help" in desk
    assert f"You said so in your last check-in; paused {rests}" in desk
    assert f"Paused {rests}" in theirs
    assert "in your last check-in" not in theirs


@pytest.mark.django_db
def test_days_of_a_pause_are_not_silence():
    pair = current()
    met(pair, at=LONG_AGO + DAY)
    pair.pause(by=pair.mentor, at=LONG_AGO + 2 * DAY)
    pair.resume(by=pair.mentor, at=LONG_AGO + 100 * DAY)

    assert not Relationship.objects.silent(LONG_AGO + 120 * DAY).exists()
    assert Relationship.objects.silent(LONG_AGO + 131 * DAY).exists()


@pytest.mark.django_db
def test_in_a_pause_one_keeps_notes_and_cancels_but_begins_nothing_new():
    pair = current()
    meeting = planned(pair, starts_at=LONG_AGO + 9 * DAY, at=LONG_AGO)
    pair.pause(by=pair.mentee, at=LONG_AGO + DAY)

    for act in (
        lambda: met(pair, at=LONG_AGO + 2 * DAY),
        lambda: planned(pair, starts_at=LONG_AGO + 5 * DAY, at=LONG_AGO + DAY),
        lambda: goal(pair, "Later"),
    ):
        with pytest.raises(Relationship.Paused):
            act()
    noted(pair, "For myself", audience="private", at=LONG_AGO + 2 * DAY)
    Meeting.objects.settle(meeting, by=pair.mentor, held=False, at=LONG_AGO + 2 * DAY)
    assert (Note.objects.count(), Goal.objects.count()) == (1, 0)
    assert not Meeting.objects.planned().exists()


@pytest.mark.django_db
def test_a_paused_pair_may_end_and_the_place_is_free():
    profile = MentorProfileFactory()
    pair = paused(profile=profile)
    pair.end(by=pair.mentor, at=LONG_AGO + 5 * DAY)

    profile.refresh_from_db()
    assert (pair.state, pair.paused_at, profile.places_taken) == ("ended", None, 0)


@pytest.mark.django_db(transaction=True)
def test_pausing_and_ending_at_the_same_moment_leave_one_end():
    pairs = [current() for _each in range(6)]
    start, refused = Barrier(3 * len(pairs)), []

    def at_once(act):
        start.wait()
        try:
            act()
        except Relationship.Ended as late:
            refused.append(late)
        finally:
            connection.close()

    acts = []
    for pair in pairs:
        acts += [
            lambda p=pair: p.pause(by=p.mentor, at=LONG_AGO),
            lambda p=pair: p.end(by=p.mentee, at=LONG_AGO),
            lambda p=pair: p.resume(by=p.mentor, at=LONG_AGO),
        ]
    racers = [Thread(target=at_once, args=[act]) for act in acts]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]

    for pair in pairs:
        pair.refresh_from_db()
        assert (pair.state, pair.paused_at) == ("ended", None)
        assert pair.mentor.mentor_profile.places_taken == 0


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "cy"])
def test_pausing_is_one_press_and_so_is_going_on(sign_in, language):
    pair = current(at=now() - 20 * DAY)
    mentee, mentor = sign_in(pair.mentee), sign_in(pair.mentor)
    with_words = {"en": "Paused until", "cy": "Ar seibiant"}[language]
    with override(language):
        pause, resume, here = (
            reverse(f"connections:{name}", args=[pair.pk])
            for name in ("pause", "resume", "relationship")
        )

    early = mentee.post(pause, {"until_day": "1", "until_month": "1", "until_year": "2020"})
    assert early.status_code == 200
    assert 'value="2020"' in early.content.decode()
    assert mentee.post(pause, {}).url == here
    for reader in (mentee, mentor):
        assert with_words in reader.get(here).content.decode()
        assert resume in reader.get(here).content.decode()
    assert mentor.post(resume).url == here
    pair.refresh_from_db()
    assert pair.current
