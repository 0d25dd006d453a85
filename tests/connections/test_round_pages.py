"""A coordinator's pages of a round: begin, watch, look over, lock, compare, publish."""

import uuid

import pytest
from django.urls import reverse
from django.utils.timezone import now

from connections import tasks
from connections.actions import alternatives, asking, publishing, rounds
from connections.models import MatchingRound, MentorProfile, RoundPair, StillThere, Weights
from tests.factories import TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(staff):
    return staff("coordinator")


@pytest.fixture
def desk(coordinator, sign_in):
    return sign_in(coordinator)


def people(many, *, places=1):
    topic = TopicFactory(name_en="Run charts")
    MentoringRequestFactory.create_batch(many, methods=[topic])
    MentorProfileFactory.create_batch(many, methods=[topic], capacity=places)


def computed(by, **facts):
    made = rounds.draw_up("Spring", by=by, seed=7, at=AT, **facts)
    rounds.start(made, by=by, at=AT)
    tasks.solve_round(round=made.pk)
    made.refresh_from_db()
    return made


def at(name, round):
    return reverse(f"connections:{name}", args=[round.pk])


def read(client, name, round, query=""):
    return client.get(at(name, round) + query).content.decode()


def shown_drafts(client, round):
    """What the page that asks before a round goes out sends with its yes."""
    return {"drafts": client.get(at("publish_round", round)).context["drafts"]}


def test_a_round_is_begun_once_however_often_the_form_is_sent(desk):
    sent = {"title": "Spring", "token": str(uuid.uuid4())}

    for _ in range(2):
        desk.post(reverse("connections:rounds"), sent)
    nameless = desk.post(reverse("connections:rounds"), {**sent, "title": " "})

    assert MatchingRound.objects.count() == 1
    assert "Give the round a name" in nameless.content.decode()


def test_a_coordinator_begins_assigns_locks_and_publishes(desk):
    people(3)
    desk.post(reverse("connections:rounds"), {"title": "Spring", "token": str(uuid.uuid4())})
    made = MatchingRound.objects.get()

    desk.post(at("assign_round", made))
    waiting = read(desk, "round", made)
    tasks.solve_round(round=made.pk)
    drafts = read(desk, "round", made)
    two = [str(pk) for pk in made.pairs.order_by("pk").values_list("pk", flat=True)[:2]]
    locked = desk.post(at("lock_pairs", made), {"pair": two, "locked": "yes"}, follow=True)
    desk.post(at("publish_round", made), shown_drafts(desk, made))
    tasks.publish_round(round=made.pk)

    made.refresh_from_db()
    assert "<progress" in waiting
    assert "Reading who waits and who has a place." in waiting
    assert "of 100 parts" not in waiting
    assert drafts.count("This help is asked for and offered: Run charts.") == 3
    assert "2 pairs are locked" in locked.content.decode()
    assert (made.state, made.pairs.locked().count()) == ("published", 2)


@pytest.mark.parametrize("changed", ["assigned again", "somebody else", "removed"])
def test_a_yes_publishes_the_drafts_the_coordinator_saw_and_no_others(desk, coordinator, changed):
    people(2)
    made = computed(coordinator)
    seen = shown_drafts(desk, made)
    spare = MentorProfileFactory(methods=list(MentorProfile.objects.first().methods.all()))

    pair = made.pairs.first()
    if changed == "assigned again":
        MentorProfile.objects.filter(pk=pair.profile_id).update(paused=True)
        rounds.start(made, by=coordinator, at=AT)
        tasks.solve_round(round=made.pk)
    else:
        other = spare if changed == "somebody else" else None
        rounds.override(pair, other, reason="They know each other", by=coordinator, at=AT)
    stale = desk.post(at("publish_round", made), seen, follow=True)
    made.refresh_from_db()
    state = made.state
    desk.post(at("publish_round", made), shown_drafts(desk, made))

    made.refresh_from_db()
    assert "The drafts have changed since you opened that page" in stale.content.decode()
    assert (state, made.state) == ("drafts", "publishing")


