"""The sample academy: every role can sign in, everything in it says sample, and it is always the same."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q
from django.utils.timezone import now

from academy.models import Person, SupportRequest
from academy.sample import between_the_years, last_nine
from capability.models import Booking, Cohort, Course
from capability.sample import sessions
from connections import pool
from connections.actions import answering, asking
from connections.actions.handing import need_of
from connections.models import (
    CheckIn,
    Circle,
    Concern,
    HandOver,
    ManagerConsent,
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    Note,
    Proposal,
    Relationship,
    SupervisionSession,
)
from connections.models.caseload import desk_of
from connections.models.comparisons import counts
from connections.models.fairness import report
from devkit import run
from tests.factories import PersonFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seed(settings, capsys):
    settings.SAMPLE_PASSWORD = "a sample password"
    settings.SAMPLE_TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    call_command("load_reference")
    return lambda people: call_command("seed_sample", people=people)


@pytest.fixture
def seeded(seed):
    seed(150)


def someone(name):
    return Person.objects.get(email=f"{name}@example.org")


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


@pytest.mark.parametrize("people", [50, 110])
def test_few_people_are_enough_for_every_pair_of_the_tour(seed, people):
    """Among 110, somebody was once handed over to a mentor they had already."""
    seed(people)

    assert Relationship.objects.filter(mentor=someone("mentor1")).count() == 8
    assert HandOver.objects.filter(state=HandOver.State.DONE).exists()


@pytest.mark.parametrize("people", [-1, 30, 49])
def test_too_few_people_are_refused_with_the_least_number(seed, people):
    with pytest.raises(CommandError, match="at least 50 people"):
        seed(people)

    assert not Person.objects.exists()


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


def test_whoever_make_run_names_can_sign_in_and_staff_have_a_second_factor(seeded):
    for name in (*run.PEOPLE, *run.STAFF):
        assert someone(name).check_password("a sample password")
        assert someone(name).has_second_factor() == (name in run.STAFF)


@pytest.mark.parametrize("name", ["mentor1", "coach1"])
def test_the_desks_to_look_at_have_pairs_of_every_kind_and_requests(seeded, name):
    desk = desk_of(someone(name), at=now())
    pairs = Relationship.objects.filter(mentor=someone(name))

    assert {row.weather.level for row in desk.rows} == {"calm", "watch", "help"}
    assert {row.pair.state for row in desk.rows} == {"current", "paused", "waiting"}
    assert pairs.filter(later_by__isnull=False).exists()
    assert HandOver.objects.filter(relationship__in=pairs, state="offered").exists()
    assert desk.ended
    assert desk.requests
    assert desk.profile.free


def test_the_first_improver_has_a_meeting_times_to_choose_notes_and_a_check_in_due(seeded):
    one = someone("improver1")
    pairs = Relationship.objects.filter(mentee=one, state="current")

    assert pairs.filter(next_meeting_at__gt=now()).exists()
    assert Proposal.objects.open().filter(relationship__in=pairs).exclude(proposed_by=one).exists()
    assert set(Note.objects.filter(author=one).values_list("audience", flat=True)) == {
        "shared",
        "private",
    }
    assert CheckIn.objects.waiting_for(one).exists()
    for pair in pairs:
        assert pair.goals.open().count() == 2
        assert pair.tasks.exists()


def test_leads_and_managers_find_what_is_theirs(seeded):
    lead, manager = someone("safeguarding1"), someone("manager1")
    coming = SupervisionSession.objects.filter(starts_at__gt=now(), places_taken__gt=0)
    team = Relationship.objects.open().filter(mentee__memberships__line_manager=manager)
    seen = ManagerConsent.objects.visible_to(manager)

    concerns = Concern.objects.visible_to(lead).open()
    assert list(concerns.order_by("-reported_at").values_list("owner", flat=True)) == [
        None,
        lead.pk,
    ]
    assert coming.filter(group__lead=someone("supervisor1")).exists()
    assert seen.exists()
    assert team.exclude(mentee__in=seen.values("relationship__mentee")).exists()


def test_a_coordinator_can_weigh_a_round_against_another_and_see_whom_it_was_fair_to(seed):
    seed(400)
    round = MatchingRound.objects.get(state="drafts", alternative_to=None)
    change = counts(round, round.alternatives.get())
    fairness = report(round)

    assert change.moved
    assert change.left_out
    assert round.left_outs.exclude(widen=[]).exists()
    assert all(len(fairness.groups[name]) > 1 for name in ("organisation", "language"))
    assert len(fairness.groups["job_role"]) > 1


def test_whoever_waits_for_an_answer_was_put_before_a_mentor_who_may_be_theirs(seed):
    """A sample that breaks the rules of the matching teaches a coordinator to distrust it."""
    seed(400)
    waiting = MentoringRequest.objects.filter(state="asked").select_related("mentor")
    round = MatchingRound.objects.get(state="published")
    pairs = round.pairs.select_related("request", "profile")

    assert [one.pk for one in waiting if not pool.may_pair(one, one.mentor)] == []
    assert round.proven
    assert {(pair.request_id, pair.profile_id) for pair in pairs} <= {
        (one.pk, one.mentor_id) for one in waiting
    }
    for pair in pairs:
        assert {"methods", "topics"} & {reason["code"] for reason in pair.reasons}, pair


@pytest.mark.parametrize("people", [60, 400])
def test_every_sample_pair_was_brought_together_by_a_request_as_a_yes_leaves_it(seed, people):
    seed(people)
    real = accepted_now()
    pairs = list(Relationship.objects.order_by("pk"))

    assert len(pairs) > 20
    for pair in pairs:
        need = need_of(pair)
        assert need is not None, pair.pk
        if pair.request is None:  # handed over from the pair that had asked
            continue
        asked = need.suggestions.get()
        assert left_as(need) == left_as(real)
        assert left_as(asked) == left_as(real.suggestions.get())
        assert (need.mentee, need.mentor.person) == (pair.mentee, pair.mentor)
        assert need.asked_at < need.ended_at == pair.began_at
        assert need.words.strip()
        assert not need.shuts_out(need.mentor)


def accepted_now():
    """A request that a mentor has just said yes to, by the verbs."""
    profile = MentorProfileFactory()
    request = asking.ask(MentoringRequestFactory(), profile, at=now())
    answering.accept(request, profile.person, words="", language="en", at=now())
    request.refresh_from_db()
    return request


def left_as(row):
    """Its state, and which of its times are set."""
    times = {
        field.name: getattr(row, field.name) is not None
        for field in row._meta.concrete_fields
        if field.name.endswith(("_at", "_from"))
    }
    return times | {name: getattr(row, name) for name in ("state", "outcome") if hasattr(row, name)}


def test_the_dates_of_sample_circles_are_as_far_apart_as_the_circles_say(seeded):
    apart = {"fortnightly": 14, "monthly": 28}

    assert Circle.objects.exists()
    for circle in Circle.objects.all():
        first, second = circle.meetings.order_by("starts_at").values_list("starts_at", flat=True)
        assert (second - first).days == apart[circle.rhythm]
        assert not between_the_years(first)
        assert not between_the_years(second)
