"""Office hours beside the meetings of pairs: nobody books or opens a time at which they meet somebody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import override

from connections.models import OfficeHour, Slot, SlotBooking
from connections.models.working_days import bank_holidays
from tests.factories import PersonFactory, TopicFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.relationships import current, planned
from tests.factories.together import booked, first_slot, office_hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def hour():
    return office_hour(at=now())


def busy(person, starts_at):
    """This person meets their mentor then, for an hour."""
    return planned(current(mentee=person, at=now()), starts_at=starts_at, at=now())


def address(name, *args):
    return reverse(f"connections:{name}", args=args)


def question():
    return {"words": "My own words", "language": "en", "token": str(uuid4())}


def post(client, *where, **said):
    return client.post(address(*where), said).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You have something else at this time"), ("cy", "Mae gennych rywbeth arall")],
)
def test_who_meets_somebody_then_reads_so_before_they_write_and_is_shown_other_times(
    hour, sign_in, language, words
):
    guest, slot = PersonFactory(), first_slot(hour)
    busy(guest, slot.starts_at + timedelta(minutes=10))
    with override(language):
        page = sign_in(guest).get(address("book_slot", slot.pk)).content.decode()

    assert words in page
    assert "<textarea" not in page
    assert page.count('class="c-slot"') == 3
    clear = hour.slots.order_by("starts_at")[
        4
    ]  # the first of the day after: an hour takes all four
    assert f"/{clear.pk}/" in page
    assert f"/{slot.pk + 1}/" not in page


def test_whoever_plans_a_meeting_meanwhile_books_nothing_and_keeps_their_words(hour, sign_in):
    guest, slot = PersonFactory(), first_slot(hour)
    busy(guest, slot.starts_at)
    page = post(sign_in(guest), "book_slot", slot.pk, **question())

    assert "You have something else at this time" in page
    assert "My own words" in page
    assert "<textarea" not in page
    assert not SlotBooking.objects.exists()


def test_of_a_host_who_meets_somebody_no_more_is_told_than_that_they_are_busy(hour, sign_in):
    slot = first_slot(hour)
    busy(hour.host, slot.starts_at)
    page = post(sign_in(PersonFactory()), "book_slot", slot.pk, **question())

    assert f"{hour.host.name} has something else at this time" in page
    assert not SlotBooking.objects.exists()


def test_a_meeting_that_ends_as_the_time_begins_is_in_nobodys_way(hour):
    guest, slot = PersonFactory(), first_slot(hour)
    busy(guest, slot.starts_at - timedelta(hours=1))
    booked(slot, guest, at=now())

    with pytest.raises(Slot.Elsewhere):
        busy(other := PersonFactory(), hour.slots.order_by("starts_at")[5].starts_at)
        booked(hour.slots.order_by("starts_at")[5], other, at=now())


def test_a_host_opens_no_hours_over_a_planned_meeting_and_reads_which(sign_in):
    host, topic = MentorProfileFactory().person, TopicFactory()
    day = localtime(now() + timedelta(days=7)).replace(hour=14, minute=30, second=0, microsecond=0)
    while day.date() in bank_holidays(day.year):
        day += timedelta(days=1)
    busy(host, day)
    form = {
        "weekday": day.weekday(), "begins": "14:00", "many": "3", "rhythm": "1",
        "from_on_day": day.day, "from_on_month": day.month, "from_on_year": day.year,
        "how": "online", "place": "", "methods": [topic.pk], "about": "", "written_in": "en",
        "languages": ["en"], "token": str(uuid4()),
    }  # fmt: skip
    page = post(sign_in(host), "open_office_hour", **form)

    assert "You have a meeting planned within these hours" in page
    assert "at 14:30" in page
    assert not OfficeHour.objects.exists()


def skipped(client, hour, day, **said):
    facts = {"day_day": day.day, "day_month": day.month, "day_year": day.year, **said}
    return client.post(address("skip_day", hour.pk), facts)


def test_a_day_that_somebody_has_booked_is_skipped_only_when_the_host_has_read_how_many(
    hour, sign_in
):
    slots, host = hour.slots.order_by("starts_at"), sign_in(hour.host)
    day = slots[0].day
    booked(slots[0], at=now())
    asks = skipped(host, hour, day)
    booked(slots[1], at=now())
    again = skipped(host, hour, day, asked=asks.context["form"]["asked"].value())

    assert "1 person has booked and would be told kindly" in asks.content.decode()
    assert "2 people have booked and would be told kindly" in again.content.decode()
    assert SlotBooking.objects.current().count() == 2
    done = skipped(host, hour, day, asked=again.context["form"]["asked"].value())
    assert done.status_code == 302
    assert not SlotBooking.objects.current().exists()


def test_a_day_nobody_has_booked_is_skipped_in_one_press(hour, sign_in):
    assert skipped(sign_in(hour.host), hour, first_slot(hour).day).status_code == 302


def test_a_host_reads_which_of_their_times_nobody_can_book_for_a_meeting_of_theirs(hour, sign_in):
    slots = list(hour.slots.order_by("starts_at")[:2])
    booked(slots[0], at=now())
    busy(hour.host, slots[1].starts_at)

    page = sign_in(hour.host).get(address("my_office_hours")).content.decode()

    assert page.count("cannot be booked: you have something else then") == 3  # an hour takes three
    assert page.count('<span class="a-quiet">free</span>') == hour.slots.live().count() - 4


def test_a_skipped_day_is_listed_with_its_year_and_is_offered_again(hour, sign_in):
    host, day = sign_in(hour.host), first_slot(hour).day
    named = date_format(day, "l j F Y")

    said = skipped(host, hour, day)
    page = host.get(said.url).content.decode()
    again = host.post(address("offer_again", hour.pk), {"day": day.isoformat()}, follow=True)
    twice = host.post(address("offer_again", hour.pk), {"day": day.isoformat()}, follow=True)
    odd = host.post(address("offer_again", hour.pk), {"day": "soon"})

    assert f"No office hours on {named}." in page
    assert "Offer this day again" in page
    assert f"You keep office hours on {named} after all." in again.content.decode()
    assert "Offer this day again" not in again.content.decode()
    assert "This day is offered already." in twice.content.decode()
    assert odd.url == address("my_office_hours")
    assert first_slot(hour) in hour.slots.live()


def test_a_day_is_offered_again_by_its_host_alone(hour, sign_in):
    day = first_slot(hour).day
    hour.skip(day, at=now())

    refused = sign_in(PersonFactory()).post(
        address("offer_again", hour.pk), {"day": day.isoformat()}
    )

    assert refused.status_code == 404
    assert first_slot(hour) not in hour.slots.live()


def test_a_day_that_other_hours_have_taken_is_not_offered_again_and_the_host_reads_why(
    hour, sign_in
):
    day = first_slot(hour).day
    hour.skip(day, at=now())
    office_hour(host=hour.host, at=now(), until_on=day)

    said = sign_in(hour.host).post(
        address("offer_again", hour.pk), {"day": day.isoformat()}, follow=True
    )

    assert "You have other office hours on" in said.content.decode()


def test_whoever_stops_their_hours_reads_how_many_would_be_told(hour, sign_in):
    booked(first_slot(hour), at=now())
    page = sign_in(hour.host).get(address("stop_office_hour", hour.pk)).content.decode()

    assert "1 person has booked and would be told kindly" in page