def test_nothing_ticked_nonsense_and_another_rounds_pairs_change_nothing(desk, coordinator):
    people(2)
    made, other = computed(coordinator), computed(coordinator)

    for pairs in ([], ["x", "\x00", "9" * 40], [str(other.pairs.first().pk)]):
        answer = desk.post(at("lock_pairs", made), {"pair": pairs, "locked": "yes"}, follow=True)
        assert answer.status_code == 200
    desk.post(at("lock_pairs", made), {"pair": ["1"], "locked": "perhaps"})

    assert not RoundPair.objects.locked().exists()


def test_pairs_are_found_by_a_name_of_either_and_by_their_lock(desk, coordinator):
    people(3)
    made = computed(coordinator)
    first, second, _third = made.pairs.named()
    rounds.lock(made, [second.pk], True, by=coordinator, at=AT)

    by_name = read(desk, "round", made, f"?q={first.profile.person.name}")
    by_lock = read(desk, "round", made, "?locked=1")
    neither = read(desk, "round", made, "?q=%00nobody")

    assert (by_name.count('name="pair"'), by_lock.count('name="pair"')) == (1, 1)
    assert first.request.mentee.name in by_name
    assert second.request.mentee.name in by_lock
    assert "No pair fits that." in neither


def test_what_can_no_longer_be_done_is_said_kindly(desk, coordinator):
    people(2)
    made = computed(coordinator)
    rounds.abandon(made, by=coordinator, at=AT)

    for name in ("assign_round", "publish_round", "abandon_round", "keep_drafts"):
        answer = desk.post(at(name, made), follow=True)
        assert "the round has moved on meanwhile" in answer.content.decode(), name


def test_the_comparison_says_in_words_what_would_change(desk, coordinator):
    people(2)
    made = computed(coordinator)
    alone = read(desk, "what_if", made)
    weights = Weights.objects.add_version(
        by=coordinator, at=AT, use=False, way=0, why="Ways do not count"
    )

    started = desk.post(at("what_if", made), {"weights": weights.pk}, follow=True)
    wrong = desk.post(at("what_if", made), {"weights": "nonsense"})
    other = made.alternative()
    tasks.solve_round(round=other.pk)
    told = read(desk, "what_if", made)
    used = desk.post(at("use_alternative", made), {"alternative": other.pk}, follow=True)
    again = desk.post(at("use_alternative", made), {"alternative": other.pk}, follow=True)

    made.refresh_from_db()
    assert "There is only one version of the weights." in alone
    assert "<progress" in started.content.decode()
    assert "Choose one of the versions in the list" in wrong.content.decode()
    assert "If version 2 were used" in told
    assert "Nothing would change: both versions put the same people together." in told
    assert "Ways do not count" in told
    assert "The drafts go by version 2 of the weights now." in used.content.decode()
    assert "This comparison is not there any more" in again.content.decode()
    assert made.weights == weights


def compared(desk, coordinator, made, **worths):
    weights = Weights.objects.add_version(by=coordinator, at=AT, use=False, **worths)
    other = alternatives.compare(made, weights, by=coordinator, at=AT)
    tasks.solve_round(round=other.pk)
    return read(desk, "what_if", made)


def test_changes_of_the_pool_since_the_drafts_are_admitted(desk, coordinator):
    people(2)
    made = computed(coordinator)
    MentorProfileFactory()

    same = compared(desk, coordinator, made, way=0)
    MentorProfile.objects.update(capacity=1, places_taken=1)
    differs = compared(desk, coordinator, made, way=1)

    changed = "People or places have changed since the drafts were computed"
    assert f"{changed}. Assign again first" in same
    assert "Nothing would change" in same
    assert "part of the difference" not in same
    assert f"{changed}, so part of the difference comes from that." in differs


