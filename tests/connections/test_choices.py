"""Up to five people in the mentee's own order, asked one after another; and whom they pass over."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from academy.models import Conflict, Notification, Person
from connections import tasks
from connections.actions import answering, asking, choosing, suggesting
from connections.models import MentoringRequest, MentorProfile, Suggestion
from connections.models.profiles import MentorProfileQuerySet
from connections.models.requests import MentoringRequestQuerySet
from connections.models.rules import close_of_working_day
from tests.factories import TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 8, 10, tzinfo=UTC)  # a Thursday
LATER = close_of_working_day(AT, days=3)  # Tuesday at five
DAY = timedelta(days=1)


def listed(request):
    return list(
        request.suggestions.chosen()
        .order_by("choice")
        .values_list("profile__person__name", flat=True)
    )


def kinds_told(person):
    return sorted(Notification.objects.of(person).values_list("kind", flat=True))


def mentors(*names, **facts):
    return [MentorProfileFactory(person__name=name, **facts) for name in names]


@pytest.fixture
def ann_bea_cai():
    return mentors("Ann", "Bea", "Cai")


@pytest.fixture
def request_(person, ann_bea_cai):
    """Ann is being asked, then Bea, then Cai."""
    request = MentoringRequestFactory(mentee=person, asked_at=AT, closes_at=AT + 14 * DAY)
    return choosing.choose(request, ann_bea_cai, at=AT)


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


@contextmanager
def without_locks():
    """Read, and write what was read: what careless code does."""
    with (
        patch.object(MentoringRequestQuerySet, "locked", lambda rows: rows),
        patch.object(MentorProfileQuerySet, "locked", lambda rows: rows),
        patch.object(Person.objects, "select_for_update", lambda **_how: Person.objects.all()),
    ):
        yield


def race(*racers):
    """All at once, each in a connection of its own; what each of them answered."""
    start, answers = Barrier(len(racers)), []

    def run(racer):
        try:
            start.wait(30)
            answers.append(racer())
        except (MentoringRequest.Closed, DatabaseError) as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[racer]) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def a_due_list():
    people = mentors("Ann", "Bea", "Cai", "Dai", "Eve")
    request = MentoringRequestFactory(asked_at=AT, closes_at=AT + 14 * DAY)
    return choosing.choose(request, people, at=AT), people


def moved_twice():
    """Two workers find the same list due, and both look before either writes."""
    request, people = a_due_list()
    looked, look = Barrier(2), choosing._next

    def after_a_look(*args, **at):
        try:
            looked.wait(2)
        except Exception:
            looked.abort()
        return look(*args, **at)

    with patch.object(choosing, "_next", after_a_look):
        race(
            lambda: choosing.move_on(request.pk, at=LATER),
            lambda: choosing.move_on(request.pk, at=LATER + timedelta(minutes=1)),
        )
    return request, people


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_one_next_person_and_tell_the_earlier_once():
    request, people = moved_twice()

    request.refresh_from_db()
    assert request.mentor == people[1]
    assert listed(request) == ["Cai", "Dai", "Eve"]
    assert kinds_told(people[0].person).count("connections.request_moved_on") == 1
    assert kinds_told(people[1].person) == ["connections.request_asked"]
    assert kinds_told(request.mentee) == ["connections.request_next"]


@pytest.mark.django_db(transaction=True)
def test_without_its_locks_the_next_person_is_asked_twice():
    with without_locks():
        _request, people = moved_twice()

    assert kinds_told(people[1].person) == ["connections.request_asked"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_the_turn_of_the_next_race_and_one_of_them_wins():
    request, people = a_due_list()
    ann = people[0]

    race(
        lambda: answering.accept(request, ann.person, words="", language="en", at=LATER),
        lambda: choosing.move_on(request.pk, at=LATER),
    )

    request.refresh_from_db()
    ann.refresh_from_db()
    assert (request.state, request.mentor, ann.places_taken) in [
        ("accepted", ann, 1),
        ("asked", people[1], 0),
    ]


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_mentee_names_their_order_and_sees_where_it_stands(sign_in, person, ann_bea_cai):
    request = MentoringRequestFactory(mentee=person)
    for profile in ann_bea_cai[:2]:
        request.suggestions.create(profile=profile, made_at=AT)
    ann, bea, cai = (str(one.pk) for one in ann_bea_cai)
    client = sign_in(person)

    twice = client.post(url("choices", request.pk), {"first": bea, "third": bea})
    nobody = client.post(url("choices", request.pk), {})
    client.post(
        f"{url('choices', request.pk)}?add={cai}", {"first": bea, "third": cai, "fifth": ann}
    )

    page = text(client.get(request.get_absolute_url()))
    request.refresh_from_db()
    assert "You have chosen this person already" in text(twice)
    assert "Choose at least one person" in text(nobody)
    assert (request.mentor.person.name, listed(request)) == ("Bea", ["Cai", "Ann"])
    assert 'aria-current="step"><b>Bea</b>Asked now, until' in page
    assert "<b>Cai</b>Next" in page
    assert "<b>Ann</b>Then" in page


def test_who_cannot_be_asked_is_said_beside_their_box(sign_in, person, ann_bea_cai):
    request = MentoringRequestFactory(mentee=person)
    ann = ann_bea_cai[0]
    request.suggestions.create(profile=ann, made_at=AT)
    Conflict.objects.create(person=person, other=ann.person, declared_at=AT)

    page = sign_in(person).post(url("choices", request.pk), {"second": str(ann.pk)})

    assert list(page.context["form"].errors) == ["second"]
    assert "We cannot put the two of you together" in text(page)


def test_a_late_yes_meets_kind_words_and_what_was_written_is_not_lost(sign_in, request_):
    ann = request_.mentor
    client, answer = sign_in(ann.person), url("answer", request_.pk)
    choosing.move_on_due(at=LATER)

    late = client.post(answer, {"answer": "accept", "words": "Croeso", "language": "cy"})
    again = client.get(answer)

    for page in (late, again):
        assert "Thank you for coming back to it" in text(page)


def test_a_mentee_says_not_for_me_and_thinks_again(sign_in, person, ann_bea_cai):
    request, ann = MentoringRequestFactory(mentee=person), ann_bea_cai[0]
    request.suggestions.create(profile=ann, made_at=AT)
    client = sign_in(person)

    asks = text(client.get(url("pass_over", request.pk, ann.pk)))
    client.post(url("pass_over", request.pk, ann.pk))
    passed = text(client.get(request.get_absolute_url()))
    client.post(url("show_again", request.pk, ann.pk))

    assert "No reason is needed" in asks
    assert "Show again" in passed
    assert f"Ask {ann.person.name}" not in passed
    assert f"Ask {ann.person.name}" in text(client.get(request.get_absolute_url()))


def test_the_advice_leads_to_the_one_choice_it_is_about(sign_in, person):
    topic = TopicFactory()
    MentorProfileFactory(methods=[topic], in_english=False, in_welsh=True)
    request = MentoringRequestFactory(mentee=person, methods=[topic])
    asking.want_suggestions(request, at=AT)
    tasks.suggest(request=request.pk)
    client = sign_in(person)
    link = f"{url('change_request', request.pk)}?part=languages"

    page = text(client.get(request.get_absolute_url()))
    form = client.get(link).context["form"]
    none = client.post(link, {})
    client.post(link, {"languages": ["en", "cy"]})
    tasks.suggest(request=request.pk)

    request.refresh_from_db()
    assert link in page
    assert list(form.fields) == ["languages"]
    assert "Choose at least one language" in text(none)
    assert (request.in_welsh, request.suggestions.offered().count()) == (True, 1)
    assert list(request.methods.all()) == [topic]


def test_a_whole_request_is_changed_at_once(sign_in, person):
    old, new = TopicFactory(), TopicFactory()
    request = MentoringRequestFactory(mentee=person, methods=[old])

    sign_in(person).post(
        url("change_request", request.pk),
        {
            "methods": [new.pk],
            "kind": "coaching",
            "languages": ["en"],
            "formats": ["in_person"],
            "setting": "hospital",
        },
    )

    request.refresh_from_db()
    assert (request.kind, request.online, request.setting) == ("coaching", False, "hospital")
    assert list(request.methods.all()) == [new]
    assert request.suggest_from is not None


def test_both_sides_read_that_they_like_to_work_alike(sign_in, person):
    topic = TopicFactory(name_en="Run charts")
    likes = {"methods": [topic], "way_pace": 1, "way_challenge": -1}
    profile = MentorProfileFactory(**likes)
    request = MentoringRequestFactory(mentee=person, **likes)
    asking.want_suggestions(request, at=AT)
    tasks.suggest(request=request.pk)
    before = text(sign_in(person).get(request.get_absolute_url()))
    choosing.choose(request, [profile], at=AT)
    asked = text(sign_in(profile.person).get(url("answer", request.pk)))

    for page in (before, asked):
        assert "Both like a conversation to go where it needs to." in page
        assert "Both think that listening comes first." in page
    for name in ("ask", "edit_profile"):
        form = text(sign_in(profile.person).get(url(name)))
        assert form.count('name="way_pace"') == 3


@pytest.mark.parametrize("name", ["choices", "change_request", "pass_over", "show_again"])
def test_another_persons_list_is_not_there(sign_in, request_, name):
    args = [request_.pk, *([request_.mentor_id] if name in ("pass_over", "show_again") else [])]

    assert sign_in(MentorProfileFactory().person).post(url(name, *args)).status_code == 404


@pytest.mark.parametrize("typed", ["abc", "99999999999", "\x00", "²"])
def test_an_odd_number_in_the_address_adds_nobody(sign_in, person, typed):
    request = MentoringRequestFactory(mentee=person)
    page = sign_in(person).get(url("choices", request.pk), {"add": typed})

    assert page.status_code == 200
