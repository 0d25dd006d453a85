from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from academy.models import Notification
from connections.models import Goal, Meeting, MentorProfile, Note, Relationship
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import agree, begin, current, goal, met, noted, planned, proposed

DAY = timedelta(days=1)


def kinds_to(person):
    return sorted(Notification.objects.of(person).values_list("kind", flat=True))


@pytest.mark.django_db
def test_a_beginning_takes_a_place_and_tells_both():
    profile = MentorProfileFactory(capacity=2)
    pair = begin(profile=profile)

    profile.refresh_from_db()
    assert (pair.state, profile.places_taken) == ("waiting", 1)
    assert pair.ends_on.isoformat() == "2026-07-05"
    assert kinds_to(pair.mentee) == kinds_to(pair.mentor) == ["connections.relationship_begun"]


@pytest.mark.django_db
def test_beginning_twice_is_beginning_once():
    profile, mentee = MentorProfileFactory(capacity=2), PersonFactory()
    first = begin(profile=profile, mentee=mentee)

    assert begin(profile=profile, mentee=mentee) == first
    profile.refresh_from_db()
    assert profile.places_taken == 1


@pytest.mark.django_db
def test_a_full_mentor_takes_nobody_more():
    profile = MentorProfileFactory(capacity=1)
    begin(profile=profile)

    with pytest.raises(MentorProfile.Full):
        begin(profile=profile)
    assert Relationship.objects.count() == 1


@pytest.mark.django_db
def test_either_kind_becomes_what_the_mentor_offers():
    coach = MentorProfileFactory(offers_mentoring=False, offers_coaching=True)

    assert begin(profile=coach, kind="either").coaching


@pytest.mark.django_db
def test_nothing_is_written_before_both_have_agreed():
    pair = begin()
    proposed(pair, by=pair.mentee)

    assert "connections.agreement_waiting" in kinds_to(pair.mentor)
    for act in (
        lambda: met(pair, at=LONG_AGO),
        lambda: planned(pair, starts_at=LONG_AGO + DAY, at=LONG_AGO),
        lambda: noted(pair, "Too early"),
        lambda: goal(pair, "Too early"),
    ):
        with pytest.raises(Relationship.NotAgreed):
            act()
    assert not Note.objects.exists()
    assert not Meeting.objects.exists()


@pytest.mark.django_db
def test_a_stranger_does_nothing_in_a_pair():
    pair, stranger = current(), PersonFactory()

    for act in (
        lambda: met(pair, at=LONG_AGO, by=stranger),
        lambda: noted(pair, "Words", by=stranger),
        lambda: goal(pair, "Words", by=stranger),
        lambda: pair.end(by=stranger, at=LONG_AGO),
    ):
        with pytest.raises(Relationship.Outsider):
            act()


