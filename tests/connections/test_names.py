"""A new name is found at once, the old one no more."""

from datetime import date

import pytest
from django.urls import reverse

from academy import hooks, workplaces
from capability.models import Course
from connections.models import MentorProfile
from tests.factories import TopicFactory
from tests.factories.capability import CourseFactory
from tests.factories.connections import MentorProfileFactory

pytestmark = pytest.mark.django_db


def test_a_mentor_who_changes_their_name_is_found_by_it():
    profile = MentorProfileFactory()

    workplaces.describe(
        profile.person,
        name="Lowri Sampl",
        job_role="Nyrs",
        organisation=None,
        team="",
        line_manager_email="",
        on=date(2026, 11, 2),
    )

    profile.refresh_from_db()
    assert profile.shown_name == "Lowri Sampl"
    assert "Nyrs" in profile.words


def test_a_renamed_topic_reaches_the_mentors_and_the_courses_that_carry_it():
    topic = TopicFactory(name_en="Falls", name_cy="Cwympiadau")
    profile, course = MentorProfileFactory(methods=[topic]), CourseFactory(topics=[topic])

    topic.name_en = "Slips and trips"
    topic.save(update_fields=["name_en"])
    hooks.tell("academy.topic_changed", topic=topic)

    assert "Slips and trips" in MentorProfile.objects.get(pk=profile.pk).words
    assert Course.objects.get(pk=course.pk).topic_words_en == "Slips and trips"


def test_a_name_put_right_by_an_administrator_is_found_too(sign_in, staff):
    profile = MentorProfileFactory()
    address = reverse("admin:academy_person_change", args=[profile.person_id])
    sent = {
        "name": "Lowri Sampl",
        "job_role": "",
        "language": "cy",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    sign_in(staff("administrator")).post(address, sent)

    profile.refresh_from_db()
    assert profile.shown_name == "Lowri Sampl"
