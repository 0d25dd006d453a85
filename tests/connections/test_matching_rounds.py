from datetime import timedelta

import pytest
from django.db import connection

from academy.models import AuditEvent, Notification
from connections import pool, tasks
from connections.actions import asking, computing, publishing, rounds
from connections.models import (
    MatchingRound,
    MentoringRequest,
    MentorProfile,
    RoundPair,
    Weights,
)
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT
from tests.factories.relationships import current

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(staff):
    return staff("coordinator")


@pytest.fixture
def topic():
    return TopicFactory()


def drawn(by, *, seed=7):
    made = rounds.draw_up("Spring", by=by, seed=seed, at=AT)
    rounds.start(made, by=by, at=AT)
    return made


def computed(by, *, seed=7):
    made = drawn(by, seed=seed)
    tasks.solve_round(round=made.pk)
    made.refresh_from_db()
    return made


def people(topic, *, askers=4, mentors=2, places=2):
    return (
        [MentoringRequestFactory(methods=[topic]) for _ in range(askers)],
        [MentorProfileFactory(methods=[topic], capacity=places) for _ in range(mentors)],
    )


def test_a_round_assigns_everybody_it_can_and_counts_who_is_left_out(coordinator, topic):
    people(topic, askers=5, mentors=2, places=2)

    made = computed(coordinator)

    assert (made.state, made.pairs.count(), made.left_out) == ("drafts", 4, 1)
    assert made.proven is True
    assert made.steps_done == made.steps
    assert made.pairs.first().reasons[0] == {"code": "methods", "ids": [topic.pk]}
    assert not MentoringRequest.objects.filter(state="asked").exists()


def test_the_same_people_and_seed_give_the_same_pairs(coordinator, topic):
    people(topic, askers=6, mentors=3)

    first, again = computed(coordinator), computed(coordinator)

    pairs = [set(one.pairs.values_list("request", "profile")) for one in (first, again)]
    assert pairs[0] == pairs[1]


def test_a_round_keeps_apart_who_must_stay_apart(coordinator, topic):
    board = OrganisationFactory()
    request, profile = (
        MentoringRequestFactory(methods=[topic]),
        MentorProfileFactory(methods=[topic]),
    )
    for person in (request.mentee, profile.person):
        MembershipFactory(person=person, organisation=board, team="Ward 4")

    assert computed(coordinator).pairs.count() == 0


def test_a_person_with_two_requests_has_one_in_a_round(coordinator, topic):
    people(topic, askers=0)
    person = PersonFactory()
    MentoringRequestFactory.create_batch(2, mentee=person, methods=[topic])

    made = computed(coordinator)

    assert (made.requests_seen, made.pairs.count()) == (1, 1)


def test_locked_pairs_stay_when_the_rest_is_computed_again(coordinator, topic):
    people(topic)
    made = computed(coordinator)
    pair = made.pairs.first()
    other = MentorProfile.objects.exclude(pk=pair.profile_id).get()
    RoundPair.objects.filter(profile=other).first().delete()
    rounds.override(pair, other, reason="They asked for her", by=coordinator, at=AT)

    rounds.start(made, by=coordinator, at=AT)
    tasks.solve_round(round=made.pk)

    pair.refresh_from_db()
    assert (pair.profile, pair.locked, made.pairs.count()) == (other, True, 4)


def test_an_override_says_why_and_is_written_down(coordinator, topic):
    people(topic, askers=1)
    pair = computed(coordinator).pairs.get()
    other = MentorProfile.objects.exclude(pk=pair.profile_id).get()

    with pytest.raises(RoundPair.NoReason):
        rounds.override(pair, other, reason="  ", by=coordinator, at=AT)
    rounds.override(pair, other, reason="Travels less", by=coordinator, at=AT)

    event = AuditEvent.objects.get(verb="connections.pair_overridden")
    assert (event.actor, event.reason) == (coordinator, "Travels less")


def test_an_override_breaks_no_hard_rule(coordinator, topic):
    people(topic, askers=1)
    pair = computed(coordinator).pairs.get()
    own = MentorProfileFactory(person=pair.request.mentee, methods=[topic])
    full = MentorProfileFactory(capacity=1, places_taken=1)

    with pytest.raises(MentoringRequest.NotPossible):
        rounds.override(pair, own, reason="Why not", by=coordinator, at=AT)
    with pytest.raises(MentorProfile.Full):
        rounds.override(pair, full, reason="Why not", by=coordinator, at=AT)


