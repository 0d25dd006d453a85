"""Up to five people in the mentee's own order, asked one after another; and whom they pass over."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from academy.letters import compose
from academy.models import Conflict, Notification
from connections import tasks
from connections.actions import answering, asking, choosing, suggesting
from connections.models import MentoringRequest, MentorProfile, Suggestion
from connections.models.working_days import close_of_working_day
from tests.factories import TopicFactory
from tests.factories.choices import AT, DAY, LATER, kinds_told, listed, mentors
from tests.factories.connections import MentoringRequestFactory

pytestmark = pytest.mark.django_db


def outcomes(request):
    rows = request.suggestions.order_by("pk").values_list("profile__person__name", "outcome")
    return dict(rows)


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (datetime(2026, 1, 5, 9, tzinfo=UTC), "Thu 8 17:00"),
        (datetime(2026, 1, 8, 22, tzinfo=UTC), "Tue 13 17:00"),
        (datetime(2026, 1, 10, 9, tzinfo=UTC), "Wed 14 17:00"),
        (datetime(2026, 3, 27, 9, tzinfo=UTC), "Wed 1 17:00"),  # the clocks change between
        (
            datetime(2026, 12, 23, 9, tzinfo=UTC),
            "Wed 30 17:00",
        ),  # Christmas, and Boxing Day on Monday
    ],
)
def test_three_working_days_end_at_five_in_wales(asked, until):
    assert f"{localtime(close_of_working_day(asked, days=3)):%a %-d %H:%M}" == until


def test_the_first_is_asked_at_once_and_the_mentee_sees_who_is_next(request_, ann_bea_cai):
    ann, _bea, _cai = ann_bea_cai

    assert (request_.mentor, request_.moves_on_at) == (ann, LATER)
    assert listed(request_) == ["Bea", "Cai"]
    assert kinds_told(ann.person) == ["connections.request_asked"]


def test_without_an_answer_the_next_is_asked_and_everybody_is_told(request_, ann_bea_cai, person):
    ann, bea, _cai = ann_bea_cai

    moved = [choosing.move_on_due(at=at) for at in (LATER - DAY, LATER, LATER)]

    request_.refresh_from_db()
    assert moved == [0, 1, 0]
    assert (request_.mentor, listed(request_)) == (bea, ["Cai"])
    assert request_.moves_on_at == close_of_working_day(LATER, days=3)
    assert outcomes(request_)["Ann"] == "expired"
    assert "connections.request_moved_on" in kinds_told(ann.person)
    assert kinds_told(bea.person) == ["connections.request_asked"]
    assert kinds_told(person) == ["connections.request_next"]


def test_the_last_of_a_list_is_reminded_on_day_seven_and_closes_on_day_fourteen(request_):
    choosing.move_on_due(at=LATER)
    third = close_of_working_day(LATER, days=3)
    choosing.move_on_due(at=third)
    request_.refresh_from_db()
    last = (request_.mentor.person.name, request_.moves_on_at)

    never = choosing.move_on_due(at=third + 10 * DAY)
    reminded = answering.remind_due(at=third + 7 * DAY)
    closed = answering.close_due(at=third + 14 * DAY)

    request_.refresh_from_db()
    assert last == ("Cai", None)
    assert (never, reminded, closed) == (0, 1, 1)
    assert (request_.state, request_.suggest_from) == ("expired", third + 14 * DAY)


def test_a_no_asks_the_next_at_once(request_, ann_bea_cai, person):
    ann, bea, _cai = ann_bea_cai
    answering.decline(request_, ann.person, words="", language="en", at=AT + DAY)
    request_.refresh_from_db()
    between = (request_.state, request_.mentor, request_.moves_on_at)

    for _twice in range(2):
        choosing.move_on(request_.pk, at=AT + DAY)

    request_.refresh_from_db()
    assert between == ("looking", None, AT + DAY)
    assert (request_.mentor, listed(request_)) == (bea, ["Cai"])
    assert "connections.request_moved_on" not in kinds_told(ann.person)
    assert kinds_told(person) == ["connections.request_next"]


def test_who_has_no_place_when_their_turn_comes_is_passed_by(request_, ann_bea_cai):
    _ann, bea, cai = ann_bea_cai
    MentorProfile.objects.filter(pk=bea.pk).update(places_taken=3)

    choosing.move_on_due(at=LATER)

    request_.refresh_from_db()
    assert (request_.mentor, listed(request_), request_.moves_on_at) == (cai, [], None)
    assert outcomes(request_)["Bea"] == "released"
    assert kinds_told(bea.person) == []


def test_when_nobody_of_the_list_can_be_asked_the_first_is_still_waited_for(request_, ann_bea_cai):
    ann, bea, cai = ann_bea_cai
    MentorProfile.objects.filter(pk__in=[bea.pk, cai.pk]).update(paused=True)

    choosing.move_on_due(at=LATER)

    request_.refresh_from_db()
    assert (request_.mentor, request_.moves_on_at, listed(request_)) == (ann, None, [])
    assert "connections.request_moved_on" not in kinds_told(ann.person)


def test_after_a_no_and_a_list_that_cannot_be_asked_others_are_looked_for(request_, ann_bea_cai):
    ann, bea, cai = ann_bea_cai
    MentorProfile.objects.filter(pk__in=[bea.pk, cai.pk]).update(paused=True)
    answering.decline(request_, ann.person, words="", language="en", at=AT)

    choosing.move_on_due(at=AT)

    request_.refresh_from_db()
    assert (request_.state, request_.suggest_from, request_.moves_on_at) == ("looking", AT, None)


def test_the_last_place_going_to_another_moves_a_list_on(request_, ann_bea_cai):
    ann, bea, _cai = ann_bea_cai
    MentorProfile.objects.filter(pk=ann.pk).update(places_taken=2)
    other = asking.ask(MentoringRequestFactory(), ann, at=AT)
    answering.accept(other, ann.person, words="", language="en", at=AT)

    choosing.move_on_due(at=AT)

    request_.refresh_from_db()
    assert request_.mentor == bea


def test_a_list_is_put_in_another_order_added_to_and_taken_from(request_, ann_bea_cai):
    ann, bea, cai = ann_bea_cai
    (dai,) = mentors("Dai")

    choosing.choose(request_, [cai, dai, bea], at=AT)
    longer = listed(request_)
    choosing.choose(request_, [ann, dai], at=AT)  # who is being asked is not asked again

    assert longer == ["Cai", "Dai", "Bea"]
    assert listed(request_) == ["Dai"]


def test_an_emptied_list_gives_whoever_is_asked_their_fourteen_days_again(request_):
    choosing.choose(request_, [], at=AT)

    request_.refresh_from_db()
    assert (request_.moves_on_at, request_.answer_by) == (None, AT + 14 * DAY)


def test_a_list_made_while_somebody_is_asked_tells_them_of_the_nearer_day_once(person):
    ann, bea, cai = mentors("Ann", "Bea", "Cai")
    request = asking.ask(MentoringRequestFactory(mentee=person), ann, at=AT)

    choosing.choose(request, [bea], at=AT + DAY)
    choosing.choose(request, [bea, cai], at=AT + DAY)

    request.refresh_from_db()
    assert request.answer_by == close_of_working_day(AT + DAY, days=3)
    assert kinds_told(ann.person) == ["connections.request_asked", "connections.request_sooner"]


def test_who_must_stay_apart_is_not_put_on_a_list(person, ann_bea_cai):
    request, bea = MentoringRequestFactory(mentee=person), ann_bea_cai[1]
    Conflict.objects.create(person=person, other=bea.person, declared_at=AT)

    with pytest.raises(Suggestion.NotChosen) as refused:
        choosing.choose(request, ann_bea_cai, at=AT)

    assert refused.value.profile == bea
    assert not request.suggestions.exists()


@pytest.mark.parametrize("choice", [0, 6])
def test_the_database_keeps_a_list_to_five(request_, choice):
    with pytest.raises(IntegrityError), transaction.atomic():
        request_.suggestions.filter(choice=2).update(choice=choice)


def test_the_database_gives_no_rank_twice_and_no_mentor_twice(request_, ann_bea_cai):
    with pytest.raises(IntegrityError), transaction.atomic():
        request_.suggestions.chosen().update(choice=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        request_.suggestions.create(profile=ann_bea_cai[0], choice=5, made_at=AT)


def test_a_look_for_people_leaves_the_list_alone(person):
    topic = TopicFactory()
    ann, bea = mentors("Ann", "Bea", methods=[topic])
    request = MentoringRequestFactory(mentee=person, methods=[topic])
    choosing.choose(request, [ann, bea], at=AT)
    MentorProfile.objects.filter(pk=bea.pk).update(paused=True)
    answering.decline(request, ann.person, words="", language="en", at=AT)
    choosing.move_on_due(at=AT)
    MentorProfile.objects.filter(pk=bea.pk).update(paused=False)

    suggesting.suggest(suggesting.claim(request.pk, at=AT), at=AT)

    assert outcomes(request) == {"Ann": "declined", "Bea": ""}


def test_a_yes_or_taking_it_back_empties_the_list(request_, ann_bea_cai, person):
    other = choosing.choose(MentoringRequestFactory(mentee=person), mentors("Dai", "Eve"), at=AT)

    answering.accept(request_, ann_bea_cai[0].person, words="", language="en", at=AT)
    asking.withdraw(other, at=AT)

    assert listed(request_) == listed(other) == []
    assert choosing.move_on_due(at=LATER) == 0


def test_somebody_passed_over_is_not_suggested_again_and_not_told(person):
    topic = TopicFactory()
    ann, bea = mentors("Ann", "Bea", methods=[topic])
    request = MentoringRequestFactory(mentee=person, methods=[topic])
    asking.want_suggestions(request, at=AT)
    suggesting.suggest(suggesting.claim(request.pk, at=AT), at=AT)

    for _twice in range(2):
        choosing.pass_over(request, ann, at=AT)
    asking.look_again(request, at=AT + DAY)
    suggesting.suggest(suggesting.claim(request.pk, at=AT + DAY), at=AT + DAY)

    request.refresh_from_db()
    assert [row.profile for row in request.suggestions.offered()] == [bea]
    assert request.state == "looking"
    assert kinds_told(ann.person) == []
    choosing.show_again(request, ann, at=AT + DAY)
    assert request.suggestions.offered().count() == 2


def test_a_proposal_of_the_academy_is_passed_over_without_a_refusal(person):
    (ann,) = mentors("Ann")
    request = asking.ask(
        MentoringRequestFactory(mentee=person), ann, source=Suggestion.Source.ROUND, at=AT
    )

    choosing.pass_over(request, ann, at=AT + DAY)

    request.refresh_from_db()
    assert (request.state, request.mentor, request.suggest_from) == ("looking", None, AT + DAY)
    assert kinds_told(ann.person) == [
        "connections.request_proposed",
        "connections.request_withdrawn",
    ]
    with pytest.raises(MentoringRequest.NotPossible):
        asking.ask(request, ann, at=AT + DAY)


def test_passing_over_who_is_asked_asks_the_next(request_, ann_bea_cai):
    choosing.pass_over(request_, ann_bea_cai[0], at=AT)
    tasks.ask_next(request=request_.pk)

    request_.refresh_from_db()
    assert request_.mentor == ann_bea_cai[1]


def test_whoever_moves_on_herself_is_not_told_that_the_one_before_could_not(request_, ann_bea_cai):
    ann, bea, _cai = ann_bea_cai
    choosing.pass_over(request_, ann, at=AT + DAY)
    choosing.move_on(request_.pk, at=AT + DAY)
    told = Notification.objects.get(kind="connections.request_next")
    passed = compose(told).body

    request_.refresh_from_db()
    answering.decline(request_, bea.person, words="", language="en", at=AT + 2 * DAY)
    choosing.move_on(request_.pk, at=AT + 2 * DAY)
    declined = compose(Notification.objects.filter(kind=told.kind).latest("pk")).body

    assert "You would rather have somebody else asked, so we have now asked Bea" in passed
    assert "cannot take you on" not in passed
    assert "cannot take you on" in declined
