"""Curators keep courses in the admin; whatever touches dates, places or people is a verb."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from academy.models import AuditEvent, Notification
from capability.models import Cohort, Course
from tests.factories.capability import BookingFactory, CohortFactory, CourseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(sign_in, staff):
    return sign_in(staff("curator"))


def form_of(response):
    """What the browser would send back unchanged."""
    form = response.context["adminform"].form
    sent = {}
    for one in [
        form,
        *[
            inner
            for group in response.context["inline_admin_formsets"]
            for inner in (group.formset.management_form, *group.formset.forms)
        ],
    ]:
        for field in one:
            value = field.value()
            if value is None or value is False:
                continue
            if hasattr(value, "hour"):
                value = localtime(value)
                sent[f"{field.html_name}_0"], sent[f"{field.html_name}_1"] = (
                    f"{value:%Y-%m-%d}",
                    f"{value:%H:%M:%S}",
                )
            else:
                sent[field.html_name] = value
    return sent


@pytest.mark.parametrize("model", ["course", "cohort", "booking", "interest"])
def test_a_curator_opens_every_list(curator, model):
    BookingFactory()

    assert curator.get(reverse(f"admin:capability_{model}_changelist")).status_code == 200


def test_publishing_without_welsh_is_refused_in_words(curator):
    course = CourseFactory(published=False, summary_cy="")

    response = curator.post(
        reverse("admin:capability_course_changelist"),
        {"action": "publish", "_selected_action": [course.pk]},
        follow=True,
    )

    course.refresh_from_db()
    assert not course.published
    assert "summary (Welsh)" in response.content.decode()


def test_half_a_text_on_a_public_course_is_refused_beside_its_field(curator):
    course = CourseFactory()
    address = reverse("admin:capability_course_change", args=[course.pk])
    sent = form_of(curator.get(address)) | {"audience_en": "Everyone"}

    response = curator.post(address, sent)

    assert "audience_cy" in response.context["adminform"].form.errors
    assert Course.objects.get(pk=course.pk).audience_en == ""


def test_a_curator_changes_a_course(curator):
    course = CourseFactory()
    address = reverse("admin:capability_course_change", args=[course.pk])
    sent = form_of(curator.get(address)) | {
        "audience_en": "Everyone",
        "audience_cy": "Pawb",
        "qms": ["control"],
    }

    response = curator.post(address, sent)

    course.refresh_from_db()
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert (course.audience_cy, course.qms) == ("Pawb", ["control"])


def test_moving_a_session_in_the_admin_tells_everyone(curator):
    cohort = CohortFactory(starts_at=now().replace(microsecond=0) + timedelta(days=20), sessions=2)
    BookingFactory(cohort=cohort)
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    sent = form_of(curator.get(address))
    later = localtime(cohort.starts_at - timedelta(days=1))
    sent |= {
        "sessions-0-starts_at_0": f"{later:%Y-%m-%d}",
        "sessions-0-ends_at_0": f"{later:%Y-%m-%d}",
        "sessions-0-starts_at_1": "09:00:00",
        "sessions-0-ends_at_1": "12:00:00",
        "sessions-1-cancel": "on",
    }

    response = curator.post(address, sent)

    assert response.status_code == 302, response.context["inline_admin_formsets"][0].formset.errors
    kinds = list(Notification.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["capability.session_moved", "capability.session_cancelled"]


def test_a_new_place_in_the_admin_tells_everyone(curator):
    cohort = CohortFactory(starts_at=now().replace(microsecond=0) + timedelta(days=20))
    BookingFactory(cohort=cohort)
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    sent = form_of(curator.get(address)) | {"place_en": "Swansea", "place_cy": "Abertawe"}

    curator.post(address, sent)

    assert Notification.objects.get().kind == "capability.place_changed"
    assert cohort.sessions.get().sequence == 1


def test_a_form_opened_before_a_booking_does_not_undo_it(curator):
    cohort = CohortFactory(starts_at=now().replace(microsecond=0) + timedelta(days=20))
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    sent = form_of(curator.get(address)) | {"places": "9"}
    BookingFactory(cohort=cohort)

    curator.post(address, sent)

    cohort.refresh_from_db()
    assert (cohort.places, cohort.places_taken) == (9, 1)
    assert AuditEvent.objects.filter(verb="change places", kind="capability.Cohort").exists()


def test_places_below_those_taken_are_refused_beside_the_field(curator):
    cohort = CohortFactory(starts_at=now().replace(microsecond=0) + timedelta(days=20), places=2)
    BookingFactory.create_batch(2, cohort=cohort)
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    sent = form_of(curator.get(address)) | {"places": "1"}

    response = curator.post(address, sent)

    assert "places" in response.context["adminform"].form.errors


def test_a_curator_makes_a_cohort_and_publishes_it(curator):
    course = CourseFactory()
    add = reverse("admin:capability_cohort_add")
    sent = form_of(curator.get(add)) | {
        "course": course.pk,
        "language": "cy",
        "format": "in_person",
        "places": "8",
        "sessions-TOTAL_FORMS": "1",
        "sessions-0-starts_at_0": f"{now() + timedelta(days=30):%Y-%m-%d}",
        "sessions-0-starts_at_1": "09:00:00",
        "sessions-0-ends_at_0": f"{now() + timedelta(days=30):%Y-%m-%d}",
        "sessions-0-ends_at_1": "12:00:00",
    }

    response = curator.post(add, sent)
    cohort = Cohort.objects.get()
    listing = reverse("admin:capability_cohort_changelist")
    curator.post(listing, {"action": "publish", "_selected_action": [cohort.pk]})

    cohort.refresh_from_db()
    assert response.status_code == 302
    assert cohort.published and cohort.sessions.count() == 1
    assert cohort.closes_at == cohort.starts_at - timedelta(hours=24)


def test_bookings_are_looked_at_and_not_changed(curator):
    booking = BookingFactory()

    response = curator.get(reverse("admin:capability_booking_change", args=[booking.pk]))

    assert response.status_code == 200
    assert "Fewer falls" not in response.content.decode()
    assert not response.context["has_change_permission"]


def test_a_session_that_ends_before_it_starts_is_refused_in_words(curator):
    cohort = CohortFactory(starts_at=now().replace(microsecond=0) + timedelta(days=20))
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    sent = form_of(curator.get(address))
    sent |= {"sessions-0-ends_at_0": sent["sessions-0-starts_at_0"], "place_cy": ""}
    sent["sessions-0-ends_at_1"] = "00:00:00"

    response = curator.post(address, sent)

    assert "A session ends after it starts." in response.text
    assert "Write the place in both languages, or in neither." in response.text
    assert "Constraint" not in response.text


def test_above_the_sessions_stands_how_many_people_hear_of_a_change(curator):
    cohort = CohortFactory(starts_at=now() + timedelta(days=20))
    address = reverse("admin:capability_cohort_change", args=[cohort.pk])
    assert 'id="who-hears"' not in curator.get(address).text
    BookingFactory.create_batch(2, cohort=cohort)

    shown = curator.get(address).text

    assert "everyone who has a place: 2 people." in shown
    assert shown.index("who-hears") < shown.index("sessions-0-cancel")


def test_an_address_word_with_a_space_is_refused_by_the_name_of_its_label(curator):
    response = curator.post(reverse("admin:capability_course_add"), {"slug": "two words"})

    assert "An address word has letters without accents" in response.text
    assert "valid “slug”" not in response.text
