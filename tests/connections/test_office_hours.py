"""Open hours: which slots there are, who may have one, and what is said to whom."""

from datetime import date, datetime, time, timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, localtime, make_aware, now

from academy.models import Conflict, Notification
from connections.models import OfficeHour, OfficeHourRules, Slot, SlotBooking, SlotQuestion
from connections.models.working_days import bank_holidays
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO as AT
from tests.factories.together import booked, first_slot, office_hour

pytestmark = pytest.mark.django_db


def told(kind):
    return Notification.objects.filter(kind=f"connections.{kind}")


def days_of(hour):
    return sorted({slot.day for slot in hour.slots.live()})


def test_slots_are_made_weeks_ahead_and_never_twice():
    hour = office_hour()
    made = hour.slots.count()

    hour.fill(at=AT)

    assert made == hour.slots.count() == 6 * 4  # six weeks ahead, four slots each time
    assert {(slot.ends_at - slot.starts_at) for slot in hour.slots.all()} == {timedelta(minutes=20)}


def test_the_clock_on_the_wall_holds_when_the_clocks_change():
    before = date(2026, 3, 23)  # a Monday; British Summer Time begins on the 29th
    hour = office_hour(at=AT.replace(month=3, day=20), weekday=0, from_on=before, rhythm=1)

    firsts = [hour.slots.on(day).earliest("starts_at") for day in days_of(hour)[:2]]

    assert [localtime(slot.starts_at).time() for slot in firsts] == [time(10), time(10)]
    assert firsts[1].starts_at - firsts[0].starts_at == timedelta(days=7, hours=-1)


def test_every_other_week_until_the_last_day():
    hour = office_hour(rhythm=2, until_on=date(2026, 2, 9))

    assert days_of(hour) == [date(2026, 1, 12), date(2026, 1, 26), date(2026, 2, 9)]


def test_no_times_are_made_for_bank_holidays():
    before = AT.replace(month=3, day=20)  # in 2026 Easter Monday is the 6th of April
    hour = office_hour(at=before, weekday=0, from_on=date(2026, 3, 30))

    assert days_of(hour)[:2] == [date(2026, 3, 30), date(2026, 4, 13)]
    assert hour.skip(date(2026, 4, 6), at=before) == 0
    assert not hour.slots.on(date(2026, 4, 6)).exists()


def test_times_made_before_are_off_on_bank_holidays_unless_somebody_has_booked():
    hour, soon = office_hour(at=now()), localdate() + timedelta(days=2)
    holidays = bank_holidays(soon.year) | bank_holidays(soon.year + 1)
    holiday = min(day for day in holidays if day > soon)
    starts = make_aware(datetime.combine(holiday, time(10)))
    hour.slots.make(hour, [starts, starts + timedelta(minutes=20)])
    free, taken = hour.slots.filter(starts_at__gte=starts).order_by("starts_at")[:2]
    booked(taken, at=now())
    others = hour.slots.live().exclude(pk__in=[free.pk, taken.pk])
    before = others.count()

    moved = import_module("connections.migrations.0022_times_to_come_leave_out_bank_holidays")
    moved.leave_out_bank_holidays(apps, None)

    assert taken in hour.slots.live()
    assert free not in hour.slots.live()
    assert others.count() == before


def test_hours_that_are_to_begin_on_two_bank_holidays_in_a_row_begin_after_them():
    hour = office_hour(at=AT, weekday=4, from_on=date(2026, 12, 25))

    assert days_of(hour)[0] == date(2027, 1, 8)


def test_hours_on_nothing_but_a_bank_holiday_are_not_opened():
    with pytest.raises(OfficeHour.NoDays):
        office_hour(weekday=4, from_on=date(2026, 4, 3), until_on=date(2026, 4, 3))


