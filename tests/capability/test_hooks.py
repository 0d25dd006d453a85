"""What the rest of the academy sees of us, and what goes when a person goes."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import now

from academy import hooks
from capability.hooks.personal import erase, held, sessions_near
from capability.hooks.public import courses, programmes
from capability.models import Booking, Course, Interest
from tests.factories import PersonFactory
from tests.factories.capability import BookingFactory, CohortFactory, CourseFactory

pytestmark = pytest.mark.django_db


def test_home_shows_what_is_on_and_costs_one_query_more(visitor, django_assert_max_num_queries):
    for days in (9, 3, 6, 12, 15):
        CohortFactory(starts_at=now() + timedelta(days=days))
    closed = CohortFactory(starts_at=now() + timedelta(hours=2))

    shown = visitor.get("/en/").content.decode()

    assert shown.count('class="a-row"') == 4
    assert "What is on this month" in shown
    assert closed.get_absolute_url() not in shown


def test_the_search_over_everything_finds_courses_in_both_languages(visitor):
    CourseFactory(title_en="Measuring falls", title_cy="Mesur cwympiadau", slug="falls")

    [hit] = list(courses("gwympiadau", None))

    assert (hit.title, hit.url) == ("Measuring falls", "/en/courses/falls/")
    assert "Mesur cwympiadau" in visitor.get("/cy/chwilio/?q=cwympiadau").content.decode()


def test_a_session_of_the_next_two_days_is_on_the_home_page(person):
    near = BookingFactory(
        person=person, cohort=CohortFactory(starts_at=now() + timedelta(hours=30))
    )
    BookingFactory(person=person, cohort=CohortFactory(starts_at=now() + timedelta(days=9)))
    left = BookingFactory(
        person=person, cohort=CohortFactory(starts_at=now() + timedelta(hours=20))
    )
    left.leave(at=now())

    [need] = list(sessions_near(person, at=now()))

    assert need.url == near.cohort.get_absolute_url()


def test_a_person_gets_everything_we_hold(person):
    booking = BookingFactory(person=person, hope="Fewer falls")
    Interest.objects.declare(person, CourseFactory(), at=now())
    BookingFactory()

    everything = held(person)

    assert [row["hope"] for row in everything["bookings"]] == ["Fewer falls"]
    assert everything["bookings"][0]["course"] == booking.cohort.course.title
    assert len(everything["interests"]) == 1


def test_erasing_leaves_nothing_and_frees_the_place(person):
    booking = BookingFactory(
        person=person, cohort=CohortFactory(starts_at=now() + timedelta(days=9))
    )
    other = BookingFactory(cohort=booking.cohort)
    Interest.objects.declare(person, CourseFactory(), at=now())

    for _twice in range(2):
        erase(person, at=now())

    booking.cohort.refresh_from_db()
    assert list(Booking.objects.all()) == [other]
    assert (booking.cohort.places_taken, Interest.objects.count()) == (1, 0)


def test_the_programmes_are_loaded_once_and_a_curators_change_stays():
    call_command("load_reference", verbosity=0)
    count = Course.objects.count()
    Course.objects.filter(slug="iqt-bronze").update(title_en="Bronze, corrected")

    said = programmes()

    bronze = Course.objects.get(slug="iqt-bronze")
    assert (said, Course.objects.count(), count > 20) == ("0 programmes added", count, True)
    assert bronze.title_en == "Bronze, corrected"
    assert bronze.historical and bronze.topics.exists() and bronze.topic_ids
    assert not bronze.cohorts.exists()


def test_every_kind_of_message_can_be_listed_without_the_database():
    """The subject of each is made of facts alone; the templates are there."""
    kinds = [
        kind for kind in hooks.notification_kinds.values() if kind.name.startswith("capability.")
    ]

    assert len(kinds) == 8
    assert [kind.name for kind in kinds if not kind.essential] == ["capability.dates_announced"]


def test_a_signed_in_person_finds_my_learning_in_the_navigation(sign_in, visitor):
    inside = sign_in(PersonFactory()).get("/en/courses/").content.decode()
    outside = visitor.get("/en/courses/").content.decode()

    address = f'href="{reverse("capability:learning")}"'
    assert address in inside and address not in outside