def test_another_version_with_the_same_values_is_said_to_change_nothing(desk, coordinator):
    people(2)
    made = computed(coordinator)
    says = "Version 2 has the same values as version 1, so nothing changes by it."

    told = compared(desk, coordinator, made)
    MentorProfile.objects.update(capacity=1, places_taken=1)
    made.alternatives.all().delete()
    later = compared(desk, coordinator, made)

    assert says in told
    assert "All that differs comes from" not in told
    assert "Nothing would change" not in told
    assert says.replace("2", "3") in later
    assert "All that differs comes from" in later
    assert "part of the difference" not in later


def test_a_put_away_comparison_says_why_and_offers_another(desk, coordinator):
    people(2)
    made = computed(coordinator)
    weights = Weights.objects.add_version(by=coordinator, at=AT, use=False)
    alternatives.compare(made, weights, by=coordinator, at=AT)
    rounds.lock(made, [made.pairs.first().pk], True, by=coordinator, at=AT)

    told = read(desk, "what_if", made)

    assert "this comparison was put away" in told
    assert "Which version of the weights would you like to try?" in told


def test_who_is_left_out_is_listed_with_what_would_help(desk, coordinator):
    topic = TopicFactory()
    asked = MentoringRequestFactory(methods=[topic], in_english=False, in_welsh=True)
    MentorProfileFactory(methods=[topic])
    made = computed(coordinator)

    told = read(desk, "left_out", made)

    assert asked.mentee.name in told
    assert "Others could help if the other language would suit them too." in told


def test_a_pair_removed_by_hand_is_told_as_that_to_staff_and_to_nobody_else(
    desk, coordinator, sign_in
):
    people(1)
    made = computed(coordinator)
    pair = made.pairs.get()
    reason = "They share an office"
    rounds.override(pair, None, reason=reason, by=coordinator, at=now())

    told = read(desk, "left_out", made)
    publishing.publish(made, by=coordinator, at=AT)
    tasks.publish_round(round=made.pk)
    own = sign_in(pair.request.mentee).get(pair.request.get_absolute_url()).content.decode()

    name = pair.profile.person.name
    assert f"A coordinator removed the pair with {name}: “{reason}”. Assigning the rest" in told
    assert "No single choice stands in the way" not in told
    assert name not in own
    assert reason not in own
    assert "more mentors are needed" not in own


def test_whom_the_weights_shut_out_is_not_told_to_ask_for_something_else(desk, coordinator):
    one, other = TopicFactory(), TopicFactory()
    asked = MentoringRequestFactory(methods=[one, other])
    MentorProfileFactory(methods=[one])
    strict = Weights.objects.add_version(by=coordinator, at=AT, minimum=400)

    by_strict = read(desk, "left_out", computed(coordinator, weights=strict))
    MentorProfile.objects.update(capacity=1, places_taken=1)
    nobody_free = read(desk, "left_out", computed(coordinator, weights=strict))

    assert asked.mentee.name in by_strict
    assert "The weights of this round stand in the way, not their choices" in by_strict
    assert "named another skill or topic" not in by_strict
    assert "The weights of this round stand in the way" not in nobody_free


def test_a_round_in_which_nobody_waits_says_so_and_offers_nothing_to_publish(desk, coordinator):
    MentorProfileFactory()
    made = computed(coordinator)

    told = read(desk, "round", made)
    asked = read(desk, "publish_round", made)
    left_out = read(desk, "left_out", made)
    MentoringRequestFactory()
    desk.post(at("assign_round", made))
    tasks.solve_round(round=made.pk)
    later = read(desk, "round", made)

    assert "Assign everybody" in told
    assert told.count("Nobody waits for somebody now.") == 1
    for words in (
        "Publish this round",
        "Nobody could be paired",
        "Compare with",
        "left out",
        "looked at",
        "No better assignment",
        "Assign the rest again",
        "Pairs and why",
    ):
        assert words not in told, words
    assert "Nobody waits for somebody now." in left_out
    assert "Somebody was found for everybody." not in left_out
    assert "This cannot be done now" in asked
    for words in ("Publish this round", "looked at", "Pairs and why"):
        assert words in later, words
    assert "Nobody waits for somebody now." not in later