@pytest.mark.django_db
def test_the_database_keeps_the_states_apart():
    pair = begin()

    for wrong in (
        {"state": "current"},
        {"state": "ended"},
        {"ended_at": LONG_AGO},
        {"kind": "either"},
        {"mentee": pair.mentor},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relationship.objects.filter(pk=pair.pk).update(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_either_side_ends_it_and_the_place_is_free_once(side):
    profile = MentorProfileFactory()
    pair = current(profile=profile)
    ender = getattr(pair, side)
    pair.end(by=ender, at=LONG_AGO + DAY)
    pair.end(by=pair.other(ender), at=LONG_AGO + 2 * DAY)

    profile.refresh_from_db()
    assert (pair.state, pair.ended_at, pair.ended_by) == ("ended", LONG_AGO + DAY, ender)
    assert profile.places_taken == 0
    assert "connections.relationship_ended" in kinds_to(pair.other(ender))
    assert "connections.relationship_ended" not in kinds_to(ender)


@pytest.mark.django_db
def test_after_the_end_both_read_and_nobody_writes():
    pair = current()
    noted(pair, "Before")
    pair.end(by=pair.mentee, at=LONG_AGO)

    for act in (
        lambda: met(pair, at=LONG_AGO),
        lambda: noted(pair, "After"),
        lambda: goal(pair, "After"),
        lambda: agree(pair),
    ):
        with pytest.raises(Relationship.Ended):
            act()
    for reader in (pair.mentor, pair.mentee):
        assert [one.words for one in Note.objects.of(pair).opened_by(reader)] == ["Before"]


@pytest.mark.django_db
def test_last_words_are_shared_and_nothing_is_needed():
    with_words, without = current(), current()
    for pair, words in ((with_words, "Diolch o galon"), (without, "")):
        Note.objects.farewell(
            pair, by=pair.mentee, words=words, language="cy", token=uuid4(), at=LONG_AGO
        )

    assert with_words.ended
    assert without.ended
    assert [one.words for one in Note.objects.opened_by(with_words.mentor)] == ["Diolch o galon"]
    assert not Note.objects.of(without).exists()


@pytest.mark.django_db
def test_the_same_form_twice_is_one_meeting_one_note_one_goal():
    pair, token = current(), uuid4()
    for _again in range(2):
        planned(pair, starts_at=LONG_AGO + DAY, at=LONG_AGO, token=token)
        noted(pair, "Once", token=token)
        Goal.objects.set(
            pair, by=pair.mentee, words="Once", language="en", token=token, at=LONG_AGO
        )

    assert (Meeting.objects.count(), Note.objects.count(), Goal.objects.count()) == (1, 1, 1)
    assert kinds_to(pair.mentee).count("connections.meeting_planned") == 1


@pytest.mark.django_db
def test_a_pairs_dates_follow_its_meetings():
    pair = current()
    met(pair, at=LONG_AGO + 5 * DAY, summary="We begin with the aim")
    meeting = planned(pair, starts_at=LONG_AGO + 20 * DAY, at=LONG_AGO + 6 * DAY)

    pair.refresh_from_db()
    assert pair.first_met_at == pair.last_contact_at - timedelta(hours=1)
    assert pair.next_meeting_at == LONG_AGO + 20 * DAY
    assert Note.objects.get().meeting == Meeting.objects.held().get()

    Meeting.objects.settle(meeting, by=pair.mentee, held=True, at=LONG_AGO + 21 * DAY)
    pair.refresh_from_db()
    assert (pair.next_meeting_at, pair.last_contact_at) == (None, LONG_AGO + 20 * DAY)


@pytest.mark.django_db
def test_a_meeting_that_will_not_be_is_cancelled_once():
    pair = current()
    meeting = planned(pair, starts_at=LONG_AGO + DAY, at=LONG_AGO)
    for _again in range(2):
        Meeting.objects.settle(meeting, by=pair.mentee, held=False, at=LONG_AGO)

    assert meeting.state == "cancelled"
    assert kinds_to(pair.mentor).count("connections.meeting_cancelled") == 1


@pytest.mark.django_db
def test_nobody_records_the_future_or_plans_the_past():
    pair = current()
    facts = {"minutes": 30, "how": "online", "token": uuid4(), "by": pair.mentor, "at": LONG_AGO}

    with pytest.raises(Meeting.StillToCome):
        Meeting.objects.record(pair, starts_at=LONG_AGO + DAY, **facts)
    with pytest.raises(Meeting.AlreadyPast):
        Meeting.objects.plan(pair, starts_at=LONG_AGO - DAY, **facts)


@pytest.mark.django_db
def test_three_goals_are_enough_until_one_is_reached():
    pair = current()
    first = goal(pair, "One")
    goal(pair, "Two")
    goal(pair, "Three")

    with pytest.raises(Goal.Enough):
        goal(pair, "Four")
    Goal.objects.reach(first, by=pair.mentor, at=LONG_AGO)
    Goal.objects.reach(first, by=pair.mentor, at=LONG_AGO + DAY)
    goal(pair, "Four")

    assert first.reached_at == LONG_AGO


@pytest.mark.django_db
def test_who_leaves_ends_their_relationships_kindly():
    profile = MentorProfileFactory()
    pair, other = current(profile=profile), current()
    pair.mentee.deactivate(at=LONG_AGO + DAY)

    pair.refresh_from_db()
    other.refresh_from_db()
    profile.refresh_from_db()
    assert (pair.state, pair.why, profile.places_taken) == ("ended", "left", 0)
    assert other.state == "current"
    assert "connections.relationship_ended" in kinds_to(pair.mentor)


@pytest.mark.django_db(transaction=True)
def test_ending_and_writing_at_the_same_moment_leave_no_note_after_the_end():
    pairs = [current() for _each in range(8)]
    start = Barrier(2 * len(pairs))
    outcomes = {}

    def at_once(name, act):
        start.wait()
        try:
            act()
            outcomes[name] = "done"
        except Relationship.Ended:
            outcomes[name] = "ended"
        finally:
            connection.close()

    racers = []
    for pair in pairs:
        racers.append(
            Thread(target=at_once, args=(("note", pair.pk), lambda p=pair: met(p, at=LONG_AGO)))
        )
        racers.append(
            Thread(
                target=at_once,
                args=(("end", pair.pk), lambda p=pair: p.end(by=p.mentee, at=LONG_AGO)),
            )
        )
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]

    for pair in pairs:
        pair.refresh_from_db()
        written = Meeting.objects.of(pair).exists()
        assert pair.ended
        assert outcomes[("end", pair.pk)] == "done"
        assert written == (outcomes[("note", pair.pk)] == "done")
        assert pair.next_meeting_at is None


@pytest.mark.django_db(transaction=True)
def test_ten_ends_at_once_free_one_place():
    profile = MentorProfileFactory(capacity=3)
    pair = current(profile=profile)
    current(profile=profile)
    start = Barrier(10)

    def end(person):
        start.wait()
        try:
            Relationship.objects.get(pk=pair.pk).end(by=person, at=LONG_AGO)
        finally:
            connection.close()

    racers = [Thread(target=end, args=[p]) for p in [pair.mentor, pair.mentee] * 5]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]

    profile.refresh_from_db()
    assert profile.places_taken == 1
    assert Notification.objects.filter(kind="connections.relationship_ended").count() == 1