def test_publishing_asks_each_mentor_and_tells_both_sides_exactly_once(coordinator, topic):
    people(topic, askers=3, mentors=3, places=1)
    made = computed(coordinator)

    publishing.publish(made, by=coordinator, at=AT)
    for _ in range(2):
        tasks.publish_round(round=made.pk)

    made.refresh_from_db()
    kinds = list(Notification.objects.values_list("kind", flat=True))
    assert made.state == "published"
    assert kinds.count("connections.request_proposed") == 3
    assert kinds.count("connections.request_matched") == 3
    assert MentoringRequest.objects.filter(state="asked").count() == 3


def test_publishing_looks_again_at_places_and_requests(coordinator, topic):
    people(topic, askers=3, mentors=3, places=1)
    made = computed(coordinator)
    first, second, third = made.pairs.order_by("pk")
    asking.withdraw(first.request, at=AT)
    MentorProfile.objects.filter(pk=second.profile_id).update(places_taken=1)

    publishing.publish(made, by=coordinator, at=AT)
    tasks.publish_round(round=made.pk)

    skipped = dict(made.pairs.values_list("pk", "skipped"))
    assert skipped == {first.pk: "request", second.pk: "mentor", third.pk: ""}


def test_publishing_never_offers_more_people_than_there_are_places(coordinator, topic):
    people(topic, askers=2, mentors=1, places=2)
    made = computed(coordinator)
    MentorProfile.objects.update(places_taken=1)

    publishing.publish(made, by=coordinator, at=AT)
    tasks.publish_round(round=made.pk)

    assert MentoringRequest.objects.filter(state="asked").count() == 1


def test_who_was_left_out_has_a_bonus_next_time(coordinator, topic):
    people(topic, askers=2, mentors=1, places=1)
    made = computed(coordinator)

    publishing.publish(made, by=coordinator, at=AT + timedelta(minutes=1))
    tasks.publish_round(round=made.pk)

    assert MentoringRequest.objects.get(state="looking").left_out is True
    assert MentoringRequest.objects.get(state="asked").left_out is False


def test_who_was_left_out_is_told_once_and_only_while_they_look(coordinator, topic):
    people(topic, askers=3, mentors=1, places=1)
    made = computed(coordinator)
    gone, stays = (one.request for one in made.left_outs.order_by("pk"))
    asking.withdraw(gone, at=AT)

    publishing.publish(made, by=coordinator, at=AT)
    for _ in range(2):
        tasks.publish_round(round=made.pk)

    told = Notification.objects.get(kind="connections.request_left_out")
    assert told.person == stays.mentee
    assert told.kind_of().letter(told) is not None


def test_whose_mentor_has_no_place_left_is_left_out_and_told(coordinator, topic):
    people(topic, askers=1, mentors=1, places=1)
    made = computed(coordinator)
    MentorProfile.objects.update(places_taken=1)

    publishing.publish(made, by=coordinator, at=AT)
    tasks.publish_round(round=made.pk)

    made.refresh_from_db()
    request = MentoringRequest.objects.get()
    assert (made.left_out, made.left_outs.get().request) == (1, request)
    assert request.widen == ["free"]
    assert Notification.objects.get(kind="connections.request_left_out").person == request.mentee


def test_a_crash_half_way_leaves_no_half_round(coordinator, topic, monkeypatch):
    people(topic)
    made = drawn(coordinator)
    claimed = computing.claim(made.pk, at=AT)

    def dies(*_args, **_facts):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(RoundPair.objects, "bulk_create", dies, raising=False)
        with pytest.raises(SystemExit):
            computing.compute(claimed, at=AT)

    made.refresh_from_db()
    assert (made.state, made.pairs.count()) == ("computing", 0)
    again = computing.claim(made.pk, at=AT + timedelta(minutes=60 * 24 * 365))
    computing.compute(again, at=AT + timedelta(minutes=60 * 24 * 365))
    assert made.pairs.count() == 4


def test_a_computation_that_fails_says_so_at_once(coordinator, topic, monkeypatch):
    people(topic)
    made = drawn(coordinator)
    claimed = computing.claim(made.pk, at=AT)

    def fails(*_args, **_facts):
        raise ZeroDivisionError

    monkeypatch.setattr(pool, "assign", fails)
    with pytest.raises(ZeroDivisionError):
        computing.compute(claimed, at=AT)

    made.refresh_from_db()
    assert (made.state, made.trouble) == ("drafted", "worker")