def test_no_host_is_in_two_places():
    hour = office_hour()

    with pytest.raises(OfficeHour.Overlaps):
        office_hour(host=hour.host, begins=time(10, 10))
    with (
        pytest.raises(IntegrityError, match="host_is_never_in_two_slots_at_once"),
        transaction.atomic(),
    ):
        Slot.objects.create(
            office_hour=hour,
            host=hour.host,
            starts_at=first_slot(hour).starts_at + timedelta(minutes=5),
            ends_at=first_slot(hour).ends_at,
        )
    assert office_hour(host=hour.host, begins=time(14)).slots.exists()


def test_only_who_has_an_approved_offer_keeps_office_hours():
    with pytest.raises(OfficeHour.NoOffer):
        office_hour(host=MentorProfileFactory(state="waiting").person)


def test_the_same_form_twice_opens_and_books_once():
    token, hour = uuid4(), office_hour()
    again = office_hour(host=hour.host, token=hour.token)
    person = PersonFactory()

    bookings = {booked(first_slot(hour), person, token=token).pk for _time in range(2)}

    assert again == hour
    assert len(bookings) == 1
    assert told("slot_booked").count() == told("slot_taken").count() == 1


def test_a_slot_has_one_person():
    slot = first_slot(office_hour())
    booked(slot)

    with pytest.raises(Slot.Taken):
        booked(slot)


def test_nobody_holds_many_nor_two_of_one_host():
    person, hours = PersonFactory(), [office_hour(days=7 + n) for n in range(3)]
    booked(first_slot(hours[0]), person)

    with pytest.raises(Slot.OneEach):
        booked(hours[0].slots.order_by("starts_at")[1], person)
    booked(first_slot(hours[1]), person)
    with pytest.raises(Slot.Enough):
        booked(first_slot(hours[2]), person)
    later = first_slot(hours[0]).ends_at  # what is over counts no more
    assert booked(hours[0].slots.order_by("starts_at")[6], person, at=later)


def test_nobody_books_their_own_time_nor_that_of_whom_they_are_kept_from():
    hour, person = office_hour(), PersonFactory()
    Conflict.objects.create(person=person, other=hour.host, declared_at=AT)

    with pytest.raises(Slot.Own):
        booked(first_slot(hour), hour.host)
    with pytest.raises(Slot.Closed):
        booked(first_slot(hour), person)
    assert not OfficeHour.objects.visible_to(person).exists()
    assert OfficeHour.objects.visible_to(PersonFactory()).get() == hour


def test_booking_closes_some_hours_before():
    slot = first_slot(office_hour())
    rules = OfficeHourRules.current()

    assert slot in Slot.objects.free(slot.starts_at - timedelta(hours=2, minutes=1), rules=rules)
    with pytest.raises(Slot.Closed):
        booked(slot, at=slot.starts_at - timedelta(hours=2))


def test_a_paused_account_or_offer_takes_nobody():
    hour = office_hour()
    hour.host.mentor_profile.__class__.objects.filter(person=hour.host).update(state="draft")

    with pytest.raises(Slot.Closed):
        booked(first_slot(hour))


def test_what_is_given_back_is_free_for_somebody_else():
    slot, person = first_slot(office_hour()), PersonFactory()
    booking = booked(slot, person)

    assert booking.give_back(at=AT)
    assert not booking.give_back(at=AT)
    assert booked(slot).person != person
    assert told("slot_given_back").get().person == slot.host
    with pytest.raises(SlotBooking.TooLate):
        booked(slot.office_hour.slots.order_by("starts_at")[1], person).give_back(at=slot.ends_at)


def test_a_skipped_day_stays_away_whoever_fills_it_again():
    hour = office_hour()
    soon, far = days_of(hour)[1], days_of(hour)[-1] + timedelta(days=7)
    booking = booked(hour.slots.on(soon).earliest("starts_at"))

    assert hour.skip(soon, at=AT) == 1
    assert hour.skip(soon, at=AT) == 0
    hour.skip(far, at=AT)
    hour.fill(at=AT + timedelta(days=7))

    assert soon not in days_of(hour)
    assert far not in days_of(hour)
    booking.refresh_from_db()
    assert booking.left_why == "host"
    assert told("slot_cancelled").get().person == booking.person


