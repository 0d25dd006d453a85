"""Places: never one too many, whoever races, and each story told once."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from academy.models import Notification
from capability.models import Booking, Cohort
from capability.models.cohorts import CohortQuerySet
from tests.factories import PersonFactory
from tests.factories.capability import AT, BookingFactory, CohortFactory

PEOPLE, PLACES = 50, 7


def ask(cohort, person, **facts):
    return cohort.book(person, **{"hope": "Safer care", "token": uuid4(), "at": AT} | facts)


@contextmanager
def without_lock():
    """Read, wait, write: what careless code does."""
    with patch.object(CohortQuerySet, "locked", lambda rows: rows):
        yield


@contextmanager
def without_net():
    """The counter stands still, so the CHECK has nothing to say."""
    trigger = "TRIGGER bookings_move_the_counter"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE capability_booking DISABLE {trigger}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE capability_booking ENABLE {trigger}")


def race(people, places, *, slow=False):
    """All ask at once; answers the cohort and who was turned away. `slow` widens the gap."""
    cohort = CohortFactory(places=places)
    crowd = PersonFactory.create_batch(people)
    start, turned_away = Barrier(people), []
    counted = Barrier(people) if slow else None
    require_room = Cohort.require_room

    def looked(self, at):
        """With the lock gone, everybody looks before anybody writes."""
        try:
            require_room(self, at)
        finally:
            counted.wait()

    def run(person):
        start.wait()
        try:
            ask(cohort, person)
        except (Cohort.Full, Cohort.Busy):
            turned_away.append(person)
        finally:
            connection.close()

    racers = [Thread(target=run, args=[one]) for one in crowd]
    with patch.object(Cohort, "require_room", looked if slow else require_room):
        [racer.start() for racer in racers]
        [racer.join() for racer in racers]
    cohort.refresh_from_db()
    return cohort, turned_away


@pytest.mark.django_db(transaction=True)
def test_fifty_people_race_for_seven_places():
    cohort, turned_away = race(PEOPLE, PLACES)

    booked = Booking.objects.current().filter(cohort=cohort).count()
    assert (cohort.places_taken, booked, len(turned_away)) == (PLACES, PLACES, PEOPLE - PLACES)
    assert Notification.objects.filter(kind="capability.booked").count() == PLACES


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_net_still_sells_no_place_twice():
    with without_lock():
        cohort, turned_away = race(PEOPLE, PLACES, slow=True)

    assert (cohort.places_taken, cohort.bookings.count()) == (PLACES, PLACES)
    assert len(turned_away) == PEOPLE - PLACES


@pytest.mark.django_db(transaction=True)
def test_without_the_net_the_lock_still_sells_no_place_twice():
    with without_net():
        cohort, turned_away = race(20, PLACES)

    assert (cohort.bookings.count(), len(turned_away)) == (PLACES, 20 - PLACES)


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_net_too_many_are_sold_so_the_tests_above_can_fail():
    with without_lock(), without_net():
        cohort, _turned_away = race(20, PLACES, slow=True)

    assert cohort.bookings.count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_place_and_one_message():
    cohort, person, token = CohortFactory(places=5), PersonFactory(), uuid4()
    start, answers = Barrier(2), []

    def click():
        start.wait()
        try:
            answers.append(ask(cohort, person, token=token).pk)
        finally:
            connection.close()

    clicks = [Thread(target=click) for _twice in range(2)]
    [click.start() for click in clicks]
    [click.join() for click in clicks]

    cohort.refresh_from_db()
    assert len(set(answers)) == 1 and len(answers) == 2
    assert (cohort.places_taken, Notification.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_place_held_by_another_for_too_long_is_busy_not_broken():
    cohort, person = CohortFactory(), PersonFactory()
    held, done, answers = Barrier(2), Barrier(2), []

    def hold():
        try:
            with transaction.atomic():
                list(Cohort.objects.filter(pk=cohort.pk).locked())
                held.wait()
                done.wait()
        finally:
            connection.close()

    holder = Thread(target=hold)
    holder.start()
    held.wait()
    try:
        ask(cohort, person)
    except Cohort.Busy as refusal:
        answers.append(refusal)
    done.wait()
    holder.join()

    assert len(answers) == 1 and not Booking.objects.exists()


@pytest.mark.django_db
def test_careless_code_cannot_oversell():
    cohort = CohortFactory(places=1)
    BookingFactory(cohort=cohort)

    with pytest.raises(IntegrityError, match="cohort_never_overfilled"), transaction.atomic():
        Booking.objects.bulk_create(
            BookingFactory.build_batch(1, cohort=cohort, person=PersonFactory())
        )


@pytest.mark.django_db
def test_cancelling_frees_the_place_for_another():
    cohort, other = CohortFactory(places=1), PersonFactory()
    booking = ask(cohort, PersonFactory())

    first, second = booking.leave(at=AT), booking.leave(at=AT)

    assert (first, second) == (True, False)
    assert ask(cohort, other).person == other
    assert Notification.objects.filter(kind="capability.cancelled_own").count() == 1


@pytest.mark.django_db
def test_the_same_form_sent_again_after_cancelling_does_not_book_again():
    cohort, person, token = CohortFactory(), PersonFactory(), uuid4()
    ask(cohort, person, token=token).leave(at=AT)

    again = ask(cohort, person, token=token)

    cohort.refresh_from_db()
    assert again.left_at is not None and cohort.places_taken == 0


@pytest.mark.django_db
def test_someone_who_left_may_come_back():
    cohort, person = CohortFactory(places=1), PersonFactory()
    ask(cohort, person).leave(at=AT)

    assert ask(cohort, person).left_at is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"published": False}, Cohort.Closed),
        ({"cancelled_at": AT}, Cohort.Cancelled),
        ({"closes_at": AT}, Cohort.Closed),
        ({"booking_link": "https://elsewhere.example.org/"}, Cohort.Closed),
    ],
)
def test_what_is_not_open_refuses(facts, refusal):
    cohort = CohortFactory(**facts)

    with pytest.raises(refusal):
        ask(cohort, PersonFactory())


@pytest.mark.django_db
def test_places_may_be_fewer_but_not_fewer_than_taken():
    cohort = CohortFactory(places=5)
    BookingFactory.create_batch(3, cohort=cohort)

    cohort.change_places(3, at=AT)

    with pytest.raises(Cohort.TooFew):
        cohort.change_places(2, at=AT)
    cohort.refresh_from_db()
    assert (cohort.places, cohort.left) == (3, 0)


@pytest.mark.django_db
def test_closing_an_account_frees_places_ahead_and_keeps_the_past():
    person = PersonFactory()
    ahead = BookingFactory(person=person, cohort=CohortFactory(places=1))
    past = BookingFactory(person=person, cohort=CohortFactory(starts_at=AT - timedelta(days=9)))

    person.deactivate(at=AT)

    ahead.cohort.refresh_from_db()
    past.refresh_from_db()
    assert ahead.cohort.places_taken == 0
    assert past.left_at is None


@pytest.mark.django_db
def test_a_course_that_is_over_has_no_place_to_give_back():
    booking = BookingFactory(cohort=CohortFactory(starts_at=AT - timedelta(days=9)))

    with pytest.raises(Booking.TooLate):
        booking.leave(at=AT)
