"""The sample academy: every role can sign in, everything in it says sample, and it is always the same."""

import pytest
from django.core.management import CommandError, call_command

from academy.models import Person
from capability.models import Booking, Cohort, Course
from connections.models import MentoringRequest, MentorProfile, Relationship
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings, capsys):
    settings.SAMPLE_PASSWORD = "a sample password"
    settings.SAMPLE_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    call_command("load_reference")
    call_command("seed_sample", people=150)


def test_there_are_three_people_of_every_role_with_one_password(seeded, client):
    for role in (
        "improver",
        "mentor",
        "coach",
        "sponsor",
        "coordinator",
        "curator",
        "lead",
        "administrator",
    ):
        for number in (1, 2, 3):
            one = Person.objects.get(email=f"{role}{number}@example.org")
            assert one.check_password("a sample password")
            assert not one.is_staff or one.has_second_factor()


def test_courses_say_sample_and_counters_are_true(seeded):
    for course in Course.objects.filter(sample=True):
        assert "(sample)" in course.title_en
        assert "(sampl)" in course.title_cy
    assert not Cohort.objects.exclude(course__sample=True).exists()
    for cohort in Cohort.objects.all():
        assert cohort.places_taken == Booking.objects.current().filter(cohort=cohort).count()
    assert Cohort.objects.filter(places_taken=0).count() < Cohort.objects.count()


def test_mentoring_stands_in_every_state_and_keeps_its_capacities(seeded):
    assert set(MentoringRequest.objects.values_list("state", flat=True)) >= {
        "looking",
        "asked",
        "declined",
        "expired",
        "withdrawn",
    }
    assert set(Relationship.objects.values_list("state", flat=True)) == {
        "waiting",
        "current",
        "ended",
    }
    for profile in MentorProfile.objects.all():
        open_ = Relationship.objects.open().filter(mentor=profile.person).count()
        assert profile.places_taken == open_ <= profile.capacity


def test_a_second_seed_changes_nothing_and_real_people_are_respected(settings, seeded, capsys):
    before = Person.objects.count()
    call_command("seed_sample", people=150)
    assert Person.objects.count() == before

    PersonFactory()
    Person.objects.filter(sample=True).update(sample=False)
    with pytest.raises(CommandError):
        call_command("seed_sample", people=150)