def test_a_skipped_day_is_offered_again_but_for_what_is_over_and_nobody_is_booked_unasked():
    hour = office_hour()
    first, second, *_rest = slots = list(hour.slots.on(days_of(hour)[1]).order_by("starts_at"))
    day, person = first.day, PersonFactory()
    booking = booked(second, person)
    hour.skip(day, at=AT)

    off = list(Slot.objects.skipped(AT))
    again = [hour.offer_again(day, at=first.starts_at) for _press in range(2)]

    assert off == [(hour.pk, day)]
    assert again == [len(slots) - 1, 0]
    assert list(hour.slots.live().on(day).order_by("starts_at")) == slots[1:]
    assert not Slot.objects.skipped(AT).exists()
    booking.refresh_from_db()
    assert booking.left_why == "host"
    assert booked(second, person).pk != booking.pk


def test_a_day_of_which_one_time_is_cancelled_is_not_skipped():
    hour = office_hour()

    first_slot(hour).cancel(at=AT)

    assert not Slot.objects.skipped(AT).exists()


def test_a_skipped_day_stays_away_where_the_host_has_opened_other_hours_at_that_time():
    hour = office_hour()
    day = days_of(hour)[1]
    hour.skip(day, at=AT)
    other = office_hour(host=hour.host, days=14, until_on=day)

    with pytest.raises(OfficeHour.Overlaps):
        hour.offer_again(day, at=AT)
    assert days_of(other) == [day]
    assert day not in days_of(hour)
    hour.stop(at=AT)
    with pytest.raises(OfficeHour.Stopped):
        hour.offer_again(day, at=AT)


def test_stopped_hours_tell_everybody_and_take_nobody():
    hour = office_hour()
    booking = booked(first_slot(hour))

    assert hour.stop(by=hour.host, at=AT) == 1
    assert hour.fill(at=AT + timedelta(days=14)) == 0
    assert not hour.slots.live().exists()
    booking.refresh_from_db()
    assert booking.left_why == "host"
    assert not OfficeHour.objects.open().exists()


def test_another_place_raises_what_calendars_hold():
    hour = office_hour()
    booking = booked(first_slot(hour))
    said = {"about": hour.about, "written_in": "en", "in_welsh": True, "in_english": True}

    hour.change(topics=[], at=AT, how="phone", place="029 2000 0000", **said)
    hour.change(topics=[], at=AT, how="phone", place="029 2000 0000", **said)

    booking.slot.refresh_from_db()
    assert booking.slot.sequence == 1
    assert told("slot_moved").get().person == booking.person


def test_the_question_can_be_put_in_other_words_until_it_begins():
    booking = booked(first_slot(office_hour()), words="First")

    booking.ask("Second", language="cy", at=AT)

    assert SlotQuestion.objects.get().opened() == "Second"
    with pytest.raises(SlotBooking.TooLate):
        booking.ask("Third", language="en", at=booking.slot.starts_at)


def test_the_host_says_who_came_once_it_has_begun():
    booking = booked(first_slot(office_hour()))

    with pytest.raises(SlotBooking.StillToCome):
        booking.mark(came=True, at=AT)
    booking.mark(came=True, at=booking.slot.starts_at)

    assert booking.came
    assert not SlotBooking.objects.unmarked().exists()


def test_a_word_the_day_before_once_to_each():
    hour = office_hour()
    first, second = hour.slots.order_by("starts_at")[:2]
    booked(first), booked(second)
    near = first.starts_at - timedelta(hours=20)

    SlotBooking.objects.remind(at=AT)
    assert not told("slot_reminder").exists()
    SlotBooking.objects.remind(at=near)
    SlotBooking.objects.remind(at=near + timedelta(hours=1))

    assert told("slot_reminder").count() == 2
    assert told("slots_today").get().person == hour.host
