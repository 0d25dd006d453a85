"""The pages of office hours and circles: who sees what, what a form says back, and what a list costs."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail, serializers
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override
from icalendar import Calendar

from academy import hooks, leaving
from academy.models import Conflict, Notification
from academy.tasks import deliver
from connections.models import (
    Circle,
    CircleMember,
    CircleMessage,
    Concern,
    OfficeHour,
    Slot,
    SlotBooking,
    SlotQuestion,
)
from tests.factories import PersonFactory, TopicFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.together import booked, circle, dated, filled, first_slot, office_hour

pytestmark = pytest.mark.django_db
CANARY, PLACE = "CANARY-question", "https://example.org/canary-room"
STAFF = ["coordinator", "curator", "organisation_lead", "administrator", "safeguarding_lead"]


def read(client, name, *args):
    return client.get(reverse(f"connections:{name}", args=args)).content.decode()


@pytest.fixture
def hour():
    return office_hour(at=now(), place=PLACE)


@pytest.fixture
def booking(hour):
    return booked(first_slot(hour), words=CANARY, at=now())


def pages_of(booking):
    hour, slot = booking.slot.office_hour, booking.slot
    addresses = [
        reverse("home"), f"{reverse('search')}?q=CANARY", reverse("notifications"),
        reverse("connections:office_hours"), reverse("connections:my_office_hours"),
        reverse("connections:office_hour", args=[hour.pk]),
        reverse("connections:book_slot", args=[slot.pk]),
        reverse("connections:mentoring"), reverse("connections:caseload"),
        reverse("connections:caseload_export"),
    ]  # fmt: skip
    names = ("slot_booking", "change_question", "give_back", "slot_calendar", "report_from_slot")
    addresses += [reverse(f"connections:{name}", args=[booking.pk]) for name in names]
    models = ("officehour", "slotbooking")
    addresses += [reverse(f"admin:connections_{model}_changelist") for model in models]
    addresses.append(reverse("admin:connections_officehour_change", args=[hour.pk]))
    addresses.append(reverse("admin:connections_slotbooking_change", args=[booking.pk]))
    return addresses


def found_by(client, booking):
    said = "".join(client.get(page, follow=True).content.decode() for page in pages_of(booking))
    return {canary for canary in (CANARY, "canary-room") if canary in said}


def test_the_two_read_the_question_and_the_place_and_nobody_else_does(booking, sign_in, staff):
    assert found_by(sign_in(booking.person), booking) == {CANARY, "canary-room"}
    assert found_by(sign_in(booking.host), booking) == {CANARY, "canary-room"}
    assert found_by(sign_in(PersonFactory()), booking) == set()
    for role in STAFF:
        assert found_by(sign_in(staff(role)), booking) == set(), role


def test_the_question_is_in_no_row_letter_or_export_but_the_askers_own(booking):
    for letter in Notification.objects.all():
        deliver(notification=letter.pk)
    rows = serializers.serialize("json", [*SlotQuestion.objects.all(), *SlotBooking.objects.all()])
    mine = json.dumps(leaving.export(booking.person), default=str)

    assert len(mail.outbox) == 2
    assert CANARY not in rows + "".join(str(letter.message()) for letter in mail.outbox)
    assert CANARY in mine
    assert CANARY not in json.dumps(leaving.export(booking.host), default=str)


def test_somebody_books_with_one_question_and_reads_where(hour, sign_in):
    client = sign_in(PersonFactory())
    address = reverse("connections:book_slot", args=[first_slot(hour).pk])
    form = {"words": "How?", "language": "en", "token": str(uuid4())}

    empty = client.post(address, {**form, "words": ""}).content.decode()
    first, again = (client.post(address, form) for _press in range(2))

    assert "Write your question" in empty
    assert first.url == again.url == SlotBooking.objects.get().get_absolute_url()
    assert PLACE in client.get(first.url).content.decode()


def test_who_is_second_is_told_kindly_with_other_times_and_keeps_the_words(booking, sign_in):
    client = sign_in(PersonFactory())
    address = reverse("connections:book_slot", args=[booking.slot.pk])

    said = client.post(
        address, {"words": "My own words", "language": "en", "token": str(uuid4())}
    ).content.decode()

    assert "Somebody else has booked this time" in said
    assert "My own words" in said
    assert "Book this time</button>" not in " ".join(said.split()).replace(
        " </button>", "</button>"
    )
    assert "<textarea" not in said
    assert said.count('class="c-slot"') == 3


def test_a_time_somebody_has_says_so_before_anything_is_written(booking, sign_in):
    said = read(sign_in(PersonFactory()), "book_slot", booking.slot.pk)

    assert "Somebody else has booked this time" in said
    assert "<textarea" not in said
    assert said.count('class="c-slot"') == 3


def test_who_has_the_time_is_sent_to_it_and_no_words_are_lost_in_silence(booking, sign_in):
    client = sign_in(booking.person)
    address = reverse("connections:book_slot", args=[booking.slot.pk])
    form = {"language": "en", "token": str(booking.token)}

    back = client.get(address)
    same = client.post(address, {**form, "words": CANARY}, follow=True).content.decode()
    other = client.post(address, {**form, "words": "Another"}, follow=True).content.decode()

    assert back.url == booking.get_absolute_url()
    assert "The time is yours" in same
    assert "your first question is kept" in other
    assert SlotQuestion.objects.get().opened() == CANARY


def test_the_list_is_narrowed_by_topic_and_language(sign_in, django_assert_num_queries):
    topics = TopicFactory.create_batch(2)
    office_hour(at=now(), topics=[topics[0]])
    office_hour(at=now(), topics=topics, in_welsh=True)
    client = sign_in(PersonFactory())

    def shown(**query):
        page = client.get(reverse("connections:office_hours"), query).content.decode()
        return page.count("<article")

    assert shown() == shown(topic=topics[0].slug) == 2
    assert shown(topic=topics[1].slug) == shown(language="cy") == 1
    assert shown(topic="\x00", page="x", how="' OR 1=1") == 2
    assert shown(topic="nothing-such") == 0


@pytest.mark.parametrize("many", [1, 3, 25])
def test_the_list_of_hours_costs_the_same_however_long(many, sign_in, django_assert_num_queries):
    hours = [office_hour(at=now()) for _host in range(many)]
    client = sign_in(PersonFactory())
    for one in hours:
        booked(first_slot(one), at=now())
    client.get(reverse("connections:office_hours"))

    with django_assert_num_queries(11):  # two for the reader, two rules, then one for each part
        said = read(client, "office_hours")

    assert said.count("<article") == min(many, 20)


@pytest.mark.parametrize("many", [1, 3])
def test_the_hosts_own_page_costs_the_same_however_many_come(
    many, hour, sign_in, django_assert_num_queries
):
    for slot in hour.slots.order_by("starts_at")[:many]:
        booked(slot, at=now())
    client = sign_in(hour.host)
    read(client, "my_office_hours")

    with django_assert_num_queries(
        10
    ):  # session, reader, slots, bookings, questions, promised (two), hours, skipped, offer
        said = read(client, "my_office_hours")

    assert said.count("How do I begin?") == many


def test_who_is_kept_apart_from_a_host_meets_the_pages_of_a_time_that_is_closed(hour, sign_in):
    slot, person = first_slot(hour), PersonFactory()
    client = sign_in(person)
    booked(slot, person, at=now()).give_back(at=now())  # who has booked before may look again
    conflict = Conflict.objects.create(person=hour.host, other=person, declared_at=now())

    apart = pages_about(client, slot)
    conflict.delete()
    hour.slots.update(cancelled_at=now())
    closed = pages_about(client, slot)

    assert apart == closed
    assert "No time is free just now." in apart[0]
    assert all("This time can no longer be booked." in page for page in apart[1:])


def pages_about(client, slot):
    """The hours, this time, and what is answered to whoever books it; but for the words of safety."""
    address = reverse("connections:book_slot", args=[slot.pk])
    said = {"words": "My own words", "language": "en", "token": str(uuid4())}
    pages = client.get(slot.office_hour.get_absolute_url()), client.get(address)
    return [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        for page in (*pages, client.post(address, said))
    ]


def test_a_coordinator_who_is_kept_apart_from_a_host_is_shown_no_time_of_theirs(
    hour, sign_in, staff
):
    person = staff("coordinator")
    Conflict.objects.create(person=person, other=hour.host, declared_at=now())

    assert "No time is free just now." in read(sign_in(person), "office_hour", hour.pk)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_circles_costs_the_same_however_long(many, sign_in, django_assert_num_queries):
    for one in [circle(at=now()) for _host in range(many)]:
        dated(one, at=now())
    client = sign_in(PersonFactory())
    read(client, "circles")

    with django_assert_num_queries(
        7
    ):  # session, reader, all rows, topics' names, cards, their topics, mine
        said = read(client, "circles")

    assert said.count("<article") == many


@pytest.mark.parametrize("many", [1, 3])
def test_a_circle_costs_the_same_however_many_are_in_it(many, sign_in, django_assert_num_queries):
    one = circle(at=now())
    members = filled(one, many, at=now())
    client = sign_in(members[0].person)
    read(client, "circle", one.pk)

    with django_assert_num_queries(9):  # two for the reader, then one for each part of the page
        said = read(client, "circle", one.pk)

    assert all(member.person.name in said for member in members)


def test_a_full_circle_stands_in_the_list_and_is_not_counted_among_those_with_a_place(sign_in):
    at, client = now(), sign_in(PersonFactory())
    filled(circle(at=at, places=4), 4, at=at)
    full = read(client, "circles")
    circle(at=at)
    one = read(client, "circles")

    assert "Every circle is full just now" in full
    assert "1 circle with a place" in one
    assert one.count("<article") == 2


def test_names_place_and_messages_of_a_circle_are_for_who_is_in_it(sign_in, staff):
    one = circle(at=now(), place=PLACE)
    (member,) = filled(one, 1, at=now())
    words = {"words": CANARY, "language": "en", "token": uuid4(), "at": now()}
    CircleMessage.objects.write(one, by=one.host, **words)

    def sees(person):
        said = read(sign_in(person), "circle", one.pk)
        return {word for word in (CANARY, PLACE, member.person.name) if word in said}

    assert sees(member.person) == sees(one.host) == {CANARY, PLACE, member.person.name}
    assert sees(PersonFactory()) == set()
    assert sees(staff("coordinator")) == {member.person.name}
    assert sees(staff("administrator")) == set()


def test_joining_needs_a_yes_to_being_seen(sign_in):
    one, person = circle(at=now()), PersonFactory()
    client, address = sign_in(person), reverse("connections:join_circle", args=[one.pk])

    assert "Tick the box" in client.post(address, {"sent": "1"}).content.decode()
    client.post(address, {"seen": "on"})

    assert CircleMember.objects.current().of(person).exists()


def test_a_mentor_opens_hours_and_is_told_in_words_what_is_in_the_way(sign_in):
    profile, topic = MentorProfileFactory(), TopicFactory()
    client, day = sign_in(profile.person), now() + timedelta(days=7)
    form = {
        "weekday": day.weekday(), "begins": "14:00", "many": "3", "rhythm": "1",
        "from_on_day": day.day, "from_on_month": day.month, "from_on_year": day.year,
        "how": "online", "place": "", "methods": [topic.pk], "about": "", "written_in": "en",
        "languages": ["en"], "token": str(uuid4()),
    }  # fmt: skip
    address = reverse("connections:open_office_hour")

    client.post(address, form)
    again = client.post(address, {**form, "token": str(uuid4())}).content.decode()
    wrong = client.post(address, {**form, "many": "99", "begins": "late"}).content.decode()

    assert OfficeHour.objects.get().slots.count() >= 3
    assert "You have other office hours at that time" in again
    assert "such as 14:30" in wrong


def test_a_coordinator_names_a_host_by_address(sign_in, staff):
    profile, topic = MentorProfileFactory(), TopicFactory()
    client = sign_in(staff("coordinator"))
    form = {
        "title": "A circle", "about": "About", "written_in": "en", "methods": [topic.pk],
        "places": "6", "rhythm": "monthly", "how": "online", "languages": ["en"],
        "token": str(uuid4()), "host": profile.person.email,
    }  # fmt: skip
    address = reverse("connections:new_circle")

    nobody = client.post(address, {**form, "host": "nobody@example.org"}).content.decode()
    many = client.post(address, {**form, "places": "11"}).content.decode()
    client.post(address, form)

    assert "Nobody here has this address" in nobody
    assert "Enter a number from 4 to 10" in many
    assert Circle.objects.get().host == profile.person


def entries(file):
    return [
        (str(one["uid"]), int(one["sequence"]), str(one["status"]), one["dtstart"].dt)
        for one in Calendar.from_ical(file).walk("VEVENT")
    ]


def sent_to(person, kind):
    """What the calendar file of the newest letter of this kind says."""
    letter = Notification.objects.filter(person=person, kind=f"connections.{kind}").latest("pk")
    mail.outbox.clear()
    deliver(notification=letter.pk)
    (attachment,) = [one for one in mail.outbox[0].attachments if one[0].endswith(".ics")]
    return entries(attachment[1])


def test_calendar_files_put_in_update_and_take_out(hour):
    at = now()
    booking = booked(first_slot(hour), at=at)
    put_in = sent_to(booking.person, "slot_booked")
    assert put_in == sent_to(hour.host, "slot_taken")
    said = {name: getattr(hour, name) for name in ("about", "written_in", "in_welsh", "in_english")}

    hour.change(topics=[], how="phone", place="029 2000 0000", at=at, **said)
    changed = sent_to(booking.person, "slot_moved")
    SlotBooking.objects.get(pk=booking.pk).give_back(at=at)
    taken_out = sent_to(hour.host, "slot_given_back")

    assert {one[0][0] for one in (put_in, changed, taken_out)} == {put_in[0][0]}
    assert [one[0][1] for one in (put_in, changed, taken_out)] == [0, 1, 2]
    assert taken_out[0][2] == "CANCELLED"
    assert taken_out == sent_to(booking.person, "slot_left")


def test_a_moved_date_moves_in_every_calendar_and_leaves_with_who_leaves():
    at = now()
    one = circle(at=at)
    (member,) = filled(one, 1, at=at)
    meeting = dated(one, at=at)
    first = sent_to(member.person, "circle_meeting")

    meeting.move(starts_at=meeting.starts_at + timedelta(days=1), minutes=60, at=at)
    moved = sent_to(member.person, "circle_meeting")
    one.let_go(member.person, why="own", at=at)
    left = sent_to(member.person, "circle_left")

    assert first[0][0] == moved[0][0] == left[0][0]
    assert [one[0][1] for one in (first, moved, left)] == [0, 1, 2]
    assert moved[0][3] - first[0][3] == timedelta(days=1)
    assert left[0][2] == "CANCELLED"


def test_a_closed_account_frees_its_time_and_its_hours_and_circles_end_kindly(hour):
    at = now()
    booking, one = booked(first_slot(hour), at=at), circle(host=hour.host, at=at)
    (member,) = filled(one, 1, at=at)
    guest = booking.person
    elsewhere = circle(at=at)
    elsewhere.join(guest, at=at)

    guest.deactivate(at=at)
    assert SlotBooking.objects.get().left_why == "account"
    elsewhere.refresh_from_db()
    assert elsewhere.places_taken == 0
    coming = booked(hour.slots.order_by("starts_at")[1], at=at)
    hour.host.deactivate(at=at)

    coming.refresh_from_db()
    one.refresh_from_db()
    assert coming.left_why == "host"
    assert one.closed_at
    assert not Slot.objects.to_come(at).filter(host=hour.host).exists()
    assert Notification.objects.filter(kind="connections.circle_closed", person=member.person)


def test_erasing_takes_the_words_and_leaves_the_others_history(hour):
    at = now()
    booking = booked(first_slot(hour), at=at)
    one = circle(host=hour.host, at=at)
    words = {"words": CANARY, "language": "en", "token": uuid4(), "at": at}
    CircleMessage.objects.write(one, by=hour.host, **words)

    for person in (booking.person, hour.host):
        for _order, eraser in hooks.erasers:
            if eraser.__module__ == "connections.hooks.office_hours":
                eraser(person, at=at)

    assert not SlotQuestion.objects.exists()
    assert not CircleMessage.objects.exists()
    assert Circle.objects.values_list("title", "about", "place").get() == ("", "", "")
    assert OfficeHour.objects.values_list("about", "place").get() == ("", "")


def test_a_concern_from_a_circle_or_an_hour_reaches_the_lead_alone(booking, sign_in, staff):
    one = circle(at=now())
    members = filled(one, 2, at=now())
    lead, form = staff("safeguarding_lead"), {"words": CANARY, "language": "en"}
    sign_in(members[0].person).post(
        reverse("connections:report_from_circle", args=[one.pk]),
        {**form, "token": str(uuid4()), "about": members[1].person.pk},
    )
    sign_in(members[0].person).post(
        reverse("connections:report_from_circle", args=[one.pk]), {**form, "token": str(uuid4())}
    )
    sign_in(booking.host).post(
        reverse("connections:report_from_slot", args=[booking.pk]), {**form, "token": str(uuid4())}
    )

    about = list(Concern.objects.order_by("pk").values_list("about", "came_from"))
    said = read(sign_in(lead), "concern", Concern.objects.latest("pk").pk)

    assert about == [
        (members[1].person.pk, "circle"), (None, "circle"), (booking.person.pk, "office_hour"),
    ]  # fmt: skip
    assert CANARY in said
    assert "An office hour" in said


def test_what_is_near_is_said_at_home_and_what_is_open_is_found(hour, sign_in):
    at = now()
    booking, one = booked(first_slot(hour), at=at), circle(at=at, title="Zebra crossing")
    one.join(booking.person, at=at)
    dated(one, at=at, days=1)
    client = sign_in(booking.person)
    soon = booking.slot.starts_at - timedelta(hours=1)

    home = client.get(reverse("home")).content.decode()
    needs = [need.text for ask in hooks.needs for need in ask(hour.host, at=soon)]
    hits = client.get(f"{reverse('search')}?q=zebra").content.decode()

    assert "Your circle meets on" in home
    assert booking.host.name in home
    assert any(re.search("Your office hour today at .*: 1 person comes", need) for need in needs)
    assert "Zebra crossing" in hits


def test_a_circle_one_is_kept_from_is_in_no_list_and_its_door_does_not_say_why(sign_in, staff):
    one, reader, coordinator = circle(at=now()), PersonFactory(), staff("coordinator")
    for person in (reader, coordinator):
        Conflict.objects.create(person=one.host, other=person, declared_at=now())

    client = sign_in(reader)
    assert one.title not in read(client, "circles")
    assert one.title not in client.get(reverse("search"), {"q": "leading change"}).text
    assert client.get(one.get_absolute_url()).status_code == 404
    tick = {"seen": "on"}
    said = (
        sign_in(coordinator)
        .post(reverse("connections:join_circle", args=[one.pk]), tick, follow=True)
        .text
    )
    assert "This circle is not open to you. Please choose another." in said
    assert not one.members.exists()


def test_cancelling_a_time_names_who_loses_it_and_what_they_wanted_to_ask(hour, sign_in):
    slot = first_slot(hour)
    booking, other = booked(slot, at=now()), booked(hour.slots.order_by("starts_at")[1], at=now())
    address, host = reverse("connections:cancel_slot", args=[slot.pk]), sign_in(hour.host)
    page = host.get(address).content.decode()

    assert f"{booking.person.name} has booked this time" in page
    assert "How do I begin?" in page
    assert other.person.name not in page
    assert SlotBooking.objects.current().count() == 2
    told = host.post(address, {"booking": booking.pk}, follow=True).content.decode()
    again = host.post(address, {"booking": booking.pk}, follow=True).content.decode()
    looked = host.get(address, follow=True).content.decode()

    assert "the person who had booked it is told kindly" in told
    assert "This time is cancelled already" in again
    assert "This time is cancelled already" in looked
    assert Notification.objects.filter(kind="connections.slot_cancelled").count() == 1
    assert SlotBooking.objects.current().get() == other


@pytest.mark.parametrize(("language", "begins"), [("cy", "D"), ("en", "On ")])
def test_the_day_above_a_time_to_be_cancelled_begins_with_a_capital(
    hour, sign_in, language, begins
):
    with override(language):
        address = reverse("connections:cancel_slot", args=[first_slot(hour).pk])

    page = sign_in(hour.host).get(address).content.decode()

    assert f'<span class="nhsuk-caption-l">{begins}' in page


def test_who_books_while_the_host_makes_up_their_mind_is_named_before_they_lose_it(hour, sign_in):
    slot, host = first_slot(hour), sign_in(hour.host)
    address = reverse("connections:cancel_slot", args=[slot.pk])
    assert "Nobody has booked it" in host.get(address).content.decode()
    booking = booked(slot, at=now())
    page = host.post(address, {"booking": ""}).content.decode()

    assert "has been booked or given back meanwhile" in page
    assert f"{booking.person.name} has booked this time" in page
    assert SlotBooking.objects.current().get() == booking


def test_a_time_that_has_begun_is_not_said_to_be_cancelled(hour, sign_in):
    slot = first_slot(hour)
    Slot.objects.filter(pk=slot.pk).update(starts_at=now() - timedelta(minutes=5))
    slot.refresh_from_db()
    address = reverse("connections:cancel_slot", args=[slot.pk])
    page = sign_in(hour.host).post(address, {"booking": ""}, follow=True).content.decode()

    assert "It has begun or is over" in page
    slot.refresh_from_db()
    assert slot.cancelled_at is None
    with pytest.raises(Slot.Closed):
        slot.cancel(at=now())


def letter_to(person, kind):
    """The words of the newest letter of this kind, and the names of its files."""
    letter = Notification.objects.filter(person=person, kind=f"connections.{kind}").latest("pk")
    mail.outbox.clear()
    deliver(notification=letter.pk)
    return mail.outbox[0].body, [one[0] for one in mail.outbox[0].attachments]


def joined(client, one):
    address = reverse("connections:join_circle", args=[one.pk])
    return client.post(address, {"seen": "on"}, follow=True).content.decode()


def test_who_joins_a_circle_without_a_date_hears_of_no_calendar_file(sign_in):
    bare, person = circle(at=now()), PersonFactory(language="en")
    page = joined(sign_in(person), bare)
    body, files = letter_to(person, "circle_joined")

    assert "You are in. No date is set yet" in page
    assert "calendar file" not in page
    assert "No date is set yet" in body
    assert files == []
    bare.let_go(person, why="own", at=now())
    body, files = letter_to(person, "circle_left")
    assert "calendar" not in body
    assert files == []


def test_who_joins_a_circle_with_dates_is_sent_them(sign_in):
    one, person = circle(at=now()), PersonFactory(language="en")
    dated(one, at=now())
    page = joined(sign_in(person), one)
    body, files = letter_to(person, "circle_joined")

    assert "We have sent you the dates as a calendar file" in page
    assert "No date is set yet" not in body
    assert files == ["circle.ics"]
    one.close(by=one.host, at=now())
    body, files = letter_to(person, "circle_closed")
    assert "The calendar file takes any dates still to come out of your diary" in body
    assert files == ["circle.ics"]


def test_my_mentoring_shows_what_i_booked_and_joined_the_next_first(sign_in):
    at, profile, person = now(), MentorProfileFactory(), PersonFactory()
    hour = office_hour(host=profile.person, at=at, days=9, place=PLACE)
    booking = booked(first_slot(hour), person, at=at)
    soon, bare = circle(at=at, title="Meets soon"), circle(at=at, title="No date")
    dated(soon, at=at, days=3)
    for one in (bare, soon):
        one.join(person, at=at)
    gone = booked(hour.slots.order_by("starts_at")[1], at=at)
    gone.give_back(at=at)
    others = circle(at=at, title="Of others")
    page = read(sign_in(person), "mentoring").partition('id="together"')[2]
    host = read(sign_in(profile.person), "mentoring").partition('id="together"')[2]

    places = [
        page.index(words)
        for words in ("Meets soon", f"Office hour with {profile.person.name}", "No date")
    ]
    assert places == sorted(places)
    assert booking.get_absolute_url() in page
    assert PLACE in page
    assert "no date is set yet" in page
    assert others.title not in page
    assert f"Office hour with {person.name}" in host
    assert gone.person.name not in host
    assert "Meets soon" not in host
    assert "together" not in read(sign_in(PersonFactory()), "mentoring").partition("<h1")[2]


@pytest.mark.parametrize("many", [1, 2])
def test_my_mentoring_costs_the_same_however_much_is_booked(
    many, sign_in, django_assert_num_queries
):
    at, person = now(), PersonFactory()
    for number in range(many):
        booked(first_slot(office_hour(at=at, days=7 + number)), person, at=at)
        dated(circle(at=at), at=at).circle.join(person, at=at)
    client = sign_in(person)
    read(client, "mentoring")

    # an empty page, what waits for an answer, whether something was reported, the circles with topics
    with django_assert_num_queries(17):
        page = read(client, "mentoring")

    assert page.count("Office hour with") == many


def test_a_full_circle_offers_no_form_to_join_but_word_of_a_free_place_and_other_circles(sign_in):
    one = circle(places=4, at=now())
    members = filled(one, 4)
    client, join = sign_in(PersonFactory()), reverse("connections:join_circle", args=[one.pk])

    page = client.get(join, follow=True)
    said = page.content.decode()
    one.let_go(members[0].person, why="own", at=now())
    open_again = client.get(join).content.decode()

    assert page.redirect_chain == [(one.get_absolute_url(), 302)]
    assert "The circle is full." in said
    assert "Tell me when a place is free" in said
    assert f'href="{reverse("connections:circles")}">See the other circles' in said
    assert "Join this circle" in open_again
    for person in (members[1].person, one.host):
        assert sign_in(person).get(join)["Location"] == one.get_absolute_url()
