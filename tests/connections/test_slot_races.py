"""One slot, one person, whoever races; and what happens when the guards are taken away."""

from contextlib import contextmanager
from threading import Barrier, Thread
from time import monotonic
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from academy.models.people import PersonQuerySet
from connections.models import OfficeHour, Slot, SlotBooking
from connections.models.slots import SlotQuerySet
from tests.factories.people import LONG_AGO as AT
from tests.factories.people import PersonFactory
from tests.factories.together import booked, first_slot, office_hour

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, LONGEST = 20, 3.5
NET = "never_two_people_in_one_slot"
TABLE = "connections_slotbooking"


@contextmanager
def without_lock():
    """Everybody reads, and nobody waits for anybody."""
    with (
        patch.object(SlotQuerySet, "locked", lambda rows: rows.order_by("pk")),
        patch.object(PersonQuerySet, "hold", lambda *_numbers: None),
    ):
        yield


@contextmanager
def without_net():
    """The database would let two people into one slot."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {NET}")
    try:
        yield
    finally:
        SlotBooking.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE UNIQUE INDEX {NET} ON {TABLE} (slot_id) WHERE left_at IS NULL")


def race(*, slow=False):
    """Twenty ask for one slot at once, each in a connection of their own."""
    slot, people = first_slot(office_hour()), PersonFactory.create_batch(PEOPLE)
    start, looked, refused, waits = Barrier(PEOPLE), Barrier(PEOPLE), [], []
    look = Slot.require_time

    def after_a_look(self, person):
        """With the locks gone, everybody looks before anybody writes."""
        look(self, person)
        looked.wait(30)

    def ask(person):
        try:
            start.wait(30)
            began = monotonic()
            booked(slot, person)
        except (Slot.Taken, Slot.Busy, DatabaseError) as error:
            refused.append(error)
        finally:
            waits.append(monotonic() - began)
            connection.close()

    with patch.object(Slot, "require_time", after_a_look if slow else look):
        racers = [Thread(target=ask, args=[person]) for person in people]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(60)
    return SlotBooking.objects.current().filter(slot=slot).count(), refused, max(waits)


def test_twenty_people_race_for_one_slot_and_exactly_one_gets_it():
    got, refused, longest = race()

    assert got == 1
    assert len(refused) == PEOPLE - 1
    assert all(isinstance(error, Slot.Taken | Slot.Busy) for error in refused)
    assert longest < LONGEST


def test_the_net_alone_holds():
    with without_lock():
        got, refused, _longest = race(slow=True)

    assert (got, {type(error) for error in refused}) == (1, {Slot.Taken})


def test_the_lock_alone_holds():
    with without_net():
        got, refused, _longest = race()
        assert (got, len(refused)) == (1, PEOPLE - 1)


def test_control_without_lock_and_net_several_are_let_in():
    with without_lock(), without_net():
        got, _refused, _longest = race(slow=True)
        assert got > 1


def test_somebody_who_waits_too_long_at_a_slot_is_asked_to_try_again():
    slot, person = first_slot(office_hour()), PersonFactory()
    inside, done, said = Barrier(2), Barrier(2), []

    def hold():

        with transaction.atomic():
            Slot.objects.locked().get(pk=slot.pk)
            inside.wait(10)
            done.wait(10)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    inside.wait(10)
    began = monotonic()
    with pytest.raises(Slot.Busy):
        booked(slot, person)
    said.append(monotonic() - began)
    done.wait(10)
    holder.join(10)

    assert 2.5 < said[0] < LONGEST


def test_one_person_at_many_desks_at_once_holds_no_more_than_the_rules_allow():
    hours, person = [office_hour(days=7 + n) for n in range(4)], PersonFactory()
    start = Barrier(len(hours))

    def ask(hour):
        try:
            start.wait(30)
            booked(first_slot(hour), person)
        except (Slot.Enough, Slot.Busy):
            pass
        finally:
            connection.close()

    racers = [Thread(target=ask, args=[hour]) for hour in hours]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]

    assert SlotBooking.objects.of(person).current().count() == 2


def test_hours_filled_by_two_workers_at_once_have_each_slot_once():
    hour, start, troubles = office_hour(), Barrier(4), []
    hour.slots.all().delete()

    def fill():
        try:
            start.wait(30)
            OfficeHour.objects.get(pk=hour.pk).fill(at=AT)
        except DatabaseError as error:
            troubles.append(error)
        finally:
            connection.close()

    racers = [Thread(target=fill) for _worker in range(4)]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]

    assert not troubles
    assert hour.slots.count() == 24


def test_the_same_form_sent_twice_at_once_is_one_booking():
    slot, person, token, start = first_slot(office_hour()), PersonFactory(), uuid4(), Barrier(2)
    got = []

    def ask():
        try:
            start.wait(30)
            got.append(booked(slot, person, token=token).pk)
        finally:
            connection.close()

    racers = [Thread(target=ask) for _tab in range(2)]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]

    assert len(got) == 2
    assert len(set(got)) == 1
