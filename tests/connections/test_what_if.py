"""Two versions of the weights compared on the same people, before anybody is told."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from academy.models import AuditEvent, Notification
from connections import pool, tasks
from connections.actions import alternatives, asking, computing, publishing, rounds
from connections.models import (
    LeftOut,
    MatchingRound,
    RoundPair,
    SetApart,
    Suggestion,
    Weights,
    comparisons,
)
from tests.factories import TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db
STEPS = {"way_pace": 1}
OPENLY = {"way_pace": -1}


@pytest.fixture
def coordinator(staff):
    return staff("coordinator")


@pytest.fixture
def topic():
    return TopicFactory()


@pytest.fixture
def two_by_two(topic):
    """Ways of working point one way, settings the other."""
    MentoringRequestFactory(methods=[topic], setting="hospital", **STEPS)
    MentoringRequestFactory(methods=[topic], setting="community", **OPENLY)
    MentorProfileFactory(methods=[topic], setting="community", capacity=1, **STEPS)
    MentorProfileFactory(methods=[topic], setting="hospital", capacity=1, **OPENLY)


def computed(by):
    made = rounds.draw_up("Spring", by=by, seed=7, at=AT)
    rounds.start(made, by=by, at=AT)
    tasks.solve_round(round=made.pk)
    made.refresh_from_db()
    return made


def compared(round, by, **worths):
    weights = Weights.objects.add_version(by=by, at=AT, use=False, **worths)
    other = alternatives.compare(round, weights, by=by, at=AT)
    tasks.solve_round(round=other.pk)
    other.refresh_from_db()
    return other


def mentors(round):
    return dict(round.pairs.values_list("request", "profile"))


def test_the_other_version_is_solved_for_the_same_people_and_changes_nothing(
    coordinator, two_by_two
):
    made = computed(coordinator)
    before = mentors(made)

    other = compared(made, coordinator, way=0, setting=500)

    made.refresh_from_db()
    assert (other.state, other.seed, other.pool_mark) == ("drafts", made.seed, made.pool_mark)
    assert mentors(made) == before
    assert set(mentors(other)) == set(before)
    assert all(mentors(other)[request] != profile for request, profile in before.items())
    assert not Notification.objects.exists()


def test_what_changes_is_said_by_kind_of_fit_and_never_as_a_number(coordinator, two_by_two):
    made = computed(coordinator)
    other = compared(made, coordinator, way=0, setting=500)

    rows = comparisons.described(comparisons.changed(made, other), made, other)
    before, after = comparisons.with_fit(made, other)

    assert comparisons.counts(made, other) == comparisons.Counts(0, 2, 0, 0)
    assert [(row.gained, row.lost) for row in rows] == [(["setting"], ["ways"])] * 2
    assert (before["ways"], after["ways"], before["setting"], after["setting"]) == (2, 0, 0, 2)


def test_whoever_keeps_their_mentor_is_counted_and_not_listed(coordinator, two_by_two):
    made = computed(coordinator)

    other = compared(made, coordinator, organisation=0)

    assert comparisons.counts(made, other) == comparisons.Counts(2, 0, 0, 0)
    assert not comparisons.changed(made, other).exists()


def test_whoever_would_be_left_out_or_found_is_named_first(coordinator, topic):
    MentoringRequestFactory(methods=[topic], left_out=True)
    MentoringRequestFactory(methods=[topic], setting="hospital")
    MentorProfileFactory(methods=[topic], setting="hospital", capacity=1)
    made = computed(coordinator)

    other = compared(made, coordinator, left_out=0)

    changed = comparisons.described(comparisons.changed(made, other), made, other)
    assert comparisons.counts(made, other) == comparisons.Counts(0, 0, 1, 1)
    assert [bool(change.after) for change in changed] == [False, True]


def test_what_the_versions_weigh_differently_is_said_and_nothing_that_is_alike(
    coordinator, two_by_two, sign_in
):
    made = computed(coordinator)

    compared(made, coordinator, setting=500, firm_setting=True)

    told = sign_in(coordinator).get(f"{made.get_absolute_url()}what-if/").content.decode()
    table = told[told.index("weigh differently") : told.index("each kind of fit</caption>")]
    said = re.findall(r"<th scope=.row.>(.*?)</th>.*?>(\w+)</td>.*?>(\w+)</td>", table, re.DOTALL)
    assert said == [
        ("The same setting", "80", "500"),
        ("The setting must be the same", "No", "Yes"),
    ]


def test_whoever_a_stricter_version_leaves_out_reads_that_it_is_the_weights(
    coordinator, topic, sign_in
):
    MentoringRequestFactory(methods=[topic], setting="hospital")
    MentorProfileFactory(methods=[topic], setting="community")
    made = computed(coordinator)

    other = compared(made, coordinator, firm_setting=True)

    [change] = comparisons.described(comparisons.changed(made, other), made, other)
    told = sign_in(coordinator).get(f"{made.get_absolute_url()}what-if/").content.decode()
    assert change.widen[0] == "weights"
    assert "They would be left out." in told
    assert "The weights of this round stand in the way, not their choices" in told


def test_who_withdrew_meanwhile_is_not_left_out_by_the_weights(coordinator, two_by_two, sign_in):
    made = computed(coordinator)
    gone = made.pairs.order_by("pk").first().request
    asking.withdraw(gone, at=AT)

    other = compared(made, coordinator, way=0, setting=500)

    changed = comparisons.described(comparisons.changed(made, other), made, other)
    told = sign_in(coordinator).get(f"{made.get_absolute_url()}what-if/").content.decode()
    assert comparisons.counts(made, other) == comparisons.Counts(0, 1, 0, 0, 1)
    assert [change.request for change in changed if change.gone] == [gone]
    assert "Nobody would be left out." in told
    assert "1 person no longer waits for somebody, whatever the weights." in told
    assert told.count("They no longer wait for somebody.") == 1
    assert "They would be left out." not in told


def test_who_is_left_out_by_both_versions_is_not_denied(coordinator, two_by_two, sign_in):
    MentoringRequestFactory(methods=[TopicFactory()])
    made = computed(coordinator)
    compared(made, coordinator, way=0, setting=500)

    told = sign_in(coordinator).get(f"{made.get_absolute_url()}what-if/").content.decode()

    assert "Nobody who has somebody would be left out." in told
    assert "Nobody would be left out." not in told


def test_using_the_other_version_replaces_the_drafts_and_keeps_locked_pairs(
    coordinator, two_by_two
):
    made = computed(coordinator)
    kept = made.pairs.order_by("pk").first()
    rounds.lock(made, [kept.pk], True, by=coordinator, at=AT)
    other = compared(made, coordinator, way=0, setting=500)

    alternatives.use(made, other.pk, by=coordinator, at=AT)

    assert made.weights == other.weights
    assert made.pairs.count() == 2
    assert made.pairs.get(locked=True).profile == kept.profile
    assert not MatchingRound.objects.filter(pk=other.pk).exists()
    assert AuditEvent.objects.filter(verb="connections.alternative_used").count() == 1
    with pytest.raises(MatchingRound.NothingToUse):
        alternatives.use(made, other.pk, by=coordinator, at=AT)


def test_keeping_the_drafts_puts_the_other_away_once(coordinator, two_by_two):
    made = computed(coordinator)
    other = compared(made, coordinator, way=0)
    before = mentors(made)

    for _ in range(2):
        alternatives.put_back(made, other.pk, by=coordinator, at=AT)

    assert made.alternative() is None
    assert mentors(made) == before
    assert AuditEvent.objects.filter(verb="connections.alternative_put_back").count() == 1


def test_a_comparison_is_put_away_when_a_pair_is_locked_meanwhile(coordinator, two_by_two):
    made = computed(coordinator)
    other = compared(made, coordinator, way=0, setting=500)

    rounds.lock(made, [made.pairs.order_by("pk").first().pk], True, by=coordinator, at=AT)

    other.refresh_from_db()
    assert other.outdated
    assert not other.pairs.exists()
    with pytest.raises(MatchingRound.NothingToUse):
        alternatives.use(made, other.pk, by=coordinator, at=AT)


def test_a_worker_whose_comparison_was_put_away_keeps_nothing(coordinator, two_by_two):
    made = computed(coordinator)
    weights = Weights.objects.add_version(by=coordinator, at=AT, use=False, way=0)
    other = alternatives.compare(made, weights, by=coordinator, at=AT)
    claimed = computing.claim(other.pk, at=AT)
    rounds.lock(made, [made.pairs.order_by("pk").first().pk], True, by=coordinator, at=AT)

    computing.compute(claimed, at=AT)

    other.refresh_from_db()
    assert other.outdated
    assert not other.pairs.exists()


def test_a_comparison_needs_drafts_and_another_version(coordinator, two_by_two):
    made = computed(coordinator)
    fresh = rounds.draw_up("Summer", by=coordinator, at=AT)
    second = Weights.objects.add_version(by=coordinator, at=AT, use=False)

    with pytest.raises(MatchingRound.SameWeights):
        alternatives.compare(made, made.weights, by=coordinator, at=AT)
    with pytest.raises(MatchingRound.NotNow):
        alternatives.compare(fresh, second, by=coordinator, at=AT)


def test_asking_twice_for_the_same_comparison_has_it_computed_once(coordinator, two_by_two):
    made = computed(coordinator)
    second = Weights.objects.add_version(by=coordinator, at=AT, use=False)

    first, again = (alternatives.compare(made, second, by=coordinator, at=AT) for _ in range(2))

    assert first == again


def test_an_alternative_is_in_no_list_and_never_goes_out(coordinator, two_by_two):
    made = computed(coordinator)
    other = compared(made, coordinator, way=0)

    assert set(MatchingRound.objects.visible_to(coordinator)) == {made}
    assert set(MatchingRound.objects.in_draft()) == {made}
    with pytest.raises(MatchingRound.NotNow):
        publishing.publish(other, by=coordinator, at=AT)


def test_publishing_takes_the_comparison_with_it(coordinator, two_by_two):
    made = computed(coordinator)
    compared(made, coordinator, way=0)

    publishing.publish(made, by=coordinator, at=AT)

    assert MatchingRound.objects.count() == 1


def test_a_killed_worker_leaves_no_half_comparison_and_another_takes_over(
    coordinator, two_by_two, monkeypatch
):
    made = computed(coordinator)
    weights = Weights.objects.add_version(by=coordinator, at=AT, use=False, way=0, setting=500)
    other = alternatives.compare(made, weights, by=coordinator, at=AT)

    def dies(*_args, **_facts):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(LeftOut.objects, "bulk_create", dies, raising=False)
        with pytest.raises(SystemExit):
            computing.compute(computing.claim(other.pk, at=AT), at=AT)
    assert not other.pairs.exists()
    MatchingRound.objects.filter(pk=other.pk).update(leased_until=AT)
    computing.compute(computing.claim(other.pk, at=AT + timedelta(hours=1)), at=AT)

    assert other.pairs.count() == 2


def test_a_removed_pair_does_not_come_back_when_the_rest_is_assigned_again(coordinator, topic):
    MentoringRequestFactory(methods=[topic])
    MentorProfileFactory(methods=[topic])
    made = computed(coordinator)
    pair = made.pairs.get()

    rounds.override(pair, None, reason="They know each other", by=coordinator, at=AT)
    left = made.left_outs.count()
    rounds.start(made, by=coordinator, at=AT)
    tasks.solve_round(round=made.pk)

    assert left == 1
    assert not made.pairs.exists()
    assert SetApart.objects.get().reason == "They know each other"


def test_a_removed_pair_stays_apart_in_suggestions_too_and_nobody_tells_them_why(
    coordinator, topic, sign_in
):
    asked = MentoringRequestFactory(methods=[topic])
    removed = MentorProfileFactory(methods=[topic], person__name="Carol Brown")
    pair = computed(coordinator).pairs.get()
    other = MentorProfileFactory(methods=[topic], person__name="Dafydd Rees")
    for rank, profile in enumerate([removed, other], 1):
        Suggestion.objects.create(request=asked, profile=profile, rank=rank, made_at=AT)

    rounds.override(pair, None, reason="They know each other", by=coordinator, at=AT)
    kept = list(asked.suggestions.values_list("profile", flat=True))
    asking.want_suggestions(asked, at=AT)
    tasks.suggest(request=asked.pk)

    told = sign_in(asked.mentee).get(asked.get_absolute_url()).content.decode()
    assert kept == list(asked.suggestions.values_list("profile", flat=True)) == [other.pk]
    assert "Dafydd Rees" in told
    assert "Carol Brown" not in told
    assert "They know each other" not in told
    assert not pool.may_pair(asked, removed)


def test_who_is_left_out_reads_what_would_help_once_the_round_is_published(coordinator, topic):
    asked = MentoringRequestFactory(methods=[topic], in_english=False, in_welsh=True)
    MentorProfileFactory(methods=[topic])
    made = computed(coordinator)

    said = made.left_outs.get().widen
    publishing.publish(made, by=coordinator, at=AT + timedelta(minutes=1))
    tasks.publish_round(round=made.pk)

    asked.refresh_from_db()
    assert said == asked.widen == ["language"]


def test_two_locked_pairs_stay_and_the_rest_is_the_best_around_them(coordinator, topic):
    MentoringRequestFactory.create_batch(5, methods=[topic])
    MentorProfileFactory.create_batch(5, methods=[topic], capacity=1)
    made = computed(coordinator)
    first, second = made.pairs.order_by("pk")[:2]

    locked = rounds.lock(made, [first.pk, second.pk], True, by=coordinator, at=AT)
    rounds.start(made, by=coordinator, at=AT)
    tasks.solve_round(round=made.pk)

    made.refresh_from_db()
    assert (locked, made.pairs.count(), made.proven) == (2, 5, True)
    assert set(made.pairs.locked()) == {first, second}


@pytest.mark.django_db(transaction=True)
def test_using_and_locking_at_once_never_give_a_mentor_more_than_their_places(staff):
    """Without the hold on the round, a pair locked meanwhile would stand beside its replacement."""
    coordinator, topic = staff("coordinator"), TopicFactory()
    MentoringRequestFactory(methods=[topic], setting="hospital", **STEPS)
    MentoringRequestFactory(methods=[topic], setting="community", **OPENLY)
    MentorProfileFactory(methods=[topic], setting="community", capacity=1, **STEPS)
    MentorProfileFactory(methods=[topic], setting="hospital", capacity=1, **OPENLY)
    made = computed(coordinator)
    other = compared(made, coordinator, way=0, setting=500)
    pair = made.pairs.order_by("pk").first()
    start, wrong = Barrier(2), []

    def race(verb):
        start.wait()
        try:
            verb()
        except (MatchingRound.NothingToUse, MatchingRound.NotNow):
            pass
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    racers = [
        Thread(
            target=race,
            args=[lambda: rounds.lock(made, [pair.pk], True, by=coordinator, at=AT)],
        ),
        Thread(target=race, args=[lambda: alternatives.use(made, other.pk, by=coordinator, at=AT)]),
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert not wrong
    assert RoundPair.objects.filter(round=made).count() == 2
    assert len(set(mentors(made).values())) == 2


def test_why_two_people_were_set_apart_goes_when_one_of_them_is_erased(coordinator, topic):
    MentoringRequestFactory(methods=[topic])
    MentorProfileFactory(methods=[topic])
    pair = computed(coordinator).pairs.get()
    rounds.override(pair, None, reason="They know each other", by=coordinator, at=AT)

    SetApart.objects.forget(pair.profile.person)

    assert not SetApart.objects.exists()