def test_two_workers_do_not_both_compute(coordinator, topic):
    made = drawn(coordinator)

    assert computing.claim(made.pk, at=AT) is not None
    assert computing.claim(made.pk, at=AT) is None


def test_a_worker_that_slept_past_its_lease_keeps_nothing(coordinator, topic):
    people(topic)
    made = drawn(coordinator)
    slow = computing.claim(made.pk, at=AT)
    computing.claim(made.pk, at=AT + timedelta(minutes=11))

    kept = computing.keep(slow, pool.Assignment([], [], 0, True, ""), at=AT)

    assert kept is False


def test_a_round_that_kills_its_workers_is_given_up_with_a_word(coordinator, topic):
    made = drawn(coordinator)

    for hour in range(5):
        computing.claim(made.pk, at=AT + timedelta(hours=hour))

    made.refresh_from_db()
    assert (made.state, made.trouble) == ("drafted", "worker")


def test_an_abandoned_round_reaches_nobody(coordinator, topic):
    people(topic)
    made = computed(coordinator)

    rounds.abandon(made, by=coordinator, at=AT)

    with pytest.raises(MatchingRound.NotNow):
        publishing.publish(made, by=coordinator, at=AT)
    assert not Notification.objects.exists()


def test_weights_are_never_changed_only_followed_by_a_version(coordinator):
    first = Weights.objects.current(at=AT)

    second = Weights.objects.add_version(by=coordinator, at=AT, way=120)

    first.refresh_from_db()
    assert (first.version, first.used, first.way) == (1, False, 90)
    assert (second.version, second.used, second.way) == (2, True, 120)
    assert second.methods == first.methods
    assert second.as_numbers().way == 120


@pytest.mark.parametrize("many", [1, 3, 50])
def test_loading_the_pool_costs_the_same_however_many(topic, many, django_assert_num_queries):
    people(topic, askers=many, mentors=many)
    connection.queries_log.clear()

    # requests with topics, profiles, memberships, pairs together, all who stay apart
    with django_assert_num_queries(5):
        loaded = pool.load(MentoringRequest.objects.all(), MentorProfile.objects.unpaused())

    assert len(loaded.pool.requests) == len(loaded.pool.mentors) == many


def test_progress_is_kept_in_every_stage_and_only_goes_forward(coordinator, topic, monkeypatch):
    people(topic, askers=5)
    made = drawn(coordinator)
    claimed, kept = computing.claim(made.pk, at=AT), []

    def listens(round):
        rows = MatchingRound.objects.filter(pk=round.pk)
        kept.append(rows.get().steps_done)
        return rows

    monkeypatch.setattr(computing, "still_mine", listens)
    computing.compute(claimed, at=AT)

    assert kept == sorted(kept)
    assert {steps // 100 for steps in kept} >= set(range(len(computing.STAGES) - 1))


def test_a_contact_or_a_former_workplace_in_common_is_told_without_a_name(coordinator, topic):
    hospital, board = OrganisationFactory(), OrganisationFactory()
    people(topic, askers=1, mentors=1)
    request, profile = MentoringRequest.objects.get(), MentorProfile.objects.get()
    for person in (request.mentee, profile.person):
        MembershipFactory(person=person, organisation=hospital, ended_on=AT.date(), team="")
        MembershipFactory(person=person, organisation=board, team="")

    reasons = computed(coordinator).pairs.get().reasons

    assert {"code": "weak_tie"} in reasons
    assert str(hospital.pk) not in str([one for one in reasons if one["code"] == "weak_tie"])


def test_people_who_had_the_same_mentor_are_tied_and_those_who_had_each_other_are_not(topic):
    third = MentorProfileFactory()
    people(topic, askers=1, mentors=1)
    request, profile = (
        MentoringRequest.objects.get(),
        MentorProfile.objects.exclude(pk=third.pk).get(),
    )
    for mentee in (request.mentee, profile.person):
        current(profile=third, mentee=mentee).end(by=mentee, at=AT)

    def codes():
        return [one["code"] for one in pool.reasons(request, profile)]

    before = codes()
    current(profile=profile, mentee=request.mentee)

    assert "weak_tie" in before
    assert "weak_tie" not in codes()
