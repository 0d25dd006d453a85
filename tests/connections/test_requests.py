from datetime import timedelta
from uuid import uuid4

import pytest

from academy.models import Conflict, Notification
from connections import tasks
from connections.actions import answering, asking, suggesting
from connections.models import MentoringRequest, MentorProfile, Relationship
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO

pytestmark = pytest.mark.django_db
AT = LONG_AGO


def start(person, *, mentor=None, token=None, at=AT, topics=()):
    return asking.start(
        person,
        token=token or uuid4(),
        mentor=mentor,
        methods=list(topics),
        services=[],
        words="I want to measure falls.",
        written_in="en",
        in_english=True,
        at=at,
    )


def kinds_told(person):
    return sorted(Notification.objects.of(person).values_list("kind", flat=True))


def test_the_same_form_sent_twice_is_one_request(person):
    token = uuid4()

    first, again = start(person, token=token), start(person, token=token)

    assert first == again
    assert MentoringRequest.objects.count() == 1


def test_a_person_has_three_requests_waiting_and_no_fourth(person):
    for _ in range(3):
        start(person)

    with pytest.raises(MentoringRequest.TooMany):
        start(person)


def test_a_chosen_mentor_is_asked_and_told(person):
    profile = MentorProfileFactory()

    request = start(person, mentor=profile)

    assert (request.state, request.mentor) == ("asked", profile)
    assert request.closes_at == AT + timedelta(days=14)
    assert kinds_told(profile.person) == ["connections.request_asked"]


def test_asking_the_same_mentor_twice_is_asking_once(person):
    profile = MentorProfileFactory()
    request = start(person, mentor=profile)

    asking.ask(request, profile, at=AT + timedelta(hours=1))

    assert kinds_told(profile.person) == ["connections.request_asked"]


def test_a_mentor_who_is_full_or_paused_or_not_approved_is_not_asked(person):
    full = MentorProfileFactory(capacity=1, places_taken=1)
    paused = MentorProfileFactory(paused=True)
    draft = MentorProfileFactory(state="draft")

    with pytest.raises(MentorProfile.Full):
        start(person, mentor=full)
    for profile in (paused, draft):
        with pytest.raises(MentorProfile.NotTaking):
            start(person, mentor=profile)
    assert not MentoringRequest.objects.exists()


@pytest.mark.parametrize("tie", ["oneself", "team", "manager", "managed", "address", "conflict"])
def test_people_who_must_stay_apart_are_never_paired(person, tie):
    mentor = PersonFactory(email="Boss@example.org") if tie == "address" else PersonFactory()
    profile = MentorProfileFactory(person=person if tie == "oneself" else mentor)
    board = OrganisationFactory()
    mine = MembershipFactory.build(team="Ward 4")
    team = " ward  4" if tie == "team" else "Ward 5"
    MembershipFactory(
        person=person,
        organisation=board,
        team=mine.team,
        line_manager=mentor if tie == "manager" else None,
        line_manager_email="boss@EXAMPLE.org" if tie == "address" else "",
    )
    MembershipFactory(
        person=mentor,
        organisation=board,
        team=team,
        line_manager=person if tie == "managed" else None,
    )
    if tie == "conflict":
        Conflict.objects.create(person=mentor, other=person, declared_at=AT)

    with pytest.raises(MentoringRequest.NotPossible):
        start(person, mentor=profile)


def test_two_in_different_teams_may_be_paired(person):
    board, mentor = OrganisationFactory(), PersonFactory()
    MembershipFactory(person=person, organisation=board, team="Ward 4")
    MembershipFactory(person=mentor, organisation=board, team="Ward 5")

    assert start(person, mentor=MentorProfileFactory(person=mentor)).state == "asked"


def test_accepting_takes_a_place_and_begins_the_relationship(person):
    profile = MentorProfileFactory()
    request = start(person, mentor=profile)

    pair = answering.accept(request, profile.person, words="Welcome", language="en", at=AT)
    again = answering.accept(request, profile.person, words="Welcome", language="en", at=AT)

    profile.refresh_from_db()
    request.refresh_from_db()
    assert pair == again == Relationship.objects.get()
    assert (profile.places_taken, request.state) == (1, "accepted")
    assert request.suggestions.get().answer == "Welcome"


def test_the_last_place_releases_the_others_kindly():
    profile = MentorProfileFactory(capacity=1)
    lucky, other = start(PersonFactory(), mentor=profile), start(PersonFactory(), mentor=profile)

    answering.accept(lucky, profile.person, words="", language="en", at=AT)

    other.refresh_from_db()
    assert (other.state, other.mentor) == ("released", None)
    assert kinds_told(other.mentee) == ["connections.request_released"]
    assert other.suggest_from == AT


