"""The sample academy: every role can sign in, everything in it says sample, and it is always the same."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q
from django.utils.timezone import now

from academy.models import Person, SupportRequest
from academy.sample import last_nine
from capability.models import Booking, Cohort, Course
from capability.sample import sessions
from connections.models import (
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    Note,
    Relationship,
)
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
        "paused",
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


def test_nothing_that_was_done_lies_in_the_future_and_requests_are_ready_for_the_worker(seeded):
    at = now()

    assert not Person.objects.filter(Q(joined_at__gt=F("approved_at")) | Q(approved_at__gt=at))
    assert not MentoringRequest.objects.filter(asked_at__gt=at)
    looking = MentoringRequest.objects.filter(state="looking")
    assert looking.exists()
    assert looking.count() == MentoringRequest.objects.wanting_suggestions(at).count()
    assert not Booking.objects.filter(joined_at__gte=F("cohort__starts_at"))
    assert not Note.objects.filter(written_at__lt=F("relationship__agreed_at"))


def test_before_nine_the_sample_day_is_yesterday():
    morning = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)

    assert last_nine(morning) == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert last_nine(morning.replace(hour=9)) == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_no_session_falls_between_the_years_and_none_on_another():
    row = {"sessions": {"start": "09:30", "minutes": 60, "gap_days": 7, "count": 5}}

    starts = [start.date() for start, _end in sessions(row, datetime(2026, 12, 11, tzinfo=UTC))]

    assert starts == [date(2026, 12, 11), *(date(2027, 1, day) for day in (8, 15, 22, 29))]


def test_questions_are_all_different_and_rounds_stand_in_two_states(seeded):
    words = list(SupportRequest.objects.values_list("words", flat=True))

    assert len(words) == len(set(words))
    assert set(MatchingRound.objects.values_list("state", flat=True)) == {"published", "drafts"}
    assert MatchingRound.objects.get(state="drafts", alternative_to=None).pairs.exists()
