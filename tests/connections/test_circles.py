"""Circles: opened, joined until full, dated, moved, left and closed; and twenty at one door."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from academy.models import Conflict, Notification
from connections.models import Circle, CircleMeeting, CircleMember, CircleMessage
from connections.models.circles import CircleQuerySet
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO as AT
from tests.factories.together import circle, dated, filled

PEOPLE, PLACES = 20, 4
Why = CircleMember.Why


def told(kind):
    return Notification.objects.filter(kind=f"connections.{kind}")


@pytest.mark.django_db
def test_people_join_until_it_is_full_and_leave_again():
    one = circle()
    members = filled(one, PLACES)

    with pytest.raises(Circle.Full):
        one.join(PersonFactory(), at=AT)
    assert one.join(members[0].person, at=AT) == members[0]
    assert one.let_go(members[0].person, why=Why.OWN, at=AT)
    assert not one.let_go(members[0].person, why=Why.OWN, at=AT)
    one.join(PersonFactory(), at=AT)

    assert one.places_taken == one.members.current().count() == PLACES
    assert told("circle_joined").count() == PLACES + 1
    assert told("circle_shrank").get().person == one.host


@pytest.mark.django_db
def test_the_host_is_in_it_already_and_needs_an_approved_offer():
    one = circle()

    with pytest.raises(Circle.Host):
        one.join(one.host, at=AT)
    with pytest.raises(Circle.NoHost):
        circle(host=MentorProfileFactory(state="draft").person)


@pytest.mark.django_db
def test_a_coordinator_makes_one_for_a_host_who_is_told():
    host, coordinator, token = MentorProfileFactory().person, PersonFactory(), uuid4()

    made = [circle(host=host, by=coordinator, token=token) for _time in range(2)]

    assert made[0] == made[1]
    assert told("circle_yours").get().person == host


@pytest.mark.django_db
def test_who_waits_is_told_once_a_place_is_free():
    one, waiting = circle(), PersonFactory.create_batch(2)
    members = filled(one, PLACES)
    assert all(one.wish(person, at=AT) for person in [*waiting, waiting[0]])
    assert not one.wish(members[0].person, at=AT)

    one.let_go(members[0].person, why=Why.OWN, at=AT)
    one.let_go(members[1].person, why=Why.OWN, at=AT)

    assert {letter.person for letter in told("circle_room")} == set(waiting)
    assert told("circle_room").count() == 2
    assert not one.wish(PersonFactory(), at=AT)  # there is room: join


def keep_apart(one, other):
    Conflict.objects.create(person=one, other=other, declared_at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("said_by", ["who_would_join", "the_other"])
@pytest.mark.parametrize("in_it", ["host", "member"])
def test_a_circle_is_not_open_to_who_is_kept_from_somebody_in_it(in_it, said_by):
    one, person = circle(), PersonFactory()
    member = filled(one, 1)[0].person
    other = one.host if in_it == "host" else member
    keep_apart(*((person, other) if said_by == "who_would_join" else (other, person)))

    with pytest.raises(Circle.NotOpen):
        one.join(person, at=AT)
    with pytest.raises(Circle.NotOpen):
        one.wish(person, at=AT)
    assert not Circle.objects.visible_to(person).exists()
    for reader in (one.host, member, PersonFactory()):
        assert Circle.objects.visible_to(reader).get() == one


@pytest.mark.django_db
def test_who_is_in_it_already_stays_and_who_has_left_is_nobody_to_be_kept_from():
    one = circle()
    first, second, third = (member.person for member in filled(one, 3))
    keep_apart(first, second)
    keep_apart(PersonFactory(), third)
    late = PersonFactory()
    keep_apart(late, third)
    one.let_go(third, why=Why.OWN, at=AT)

    assert Circle.objects.visible_to(first).exists()
    assert Circle.objects.visible_to(second).exists()
    assert one.join(late, at=AT)


@pytest.mark.django_db
def test_who_is_kept_from_somebody_who_came_meanwhile_is_not_told_of_a_place():
    one, waiting = circle(), PersonFactory()
    first, last = (member.person for member in filled(one, PLACES)[::3])
    assert one.wish(waiting, at=AT)
    keep_apart(last, waiting)

    one.let_go(first, why=Why.OWN, at=AT)

    assert not told("circle_room").exists()


@pytest.mark.django_db
def test_dates_are_told_to_everybody_and_each_change_outranks_the_last():
    one = circle()
    filled(one, 2)
    meeting = dated(one)
    later = meeting.starts_at + timedelta(days=1)

    meeting.move(starts_at=later, minutes=60, at=AT)
    meeting.move(starts_at=later, minutes=60, at=AT)
    assert (meeting.sequence, told("circle_meeting").count()) == (1, 2 * 3)
    meeting.cancel(at=AT)

    assert meeting.sequence == 2
    assert told("circle_meeting_cancelled").count() == 3
    with pytest.raises(CircleMeeting.Gone):
        meeting.move(starts_at=later, minutes=30, at=AT)
    with pytest.raises(CircleMeeting.AlreadyPast):
        dated(one, days=-1)


@pytest.mark.django_db
def test_a_word_the_day_before_once_to_each():
    one = circle()
    filled(one, 2)
    meeting = dated(one)

    for hours in (40, 20, 10):
        CircleMeeting.objects.remind(hours=24, at=meeting.starts_at - timedelta(hours=hours))

    assert told("circle_reminder").count() == 3


@pytest.mark.django_db
def test_a_closed_circle_thanks_everybody_and_takes_its_dates_away():
    one = circle()
    members, meeting = filled(one, 2), dated(one)

    one.close(by=one.host, at=AT)
    one.close(by=one.host, at=AT)

    meeting.refresh_from_db()
    assert meeting.cancelled_at == one.closed_at == AT
    assert told("circle_closed").count() == 3
    with pytest.raises(Circle.Closed):
        one.join(PersonFactory(), at=AT)
    assert Circle.objects.visible_to(members[0].person).exists()
    assert not Circle.objects.visible_to(PersonFactory()).exists()


@pytest.mark.django_db
def test_places_never_fall_below_who_is_in_it_and_another_place_is_told():
    one = circle()
    filled(one, 3)
    said = {
        name: getattr(one, name)
        for name in ("title", "about", "written_in", "in_welsh", "in_english", "rhythm", "how")
    }

    with pytest.raises(Circle.TooFew):
        one.change(topics=[], by=one.host, at=AT, places=2, place=one.place, **said)
    one.change(topics=[], by=one.host, at=AT, places=6, place="Room 4", **said)

    assert (one.places, one.place) == (6, "Room 4")
    assert told("circle_elsewhere").count() == 4


@pytest.mark.django_db
def test_what_the_host_writes_is_read_by_who_is_in_it_now():
    one = circle()
    stays, leaves = (member.person for member in filled(one, 2))
    one.let_go(leaves, why=Why.HOST, at=AT)

    CircleMessage.objects.write(
        one, by=one.host, words="CANARY", language="en", token=uuid4(), at=AT
    )

    read = [len(CircleMessage.objects.opened_by(who)) for who in (one.host, stays, leaves)]
    assert read == [1, 1, 0]
    assert told("circle_message").get().person == stays


@contextmanager
def without_lock():
    """Everybody reads, and nobody waits for anybody."""
    with patch.object(CircleQuerySet, "locked", lambda rows: rows.order_by("pk")):
        yield


@contextmanager
def without_net():
    """The database lets the counter pass the places."""
    table = "ALTER TABLE connections_circle"
    with connection.cursor() as cursor:
        cursor.execute(f"{table} DROP CONSTRAINT circle_never_overfilled")
    try:
        yield
    finally:
        Circle.objects.update(places_taken=0)
        with connection.cursor() as cursor:
            cursor.execute(
                f"{table} ADD CONSTRAINT circle_never_overfilled"
                " CHECK (places_taken >= 0 AND places_taken <= places)"
            )


def race(*, slow=False):
    """Twenty join at once, each in a connection of their own; answers (taken, members, refused)."""
    one, people = circle(), PersonFactory.create_batch(PEOPLE)
    start, looked, refused = Barrier(PEOPLE), Barrier(PEOPLE), []
    room = Circle.require_room

    def after_a_look(self, person):
        """With the lock gone, everybody looks before anybody writes."""
        room(self, person)
        looked.wait(30)

    def ask(person):
        try:
            start.wait(30)
            Circle.objects.get(pk=one.pk).join(person, at=AT)
        except (Circle.Full, Circle.Busy, DatabaseError) as error:
            refused.append(error)
        finally:
            connection.close()

    with patch.object(Circle, "require_room", after_a_look if slow else room):
        racers = [Thread(target=ask, args=[person]) for person in people]
        [racer.start() for racer in racers]
        [racer.join(60) for racer in racers]
    one.refresh_from_db()
    return one.places_taken, one.members.current().count(), len(refused)


@pytest.mark.django_db(transaction=True)
def test_twenty_people_race_for_four_places():
    assert race() == (PLACES, PLACES, PEOPLE - PLACES)


@pytest.mark.django_db(transaction=True)
def test_the_net_alone_holds():
    with without_lock():
        assert race(slow=True) == (PLACES, PLACES, PEOPLE - PLACES)


@pytest.mark.django_db(transaction=True)
def test_the_lock_alone_holds():
    with without_net():
        assert race() == (PLACES, PLACES, PEOPLE - PLACES)


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_net_too_many_get_in():
    with without_lock(), without_net():
        _taken, members, _refused = race(slow=True)

    assert members > PLACES
