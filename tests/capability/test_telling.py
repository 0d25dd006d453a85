"""Everyone is told once, with a calendar file that their calendar follows."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now
from icalendar import Calendar

from academy.letters import compose
from academy.models import Notification
from capability.models import Cohort, Interest, Message, Session
from tests.factories import PersonFactory
from tests.factories.capability import BookingFactory, CohortFactory, CourseFactory

pytestmark = pytest.mark.django_db
SOON = timedelta(days=20)


@pytest.fixture
def cohort():
    """Three sessions, two people."""
    cohort = CohortFactory(starts_at=now() + SOON, sessions=3)
    for _twice in range(2):
        cohort.book(PersonFactory(), hope="x", token=uuid4(), at=now())
    return cohort


def letters(kind):
    return list(Notification.objects.filter(kind=f"capability.{kind}").order_by("pk"))


def calendar(letter):
    """The calendar file of a message, parsed back."""
    mail = compose(letter)
    [(_name, content, kind)] = mail.attachments
    file = Calendar.from_ical(content)
    assert kind.startswith("text/calendar") and str(file["METHOD"]) in kind
    return file


def events(letter):
    return {str(event["UID"]): event for event in calendar(letter).walk("VEVENT")}


def test_a_confirmation_carries_the_way_in_the_way_out_and_the_dates(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(joining_link="https://meet.example.org/room")

    letter = letters("booked")[0]
    mail, file = compose(letter), calendar(letter)

    start = cohort.sessions.order_by("starts_at").first().starts_at
    first = file.walk("VEVENT")[0]
    assert str(file["METHOD"]) == "REQUEST"
    assert [str(zone["TZID"]) for zone in file.walk("VTIMEZONE")] == ["Europe/London"]
    assert first["DTSTART"].dt == start.astimezone(ZoneInfo("Europe/London")).replace(microsecond=0)
    assert len(file.walk("VEVENT")) == 3
    assert "https://meet.example.org/room" in mail.body
    assert f"/en/bookings/{letter.facts['booking']}/cancel/" in mail.body
    assert cohort.course.title_en in mail.subject


def test_someone_who_reads_both_languages_gets_both():
    person = PersonFactory(language="both")
    cohort = CohortFactory(starts_at=now() + SOON)
    cohort.book(person, hope="x", token=uuid4(), at=now())

    mail = compose(letters("booked")[0])

    assert cohort.course.title_cy in mail.subject and cohort.course.title_en in mail.subject
    assert "/cy/" in mail.body and "/en/" in mail.body


def test_moving_a_session_tells_everyone_once_with_the_same_uid_and_a_higher_sequence(cohort):
    session = cohort.sessions.order_by("starts_at").first()
    before = events(letters("booked")[0])
    later = {
        "starts_at": session.starts_at + timedelta(hours=1),
        "ends_at": session.ends_at + timedelta(hours=1),
    }

    moved, again = session.move(**later, at=now()), session.move(**later, at=now())

    assert (moved, again) == (True, False)
    told = letters("session_moved")
    assert len({letter.person_id for letter in told}) == len(told) == 2
    [(uid, event)] = events(told[0]).items()
    assert event["SEQUENCE"] > before[uid]["SEQUENCE"]
    assert event["DTSTART"].dt != before[uid]["DTSTART"].dt


def test_a_second_move_is_told_too_and_outranks_the_first(cohort):
    session = cohort.sessions.order_by("starts_at").first()
    for hours in (1, 2):
        session.move(
            starts_at=session.starts_at + timedelta(hours=hours),
            ends_at=session.ends_at + timedelta(hours=hours),
            at=now(),
        )

    told = letters("session_moved")
    assert len(told) == 4
    assert compose(told[0]) is None  # overtaken before it was sent
    [event] = events(told[-1]).values()
    assert event["SEQUENCE"] == 2


def test_cancelling_a_session_takes_it_out_of_calendars_once(cohort):
    session = cohort.sessions.order_by("starts_at").first()

    first, second = session.cancel(at=now()), session.cancel(at=now())

    told = letters("session_cancelled")
    assert (first, second, len(told)) == (True, False, 2)
    assert str(calendar(told[0])["METHOD"]) == "CANCEL"
    [event] = events(told[0]).values()
    assert (event["SEQUENCE"], str(event["STATUS"])) == (1, "CANCELLED")


def test_the_last_session_is_cancelled_with_its_cohort_only():
    cohort = CohortFactory(starts_at=now() + SOON)

    with pytest.raises(Session.LastOne):
        cohort.sessions.get().cancel(at=now())


def test_cancelling_a_cohort_tells_everyone_once_and_ends_their_places(cohort):
    first, second = cohort.cancel(at=now()), cohort.cancel(at=now())

    told = letters("cohort_cancelled")
    cohort.refresh_from_db()
    assert (first, second, len(told), cohort.places_taken) == (True, False, 2, 0)
    assert str(calendar(told[0])["METHOD"]) == "CANCEL"
    assert {event["SEQUENCE"] for event in events(told[0]).values()} == {1}


def test_giving_up_a_place_takes_the_sessions_out_of_the_calendar(cohort):
    booking = cohort.bookings.first()
    before = events(letters("booked")[0])

    booking.leave(at=now())

    after = events(letters("cancelled_own")[0])
    assert after.keys() == before.keys()
    assert all(after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"] for uid in before)
    assert compose(letters("booked")[0]) is None  # a late confirmation has lost its point


def test_the_cut_off_follows_the_first_session(cohort):
    session = cohort.sessions.order_by("starts_at").first()
    start = session.starts_at - timedelta(days=1)

    session.move(starts_at=start, ends_at=start + timedelta(hours=3), at=now())

    cohort.refresh_from_db()
    assert (cohort.starts_at, cohort.closes_at) == (start, start - timedelta(hours=24))


def test_announcing_dates_tells_who_waited_once():
    course = CourseFactory()
    waiting, other = PersonFactory(), PersonFactory()
    Interest.objects.declare(waiting, course, at=now())
    Interest.objects.declare(other, CourseFactory(), at=now())
    cohort = CohortFactory(
        course=course, starts_at=now() + SOON, published=False, published_at=None
    )

    cohort.publish(at=now())
    cohort.withdraw(at=now())
    cohort.publish(at=now())

    [letter] = letters("dates_announced")
    assert letter.person == waiting
    assert cohort.get_absolute_url() in compose(letter).body
    assert not Interest.objects.waiting().filter(course=course).exists()


def test_a_cohort_without_sessions_is_not_published():
    cohort = CohortFactory(sessions=0, published=False, starts_at=now() + SOON)
    Cohort.objects.filter(pk=cohort.pk).update(starts_at=None, ends_at=None, closes_at=None)

    with pytest.raises(Cohort.NotReady):
        cohort.publish(at=now())


def test_one_mail_to_all_goes_once_in_each_readers_language(cohort):
    welsh = BookingFactory(cohort=cohort, person=PersonFactory(language="cy"))
    words = {
        "heading_en": "Bring a laptop",
        "heading_cy": "Dewch â gliniadur",
        "body_en": "We will draw charts.",
        "body_cy": "Byddwn yn llunio siartiau.",
    }
    token = uuid4()

    for _twice in range(2):
        Message.objects.write_to_all(cohort, words=words, token=token, by=None, at=now())

    told = letters("message_to_all")
    assert len(told) == 3
    mail = compose(next(letter for letter in told if letter.person == welsh.person))
    assert "Byddwn yn llunio siartiau." in mail.body and "We will draw" not in mail.body
    assert "Dewch â gliniadur" in mail.subject
