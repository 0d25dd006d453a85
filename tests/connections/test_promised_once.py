"""An office hour that is booked and a meeting of a pair: nobody is promised to both at one time."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread, current_thread
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localtime, now

from academy.models.base import Refusal
from academy.models.people import PersonQuerySet
from connections.models import Availability, Meeting, OfficeHourRules, Proposal, Slot
from connections.models.availability import CELLS, suggested, week_of
from connections.models.planning import PlanningQuerySet
from tests.connections.test_meeting_races import at_once
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO as AT
from tests.factories.relationships import current, planned, times_for
from tests.factories.together import booked, first_slot, office_hour

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SIDES = ["host", "guest"]


def promised(side, *, at=AT):
    """Somebody whose slot is booked, as host or as guest; the slot; and a pair they are half of."""
    profile = MentorProfileFactory()
    if side == "host":
        slot = first_slot(office_hour(host=profile.person, at=at))
        booked(slot, at=at)
        return profile.person, slot, current(profile=profile, at=at)
    pair, slot = current(profile=profile, at=at), first_slot(office_hour(at=at))
    booked(slot, pair.mentee, at=at)
    return pair.mentee, slot, pair


@pytest.mark.django_db
@pytest.mark.parametrize("side", SIDES)
def test_while_a_slot_of_theirs_is_booked_nobody_plans_moves_or_accepts_a_meeting(side):
    person, slot, pair = promised(side)
    begins = slot.starts_at - HOUR / 2
    elsewhere = planned(pair, starts_at=AT + DAY, at=AT)
    way = {"by": pair.mentor, "minutes": 60, "how": "online", "at": AT}
    proposal = times_for(pair, times=[begins], at=AT)

    with pytest.raises(Meeting.Clash) as clash:
        planned(pair, starts_at=begins, at=AT)
    assert clash.value.person == person
    with pytest.raises(Meeting.Clash):
        Meeting.objects.move(elsewhere, starts_at=begins, seen=elsewhere.sequence, **way)
    with pytest.raises(Meeting.Clash):
        Proposal.objects.accept(proposal.times.get(), by=pair.mentee, at=AT)
    assert planned(pair, starts_at=slot.ends_at, at=AT)  # it begins as the other ends


@pytest.mark.django_db
def test_an_open_slot_and_one_given_back_are_in_nobodys_way():
    profile = MentorProfileFactory()
    pair = current(profile=profile)
    first, second = office_hour(host=profile.person).slots.order_by("starts_at")[:2]
    booked(second).give_back(at=AT)

    assert planned(pair, starts_at=first.starts_at, at=AT).planned


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("side", "words"),
    [("host", "{} has something else at this time"), ("guest", "You have something else at")],
)
def test_who_plans_reads_who_is_busy_and_not_with_what(side, words, sign_in):
    person, slot, pair = promised(side, at=now())
    start = localtime(slot.starts_at)
    said = {"day": start.date().isoformat(), "time": f"{start:%H:%M}", "minutes": "30"}
    said |= {"how": "online", "token": str(uuid4())}
    address = reverse("connections:plan", args=[pair.pk])
    page = sign_in(pair.mentee).post(address, said).content.decode()

    assert words.format(person.name) in page
    assert "office hour" not in page.split("<main")[1].lower()
    assert not Meeting.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("side", SIDES)
def test_times_are_suggested_at_which_neither_is_in_a_booked_slot(side):
    profile = MentorProfileFactory()
    pair = current(profile=profile)
    for person in (pair.mentor, pair.mentee):
        Availability.objects.keep(person, range(CELLS), at=AT)
    first, *rest = suggested(pair, week_of(pair, pair.mentor), minutes=60, at=AT)
    begins = localtime(first + HOUR / 2)
    hour = {"from_on": begins.date(), "weekday": begins.weekday(), "begins": begins.time()}
    host = profile.person if side == "host" else None
    slot = first_slot(office_hour(host=host, **hour))
    booked(slot, None if host else pair.mentee)

    again = suggested(pair, week_of(pair, pair.mentor), minutes=60, at=AT)
    assert first not in again
    assert rest[0] in again


@pytest.mark.django_db
def test_who_proposes_times_reads_at_which_they_are_promised_already(sign_in):
    guest, slot, pair = promised("guest", at=now())
    start = localtime(slot.starts_at)
    said = {"day_1": start.date().isoformat(), "time_1": f"{start:%H:%M}", "minutes": "60"}
    said |= {"how": "online", "token": str(uuid4())}
    address = reverse("connections:propose", args=[pair.pk])

    assert (
        "You have something else at this time"
        in sign_in(guest).post(address, said).content.decode()
    )
    assert sign_in(pair.mentor).post(address, said).status_code == 302


@pytest.mark.django_db
def test_nobody_is_in_two_booked_slots_at_one_time_as_guest_or_as_host():
    person, (one, two, three) = PersonFactory(), [first_slot(office_hour()) for _host in range(3)]
    booked(one, person)
    booked(two, three.host)

    for slot, guest, busy in ((three, person, person), (three, one.host, one.host)):
        with pytest.raises(Slot.Elsewhere) as refusal:
            booked(slot, guest)
        assert refusal.value.person == busy
    with pytest.raises(Slot.Elsewhere) as refusal:
        booked(three)
    assert refusal.value.person == three.host
    assert three not in Slot.objects.free(AT, rules=OfficeHourRules.current())


@pytest.mark.django_db
def test_a_time_at_which_its_host_meets_somebody_is_offered_to_nobody_until_they_do_not(sign_in):
    profile = MentorProfileFactory()
    hour, pair = office_hour(host=profile.person, at=now()), current(profile=profile, at=now())
    slots = list(hour.slots.order_by("starts_at"))
    meeting = planned(pair, starts_at=slots[1].starts_at, at=now())  # an hour takes three
    guest, rules = sign_in(PersonFactory()), OfficeHourRules.current()

    def offers():
        free = list(hour.slots.free(now(), rules=rules).order_by("starts_at"))
        page = guest.get(hour.get_absolute_url()).content.decode()
        listed = guest.get(reverse("connections:office_hours")).content.decode()
        shown = [one for one in slots if reverse("connections:book_slot", args=[one.pk]) in page]
        assert shown == free
        assert reverse("connections:book_slot", args=[free[1].pk]) in listed
        return free

    assert offers() == [slots[0], *slots[4:]]
    Meeting.objects.settle(meeting, by=pair.mentor, held=False, at=now())
    assert offers() == slots


@contextmanager
def the_second_waits_for_a_look():
    """Who is first has looked, and writes only when the second has looked, too, or cannot."""
    first_looked, second_looked = Event(), Event()
    look = PlanningQuerySet.first_busy

    def and_stop(rows, people, *when):
        busy = look(rows, people, *when)
        if current_thread().name == "first":
            first_looked.set()
            second_looked.wait(1)
        else:
            second_looked.set()
        return busy

    with patch.object(PlanningQuerySet, "first_busy", and_stop):
        yield first_looked


def race(first, second):
    """What came of each, where the second begins while the first is under way."""
    came = {}

    def run(act, after=None):
        name = current_thread().name
        try:
            if after:
                after.wait(10)
            act()
            came[name] = "done"
        except Refusal as refusal:
            came[name] = type(refusal).__name__
        finally:
            connection.close()

    with the_second_waits_for_a_look() as looked:
        racers = [
            Thread(target=run, args=[first], name="first"),
            Thread(target=run, args=[second, looked], name="second"),
        ]
        [racer.start() for racer in racers]
        [racer.join(30) for racer in racers]
    return came


def acts(side):
    """Booking a slot and planning a meeting at the same time, of one person on this side."""
    profile = MentorProfileFactory()
    pair, host = current(profile=profile), profile.person if side == "host" else None
    slot = first_slot(office_hour(host=host))
    guest = None if host else pair.mentee
    return (
        lambda: booked(slot, guest),
        lambda: planned(pair, starts_at=slot.starts_at, at=AT),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("side", SIDES)
def test_a_slot_is_booked_and_a_meeting_planned_in_one_second_and_the_first_counts(side):
    book, plan = acts(side)
    assert race(book, plan) == {"first": "done", "second": "Clash"}
    book, plan = acts(side)
    assert race(plan, book) == {"first": "done", "second": "Elsewhere"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("side", SIDES)
def test_control_without_the_locks_on_people_both_get_through(side):
    with patch.object(PersonQuerySet, "hold", lambda *_numbers: None):
        book, plan = acts(side)
        assert race(book, plan) == {"first": "done", "second": "done"}
        book, plan = acts(side)
        assert race(plan, book) == {"first": "done", "second": "done"}


@pytest.mark.django_db(transaction=True)
def test_a_pair_books_each_others_slots_and_plans_and_none_waits_for_the_other_for_ever():
    for _round in range(3):
        one, other = MentorProfileFactory(), MentorProfileFactory()
        pair = current(profile=one, mentee=other.person)
        mine, theirs = (first_slot(office_hour(host=who.person)) for who in (one, other))
        came = at_once(
            lambda s=mine, who=other.person: booked(s, who),
            lambda s=theirs, who=one.person: booked(s, who),
            lambda p=pair, s=mine: planned(p, starts_at=s.starts_at, at=AT),
        )

        assert came.count("done") == 1
        assert not {"database", "Busy"} & set(came)
