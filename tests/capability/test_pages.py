"""Catalogue, course, cohort, my learning: what people see, and what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from capability.models import Booking, Interest
from tests.factories import MembershipFactory, PersonFactory, TopicFactory
from tests.factories.capability import BookingFactory, CohortFactory, CourseFactory

pytestmark = pytest.mark.django_db
SOON = timedelta(days=20)


def text(response):
    return response.content.decode()


def test_a_visitor_finds_a_course_and_its_dates(visitor):
    cohort = CohortFactory(starts_at=now() + SOON, places=12)

    listed = text(visitor.get("/en/courses/"))
    shown = text(visitor.get(cohort.course.get_absolute_url()))

    assert cohort.course.title_en in listed and "12 places left" in listed
    assert cohort.get_absolute_url() in shown


@pytest.mark.parametrize("path", ["/en/courses/", "/cy/cyrsiau/"])
def test_every_list_is_there_when_empty(visitor, path):
    assert visitor.get(path).status_code in (200, 404)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_catalogue_costs_the_same_however_long(visitor, many, django_assert_num_queries):
    topic = TopicFactory()
    for _n in range(many):
        CohortFactory(course=CourseFactory(topics=[topic]), starts_at=now() + SOON)

    with django_assert_num_queries(5):  # savepoint, time limit, counts, cards, release
        response = visitor.get("/en/courses/?level=introductory&dated=1")

    assert text(response).count("<article") == min(many, 20)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_a_course_page_costs_the_same_however_many_dates(visitor, many, django_assert_num_queries):
    course = CourseFactory(topics=[TopicFactory()])
    CohortFactory.create_batch(many, course=course, starts_at=now() + SOON, sessions=2)

    with django_assert_num_queries(3):  # course, topics, cohorts with their number of sessions
        response = visitor.get(course.get_absolute_url())

    assert text(response).count('class="a-row"') == many


@pytest.mark.parametrize("many", [1, 3, 50])
def test_a_cohort_costs_the_same_however_many_sessions(visitor, many, django_assert_num_queries):
    cohort = CohortFactory(starts_at=now() + SOON, sessions=many)

    with django_assert_num_queries(2):  # cohort, sessions
        visitor.get(cohort.get_absolute_url())


@pytest.mark.parametrize("many", [1, 3, 50])
def test_my_learning_costs_the_same_however_many(sign_in, many, django_assert_num_queries):
    person = PersonFactory()
    for _n in range(many):
        BookingFactory(person=person, cohort=CohortFactory(starts_at=now() + SOON))
        BookingFactory(person=person, cohort=CohortFactory(starts_at=now() - SOON))
        Interest.objects.declare(person, CourseFactory(), at=now())
    client = sign_in(person)

    with django_assert_num_queries(5):  # session, reader, to come, past, interests
        response = client.get(reverse("capability:learning"))

    assert text(response).count("a-row") == many * 2


@pytest.mark.parametrize("many", [1, 3, 50])
def test_a_roster_costs_the_same_however_long(sign_in, staff, many, django_assert_num_queries):
    cohort = CohortFactory(places=60, starts_at=now() + SOON)
    for _n in range(many):
        BookingFactory(cohort=cohort, person=MembershipFactory().person)
    client = sign_in(staff("curator"))

    with django_assert_num_queries(5):  # session, reader, cohort, bookings, memberships
        client.get(reverse("capability:roster", args=[cohort.pk]))


def test_a_person_books_and_cancels(person, sign_in):
    cohort = CohortFactory(starts_at=now() + SOON)
    client = sign_in(person)
    book = reverse("capability:book", args=[cohort.pk])
    form = client.get(book).context["form"]

    client.post(book, {"hope": "Fewer falls", "token": str(form["token"].value())})
    booking = Booking.objects.get()
    calendar = client.get(reverse("capability:calendar", args=[booking.pk]))
    client.post(reverse("capability:leave", args=[booking.pk]))

    booking.refresh_from_db()
    assert (booking.person, booking.hope, booking.hope_language) == (person, "Fewer falls", "en")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert booking.left_why == "own"


def test_opening_the_cancel_page_cancels_nothing(person, sign_in):
    booking = BookingFactory(person=person, cohort=CohortFactory(starts_at=now() + SOON))

    response = sign_in(person).get(reverse("capability:leave", args=[booking.pk]))

    booking.refresh_from_db()
    assert "Give up my place" in text(response) and booking.left_at is None


def test_a_stranger_finds_no_booking_of_mine(sign_in):
    booking = BookingFactory(cohort=CohortFactory(starts_at=now() + SOON))
    stranger = sign_in(PersonFactory())

    for name in ("leave", "calendar"):
        assert stranger.get(reverse(f"capability:{name}", args=[booking.pk])).status_code == 404


def test_a_full_cohort_says_so_and_keeps_what_was_typed(person, sign_in):
    cohort = CohortFactory(starts_at=now() + SOON, places=1)
    BookingFactory(cohort=cohort)
    client = sign_in(person)
    token = "6f1a1f3e-0f5e-4bb0-9d6c-2a6f2d9f7b11"

    response = client.post(
        reverse("capability:book", args=[cohort.pk]), {"hope": "Fewer falls", "token": token}
    )

    assert "The last place has just been taken." in text(response)
    assert "Fewer falls" in text(response)


def test_the_joining_link_is_for_those_with_a_place(visitor, person, sign_in):
    cohort = CohortFactory(starts_at=now() + SOON, joining_link="https://meet.example.org/room")
    BookingFactory(cohort=cohort, person=person)

    outside, inside = (
        visitor.get(cohort.get_absolute_url()),
        sign_in(person).get(cohort.get_absolute_url()),
    )

    assert "meet.example.org" not in text(outside)
    assert "meet.example.org" in text(inside)


def test_interest_is_declared_once_by_a_button(person, sign_in):
    course = CourseFactory()
    client, address = sign_in(person), reverse("capability:interest", args=[course.slug])

    client.get(address)
    for _twice in range(2):
        client.post(address)

    assert Interest.objects.filter(person=person, course=course).count() == 1


def test_a_draft_is_seen_by_curators_alone(visitor, sign_in, staff):
    course = CourseFactory(published=False)

    assert visitor.get(course.get_absolute_url()).status_code == 404
    assert sign_in(staff("curator")).get(course.get_absolute_url()).status_code == 200


def test_an_organisation_lead_sees_their_own_people_without_their_hopes(sign_in, staff):
    cohort = CohortFactory(starts_at=now() + SOON)
    lead = staff("organisation_lead")
    ours = MembershipFactory(person=lead).organisation
    colleague = MembershipFactory(organisation=ours).person
    stranger = MembershipFactory().person
    for who in (colleague, stranger):
        BookingFactory(cohort=cohort, person=who)
    client = sign_in(lead)

    for name in ("roster", "roster_csv"):
        shown = client.get(reverse(f"capability:{name}", args=[cohort.pk])).content.decode(
            "utf-8-sig"
        )
        assert colleague.email in shown
        assert stranger.email not in shown
        assert "Fewer falls" not in shown
    assert client.get(reverse("capability:write_to_all", args=[cohort.pk])).status_code == 403


def test_a_roster_runs_no_formula_in_a_spreadsheet(sign_in, staff):
    cohort = CohortFactory(starts_at=now() + SOON)
    BookingFactory(cohort=cohort, person=PersonFactory(name="=HYPERLINK(1)"), hope="@SUM(1)")

    response = sign_in(staff("curator")).get(reverse("capability:roster_csv", args=[cohort.pk]))

    shown = response.content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(1)"' in shown and '"\'@SUM(1)"' in shown


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "a" * 5000,
        "q='\"\\;--&level=x&month=2026-13&month=9999-99&page=-1",
        "q=%ed%a0%80&page=999999999999999999999",
        "topic=../&host=%27&region=%00&language=both&qms=none",
        "q=a+%26+%7C+!+:*+(&dated=2&ended=x",
        "q=" + "+".join(f"w{n}" for n in range(100)),
        "q=the+of+a",
        "q=%F0%9F%8F%B4&level=team&level=team&level=all",
        "q=%e2%80%ae%cc%80",
    ],
)
def test_odd_addresses_get_a_page(visitor, query):
    CohortFactory(starts_at=now() + SOON)

    assert visitor.get(f"/en/courses/?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["courses/no-such/", "cohorts/99999999999999999999/", "cohorts/0/"]
)
def test_what_is_not_there_is_not_found(visitor, path):
    assert visitor.get(f"/en/{path}").status_code == 404


def test_who_has_a_place_is_not_asked_again_and_no_second_mail_is_claimed(person, sign_in):
    cohort = CohortFactory(starts_at=now() + SOON)
    client = sign_in(person)
    book = reverse("capability:book", args=[cohort.pk])
    sent = {"hope": "Fewer falls", "token": str(client.get(book).context["form"]["token"].value())}
    client.post(book, sent)
    client.get(cohort.get_absolute_url())  # reads the first message away

    asked = text(client.get(book, follow=True))
    again = text(client.post(book, sent, follow=True))

    for shown in (asked, again):
        assert "You have a place here already." in shown
        assert "We have sent you an e-mail" not in shown
    assert Booking.objects.count() == 1


def test_a_form_sent_again_after_the_place_was_given_back_says_so(person, sign_in):
    cohort = CohortFactory(starts_at=now() + SOON)
    client = sign_in(person)
    book = reverse("capability:book", args=[cohort.pk])
    sent = {"hope": "Fewer falls", "token": str(client.get(book).context["form"]["token"].value())}
    client.post(book, sent)
    Booking.objects.get().leave(at=now())
    client.get(cohort.get_absolute_url())

    again = text(client.post(book, sent, follow=True))

    assert "You gave up this place." in again
    assert "We have sent you an e-mail" not in again


def test_a_place_given_back_is_not_among_what_i_have_done(person, sign_in):
    for days, left in ((SOON, True), (-SOON, False)):
        BookingFactory(
            person=person,
            cohort=CohortFactory(starts_at=now() + days),
            **({"left_at": now(), "left_why": "own"} if left else {}),
        )

    context = sign_in(person).get(reverse("capability:learning")).context

    assert [one.left_at is None for one in context["past"]] == [True]
    assert [one.left_why for one in context["left"]] == ["own"]
    assert context["to_come"] == []