def test_declining_tells_the_mentee_and_looks_for_others(person):
    profile = MentorProfileFactory()
    request = start(person, mentor=profile)

    answering.decline(request, profile.person, words="Not this spring", language="en", at=AT)

    request.refresh_from_db()
    assert (request.state, request.pending) == ("declined", False)
    assert kinds_told(person) == ["connections.request_declined"]
    with pytest.raises(MentoringRequest.NotPossible):
        asking.ask(request, profile, at=AT)


def test_nobody_answers_for_another(person):
    profile, stranger = MentorProfileFactory(), MentorProfileFactory()
    request = start(person, mentor=profile)

    with pytest.raises(MentoringRequest.Closed):
        answering.accept(request, stranger.person, words="", language="en", at=AT)
    with pytest.raises(MentoringRequest.Closed):
        answering.decline(request, stranger.person, words="", language="en", at=AT)


def test_a_request_is_remembered_on_day_seven_and_closes_on_day_fourteen(person):
    profile = MentorProfileFactory()
    request = start(person, mentor=profile)

    days = [0, 6, 7, 8, 13]
    reminded = [answering.remind_due(at=AT + timedelta(days=day)) for day in days]
    closed = [answering.close_due(at=AT + timedelta(days=day)) for day in (13, 14, 15)]

    request.refresh_from_db()
    assert reminded == [0, 0, 1, 0, 0]
    assert closed == [0, 1, 0]
    assert request.state == "expired"
    assert kinds_told(person) == ["connections.request_expired"]
    assert kinds_told(profile.person) == [
        "connections.request_asked",
        "connections.request_closed",
        "connections.request_reminder",
    ]


def test_withdrawing_tells_the_mentor_and_nobody_is_left_waiting(person):
    profile = MentorProfileFactory()
    request = start(person, mentor=profile)

    asking.withdraw(request, at=AT)
    asking.withdraw(request, at=AT)

    request.refresh_from_db()
    assert (request.state, request.closes_at) == ("withdrawn", None)
    assert "connections.request_withdrawn" in kinds_told(profile.person)


def test_a_request_that_rests_is_taken_up_again(person):
    request = start(person)
    answering.close_due(at=AT + timedelta(days=14))

    again = asking.look_again(request, at=AT + timedelta(days=20))

    assert again.state == "looking"
    assert again.closes_at == AT + timedelta(days=34)


def test_the_worker_suggests_five_at_most_with_reasons_and_once(person):
    topic = TopicFactory()
    for _ in range(6):
        MentorProfileFactory(methods=[topic])
    request = start(person, topics=[topic])

    for _ in range(2):
        tasks.suggest(request=request.pk)

    request.refresh_from_db()
    first = request.suggestions.order_by("rank").first()
    assert request.suggestions.count() == 5
    assert request.suggested_at is not None
    assert first.reasons[0] == {"code": "methods", "ids": [topic.pk]}
    assert kinds_told(person) == ["connections.suggestions_ready"]


def test_two_workers_do_not_both_look(person):
    request = start(person)

    first, second = (suggesting.claim(request.pk, at=AT) for _ in range(2))

    assert first is not None
    assert second is None


def test_a_worker_that_slept_past_its_lease_changes_nothing(person):
    request = start(person)
    slow = suggesting.claim(request.pk, at=AT)
    quick = suggesting.claim(request.pk, at=AT + timedelta(minutes=5))
    suggesting.suggest(quick, at=AT + timedelta(minutes=5))

    suggesting.suggest(slow, at=AT + timedelta(minutes=6))

    request.refresh_from_db()
    assert request.suggested_at == AT + timedelta(minutes=5)


def test_when_few_are_found_it_says_which_choice_stands_in_the_way(person):
    topic = TopicFactory()
    MentorProfileFactory(methods=[topic], in_english=False, in_welsh=True)
    request = start(person, topics=[topic])

    tasks.suggest(request=request.pk)

    request.refresh_from_db()
    assert request.suggestions.count() == 0
    assert request.widen == ["language"]


def test_requests_are_seen_by_the_two_they_concern_alone(person):
    profile, stranger = MentorProfileFactory(), PersonFactory()
    start(person, mentor=profile)
    MentoringRequestFactory()

    seen = MentoringRequest.objects.visible_to

    assert seen(person).count() == seen(profile.person).count() == 1
    assert seen(stranger).count() == 0