def test_a_mentor_who_was_asked_whether_they_are_still_there_is_marked_until_they_answer(
    desk, coordinator
):
    people(2)
    made = computed(coordinator)
    silent, heard = (pair.profile for pair in made.pairs.order_by("pk"))
    for profile in (silent, heard):
        StillThere.objects.create(profile=profile, asked_at=now())
    StillThere.objects.heard_from(heard.person, at=now())
    words = "We have asked this mentor whether they still take people; no answer yet."

    told = read(desk, "round", made)
    of_silent = read(desk, "round", made, f"?q={silent.person.name}")
    StillThere.objects.heard_from(silent.person, at=now())

    assert told.count(words) == of_silent.count(words) == 1
    assert words not in read(desk, "round", made)


def test_pairs_that_did_not_go_out_are_no_pairs_and_say_why(desk, coordinator):
    people(3)
    made = computed(coordinator)
    gone, full, _third = made.pairs.order_by("pk")
    asking.withdraw(gone.request, at=AT)
    MentorProfile.objects.filter(pk=full.profile_id).update(places_taken=1)
    publishing.publish(made, by=coordinator, at=AT)
    tasks.publish_round(round=made.pk)

    told = read(desk, "round", made)
    listed = desk.get(reverse("connections:rounds")).context["rounds"][0]

    assert "<b>1</b> pair</li>" in told
    assert "Nobody is left out" not in told
    assert "1 pair did not go out because the mentor had no place left" in told
    assert "1 person no longer looked when the round went out" in told
    assert (listed.pair_count, listed.left_out) == (1, 1)
    assert full.request.mentee.name in read(desk, "left_out", made)


def test_a_round_that_has_gone_out_or_was_abandoned_offers_neither_again(desk, coordinator):
    people(1)
    abandoned, published = computed(coordinator), computed(coordinator)
    rounds.abandon(abandoned, by=coordinator, at=AT)
    publishing.publish(published, by=coordinator, at=AT)
    tasks.publish_round(round=published.pk)

    for made, state in ((abandoned, "Abandoned"), (published, "Published")):
        for name in ("publish_round", "abandon_round"):
            told = read(desk, name, made)
            assert state in told
            assert "Yes, " not in told


def test_no_page_of_a_round_shows_points(desk, coordinator):
    people(3)
    made = computed(coordinator)
    worth = Weights.objects.get().methods

    pages = [read(desk, name, made) for name in ("round", "what_if", "left_out", "fairness")]

    assert not [page for page in pages if str(worth) in page or "score" in page.lower()]


@pytest.mark.parametrize("many", [1, 3])
def test_the_pages_cost_the_same_however_long(desk, coordinator, many, django_assert_num_queries):
    people(many)
    made = computed(coordinator)
    weights = Weights.objects.add_version(by=coordinator, at=AT, use=False, methods=10)
    tasks.solve_round(round=alternatives.compare(made, weights, by=coordinator, at=AT).pk)
    frame = 2  # the session's person with their roles, and their second factor

    with django_assert_num_queries(frame + 2):  # how many, the rounds
        desk.get(reverse("connections:rounds"))
    # round; how many, pairs, topics, organisations; the counts, and who has moved on
    with django_assert_num_queries(frame + 7):
        desk.get(at("round", made))
    with django_assert_num_queries(frame + 2):  # round; how many left out: none
        desk.get(at("left_out", made))
    # round, other; how many, counts, kinds (no changes here); is there a choice, twice the choice
    with django_assert_num_queries(frame + 8):
        desk.get(at("what_if", made))


def test_a_round_not_begun_says_of_nobody_that_somebody_was_found(desk, coordinator):
    made = rounds.draw_up("Spring", by=coordinator, at=AT)

    told = read(desk, "left_out", made)

    assert "Nothing is computed yet" in told
    assert "Somebody was found for everybody." not in told
