"""Supervision: groups and dates, places booked and given back, and who came."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate, now
from icalendar import Calendar

from academy import hooks
from academy.letters import compose
from academy.models import AuditEvent, Notification
from connections.models import (
    LogLine,
    SupervisionGroup,
    SupervisionPlace,
    SupervisionSession,
)
from connections.models.supervision_due import tell_due
from tests.factories import PersonFactory
from tests.factories.coaches import (
    coach,
    credential_of,
    group_of,
    logged,
    place_in,
    session_of,
    supervisor,
)
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(days=9)
AFTER = SOON + timedelta(hours=2)


@pytest.fixture
def session():
    return session_of(group_of(supervisor()), starts_at=SOON, places=2)


def letters(kind, **facts):
    return Notification.objects.filter(kind=f"connections.supervision_{kind}", **facts)


def file_in(letter):
    """The one event of the calendar file this letter carries, read back."""
    (attachment,) = letter.kind_of().letter(letter).attachments
    (event,) = Calendar.from_ical(attachment.content).walk("VEVENT")
    return event


def test_asking_twice_gives_one_place_and_one_letter(session):
    person, token = coach(), uuid4()

    for asked in (token, token, uuid4()):
        place_in(session, person, token=asked)

    session.refresh_from_db()
    assert (session.places_taken, SupervisionPlace.objects.count()) == (1, 1)
    assert letters("booked").count() == 1


def test_a_place_needs_somebody_who_coaches_a_date_to_come_and_room(session):
    with pytest.raises(SupervisionPlace.NotACoach):
        place_in(session, PersonFactory())
    with pytest.raises(SupervisionPlace.Leads):
        place_in(session, session.group.lead)
    with pytest.raises(SupervisionSession.Closed):
        place_in(session, coach(), at=SOON)
    for _taken in range(2):
        place_in(session, coach())
    with pytest.raises(SupervisionSession.Full):
        place_in(session, coach())

    session.refresh_from_db()
    assert session.places_taken == 2


def test_a_place_given_back_is_free_for_somebody_else(session):
    session.change(starts_at=SOON, minutes=90, place="", places=1, by=session.group.lead, at=AT)
    first, second = coach(), coach()
    place = place_in(session, first)

    assert [place.give_back(at=AT), place.give_back(at=AT)] == [True, False]
    place_in(session, second)
    with pytest.raises(SupervisionPlace.TooLate):
        SupervisionPlace.objects.get(person=second).give_back(at=AFTER)

    session.refresh_from_db()
    assert session.places_taken == 1
    assert letters("given_back").count() == 1


def test_an_old_form_does_not_book_what_was_given_back(sign_in):
    lead = supervisor(at=now())
    session = session_of(group_of(lead, at=now()), starts_at=now() + timedelta(days=3), at=now())
    person, token = coach(), uuid4()
    place_in(session, person, token=token, at=now()).give_back(at=now())

    page = sign_in(person).post(
        reverse("connections:book_supervision", args=[session.pk]), {"token": token}, follow=True
    )

    session.refresh_from_db()
    assert session.places_taken == 0
    assert "You can book again here." in page.content.decode()


def test_a_closed_group_plans_nothing_more(session):
    group = session.group
    SupervisionGroup.objects.get(pk=group.pk).close(by=group.lead, at=AT)

    with pytest.raises(SupervisionSession.Closed):
        session_of(group, starts_at=SOON)


def test_nobody_leads_two_sessions_at_once(session):
    lead, half = session.group.lead, timedelta(minutes=30)
    other = group_of(lead)

    for group in (session.group, other):
        with pytest.raises(SupervisionSession.Overlaps):
            session_of(group, starts_at=SOON + half)
    after = session_of(other, starts_at=SOON + 3 * half)
    with pytest.raises(SupervisionSession.Overlaps):
        after.change(starts_at=SOON + 2 * half, minutes=90, place="", places=2, by=lead, at=AT)
    session_of(group_of(supervisor()), starts_at=SOON)
    session.cancel(by=lead, at=AT)
    session_of(other, starts_at=SOON)

    assert SupervisionSession.objects.live().count() == 3


def test_a_second_session_at_that_time_is_refused_beside_the_field(sign_in):
    lead, token = supervisor(at=now()), str(uuid4())
    group = group_of(lead, at=now())
    day = localdate() + timedelta(days=9)
    form = {"minutes": 90, "place": "", "places": 6}
    form |= {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    client, url = sign_in(lead), reverse("connections:plan_supervision", args=[group.pk])

    first, again = (client.post(url, {**form, "time": "10:00", "token": token}) for _twice in "ab")
    said = client.post(url, {**form, "time": "10:30", "token": str(uuid4())}).content.decode()

    assert first.url == again.url == group.get_absolute_url()
    assert "has another session then" in said.split('id="id_time"')[0]
    assert SupervisionSession.objects.count() == 1


@pytest.mark.parametrize("odd", ["4", "481", "abc"])
def test_odd_numbers_are_told_in_words_that_name_the_thing(sign_in, odd):
    lead = supervisor()
    page = reverse("connections:plan_supervision", args=[group_of(lead).pk])

    said = sign_in(lead).post(page, {"minutes": odd, "places": "31"}).content.decode()

    assert "Give the minutes as a number from 5 to 480" in said
    assert "Give the places as a number from 1 to 30" in said
    assert "Ensure this value" not in said


def test_the_calendar_follows_a_session_that_moves_and_is_cancelled(session):
    place, lead = place_in(session, coach()), session.group.lead
    booked = file_in(letters("booked").get())
    later = SOON + timedelta(days=1)

    session.change(starts_at=later, minutes=60, place="Room 2", places=2, by=lead, at=AT)
    moved = file_in(letters("moved").get())
    session.change(starts_at=later, minutes=60, place="Room 2", places=5, by=lead, at=AT)
    more_places = letters("moved").count()
    session.cancel(by=lead, at=AT)
    session.cancel(by=lead, at=AT)
    gone = file_in(letters("cancelled").get())

    assert booked["uid"] == moved["uid"] == gone["uid"]
    assert [one["sequence"] for one in (booked, moved, gone)] == [0, 1, 2]
    assert moved.decoded("dtstart") == later
    assert (str(moved["location"]), str(gone["status"])) == ("Room 2", "CANCELLED")
    assert more_places == 1
    assert letters("moved").get().kind_of().letter(letters("moved").get()) is None
    assert place.person == letters("cancelled").get().person


def test_a_session_never_has_fewer_places_than_are_taken(session):
    for _one in range(2):
        place_in(session, coach())
    facts = {"starts_at": SOON, "minutes": 90, "place": "", "by": session.group.lead, "at": AT}

    with pytest.raises(SupervisionSession.TooFew):
        session.change(places=1, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionSession.objects.filter(pk=session.pk).update(places=1)


def test_who_came_finds_it_in_their_own_log(session):
    came, missed = place_in(session, coach()), place_in(session, coach())
    lead = session.group.lead

    with pytest.raises(SupervisionSession.StillToCome):
        SupervisionPlace.objects.record(session, came={came.pk}, by=lead, at=AT)
    for _twice in range(2):
        SupervisionPlace.objects.record(session, came={came.pk}, by=lead, at=AFTER)

    line = LogLine.objects.get()
    assert (line.person, line.kind, line.minutes) == (came.person, "supervision", 90)
    assert line.done_on == localdate(SOON)
    assert line.words().title == "Quiet hour"
    missed.refresh_from_db()
    assert missed.came is False
    assert AuditEvent.objects.filter(verb="connections.supervision_recorded").exists()


def test_one_press_without_a_tick_puts_nothing_into_anybodys_log(session, sign_in):
    place, client = place_in(session, coach()), sign_in(session.group.lead)
    page = reverse("connections:supervision_attendance", args=[session.pk])

    first = client.get(page).content.decode()
    client.post(page, {})
    lines = LogLine.objects.count()
    client.post(page, {"came": [place.pk]})
    again = client.get(page).content.decode()

    assert "Tick all who were there." in first
    assert (first.count(" checked"), again.count(" checked")) == (0, 1)
    assert (lines, LogLine.objects.count()) == (0, 1)


def test_that_nobody_came_is_asked_before_it_is_taken(session, sign_in):
    place, client = place_in(session, coach()), sign_in(session.group.lead)
    page = reverse("connections:supervision_attendance", args=[session.pk])

    def recorded():
        place.refresh_from_db()
        return place.came

    first = client.get(page).content.decode()
    asked, before = client.post(page, {}).content.decode(), recorded()
    client.post(page, {"nobody": "on"})

    assert "Nobody came" not in first
    assert "Did nobody come?" in asked
    assert (before, recorded()) == (None, False)
    client.post(page, {"came": [place.pk]})
    assert recorded() is True


def test_a_session_that_is_over_is_spoken_of_as_past(session, sign_in):
    place, client = place_in(session, coach()), sign_in(session.group.lead)

    def said():
        return client.get(session.get_absolute_url()).content.decode()

    before = said()
    SupervisionPlace.objects.record(session, came={place.pk}, by=session.group.lead, at=AFTER)

    assert "You led this session" in before
    assert "Who had a place" in before
    assert "Record who came" in before
    assert "Put right who came" in said()


def test_putting_it_right_never_takes_words_away(session):
    quiet, wrote = place_in(session, coach()), place_in(session, coach())
    lead = session.group.lead
    SupervisionPlace.objects.record(session, came={quiet.pk, wrote.pk}, by=lead, at=AFTER)
    line = LogLine.objects.get(person=wrote.person)
    line.change(title="Mine", reflection="Kept", language="en", at=AFTER)
    with pytest.raises(LogLine.Recorded):
        LogLine.objects.take_back(line)

    SupervisionPlace.objects.record(session, came=set(), by=lead, at=AFTER)

    line = LogLine.objects.get()
    assert (line.person, line.session, line.words().reflection) == (wrote.person, None, "Kept")


def test_a_word_the_day_before_comes_once_and_again_after_a_move(session):
    place_in(session, coach())
    eve = SOON - timedelta(days=1)

    for at in (eve - timedelta(days=1), eve, eve, SOON):
        SupervisionPlace.objects.remind_due(at=at)
    once = letters("tomorrow").count()
    session.change(
        starts_at=SOON + timedelta(days=3), minutes=90, place="", places=2,
        by=session.group.lead, at=eve,
    )  # fmt: skip
    SupervisionPlace.objects.remind_due(at=eve + timedelta(days=3))

    assert (once, letters("tomorrow").count()) == (1, 2)


def test_who_leaves_frees_their_places_and_closes_their_groups(session):
    leaving = coach()
    place_in(session, leaving)
    place_in(session, other := coach())

    leaving.deactivate(at=AT)
    session.refresh_from_db()
    freed = session.places_taken
    session.group.lead.deactivate(at=AT)

    session.refresh_from_db()
    assert (freed, session.cancelled_at) == (1, AT)
    assert [one.person for one in letters("cancelled")] == [other]
    assert not SupervisionGroup.objects.open().exists()


def test_an_erased_coach_is_counted_no_more(session):
    place = place_in(session, coach())
    place_in(session, coach())
    SupervisionPlace.objects.record(session, came={place.pk}, by=session.group.lead, at=AFTER)

    for _twice in range(2):
        for _order, eraser in hooks.erasers:
            eraser(place.person, at=AFTER)

    session.refresh_from_db()
    assert session.places_taken == session.bookings.count() == 1


def test_only_who_has_a_place_or_leads_sees_where_it_is(sign_in, staff):
    session = session_of(
        group_of(supervisor(at=now()), at=now()), starts_at=now() + timedelta(days=3), at=now()
    )
    inside, outside = coach(), coach()
    place_in(session, inside, at=now())
    page = session.get_absolute_url()

    def sees(person):
        return "example.org/join" in sign_in(person).get(page).content.decode()

    assert [sees(one) for one in (inside, outside, session.group.lead, staff("coordinator"))] == [
        True,
        False,
        True,
        True,
    ]
    assert sign_in(PersonFactory()).get(page).status_code == 404


def test_a_supervisor_keeps_their_own_groups_alone(sign_in):
    mine, theirs = supervisor(), supervisor()
    group = group_of(theirs)
    session = session_of(group, starts_at=now() + timedelta(days=3), at=now())
    client = sign_in(mine)

    for name, pk in (
        ("close_supervision_group", group.pk),
        ("move_supervision", session.pk),
        ("cancel_supervision", session.pk),
        ("supervision_attendance", session.pk),
    ):
        assert client.post(reverse(f"connections:{name}", args=[pk])).status_code == 404, name
    assert SupervisionSession.objects.to_come(now()).exists()


def test_a_supervisor_without_the_step_any_more_keeps_nothing(sign_in):
    lead = supervisor()
    group = group_of(lead)
    lead.practice.step = "coach"
    lead.practice.save(update_fields=["step"])

    client = sign_in(lead)

    assert client.get(group.get_absolute_url()).status_code == 404
    assert client.get(reverse("connections:register")).status_code == 403


def test_a_coordinator_without_a_second_factor_sees_no_register(sign_in, staff):
    coordinator = staff("coordinator")
    coordinator.authenticator_set.all().delete()

    page = sign_in(coordinator).get(reverse("connections:register"))

    assert page.status_code in (302, 403)
    assert b"Register of coaches" not in page.content


def test_what_waits_is_said_once_on_the_home_page(session):
    person, lead = coach(), session.group.lead
    credential_of(person, days=20)
    logged(person, "x", kind="supervision", done_on=localdate(AT) - timedelta(days=100))

    def needs(one, at):
        texts = [need.text for source in hooks.needs for need in source(one, at=at)]
        return sorted(
            word
            for word in ("credential", "supervision", "Supervision")
            for text in texts
            if word in text
        )

    before = needs(person, AT)
    place_in(session, person)
    booked = needs(person, AT)
    tomorrow = needs(person, SOON - timedelta(days=1))

    assert before == ["credential", "supervision"]
    assert booked == ["credential"]
    assert tomorrow == ["credential", "supervision"]
    assert needs(lead, SOON - timedelta(hours=1)) == []
    assert needs(lead, AFTER) == ["Supervision"]


@pytest.mark.parametrize("many", [1, 3])
def test_the_dates_cost_the_same_however_many(sign_in, many, django_assert_num_queries):
    group = group_of(supervisor(at=now()), at=now())
    for day in range(many):
        session_of(group, starts_at=now() + timedelta(days=day + 2), at=now())
    client = sign_in(coach())

    # session, reader, roles twice, coach or supervisor, dates, one's own, groups
    with django_assert_num_queries(9):
        page = client.get(reverse("connections:supervision")).content.decode()

    assert page.count('class="a-row"') == many


def test_a_form_brought_twice_plans_one_session_and_a_past_day_none(sign_in):
    lead = supervisor()
    group, client = group_of(lead), sign_in(lead)
    day = localdate(now()) + timedelta(days=4)
    form = {
        "day_day": day.day, "day_month": day.month, "day_year": day.year, "time": "10:00",
        "minutes": "90", "place": "", "places": "4", "token": str(uuid4()),
    }  # fmt: skip
    page = reverse("connections:plan_supervision", args=[group.pk])

    for _twice in range(2):
        client.post(page, form)
    past = client.post(page, {**form, "day_year": day.year - 1, "token": str(uuid4())})

    assert past.status_code == 200
    assert SupervisionSession.objects.count() == 1
    with pytest.raises(SupervisionSession.AlreadyPast):
        session_of(group, starts_at=datetime(2020, 1, 1, tzinfo=AT.tzinfo))


def supervised(person, days):
    """Their last supervision was so many days before today."""
    logged(person, "x", kind="supervision", done_on=localdate(now()) - timedelta(days=days))
    return person


def test_a_coach_whose_supervision_is_overdue_is_told_once_until_they_had_it():
    person = supervised(coach(), 92)
    supervised(coach(), 91)
    for days in (0, 1, 120):
        tell_due(at=now() + timedelta(days=days))

    assert letters("due", person=person).count() == 1
    told = compose(letters("due").get(person=person))
    assert f"{localdate(now()) - timedelta(days=92):%Y}" in told.body
    assert "/supervision/" in told.body
    supervised(person, 0)
    tell_due(at=now() + timedelta(days=91))
    assert letters("due", person=person).count() == 1
    tell_due(at=now() + timedelta(days=92))
    assert letters("due", person=person).count() == 2


def test_who_has_booked_has_never_begun_or_coaches_no_more_is_left_in_peace():
    booked, stranger = supervised(coach(), 100), supervised(PersonFactory(), 100)
    coming = session_of(group_of(supervisor()), starts_at=now() + timedelta(days=9), at=now())
    place_in(coming, booked, at=now())
    gone = supervised(coach(), 100)
    gone.deactivate(at=now())
    people = [booked, stranger, gone, coach()]

    tell_due(at=now())

    assert not letters("due", person__in=people).exists()


def test_a_letter_about_supervision_loses_its_point_when_they_book_meanwhile():
    person = supervised(coach(), 100)
    tell_due(at=now())
    coming = session_of(group_of(supervisor()), starts_at=now() + timedelta(days=9), at=now())
    place_in(coming, person, at=now())

    assert compose(letters("due").get()) is None


def test_whoever_may_not_book_reads_whom_supervision_is_for_and_what_to_do_next(session, sign_in):
    address = reverse("connections:supervision")
    improver, helper = (
        sign_in(one).get(address).content.decode() for one in (PersonFactory(), coach())
    )

    assert "A small group of coaches looks at its own coaching together" in improver
    assert "Whom it is for" in improver
    assert reverse("connections:my_profile") in improver.partition("What you can do next")[2]
    for words in ("Book a place", "No dates yet", "Nothing is planned that you can book"):
        assert words not in improver
    assert "Whom it is for" not in helper
    assert "Book a place as you would on a course" in helper
