"""A round whose drafts a hand has changed, or which people and places have moved on from."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from academy.models import Notification
from connections import tasks
from connections.actions import answering, asking, publishing, rounds
from connections.models import MentorProfile, Suggestion
from tests.factories import MembershipFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db
BEST = "No better assignment of everybody exists."
NOBODY = "Nobody could be paired this time"
DAY = timedelta(days=1)


@pytest.fixture
def three(coordinator, topic):
    """A round of three pairs, in drafts."""
    MentoringRequestFactory.create_batch(3, methods=[topic])
    MentorProfileFactory.create_batch(3, methods=[topic], capacity=1)
    return computed(coordinator)


def computed(by, **facts):
    made = rounds.draw_up("Spring", by=by, seed=7, at=AT, **facts)
    rounds.start(made, by=by, at=AT)
    tasks.solve_round(round=made.pk)
    made.refresh_from_db()
    return made


def remove(pair, coordinator):
    rounds.override(pair, None, reason="They share an office", by=coordinator, at=now())


def read(desk, name, round):
    return desk.get(reverse(f"connections:{name}", args=[round.pk])).content.decode()


def test_once_a_pair_is_changed_by_hand_the_round_is_not_called_the_best(desk, coordinator, three):
    before = read(desk, "round", three)
    remove(three.pairs.first(), coordinator)
    after = read(desk, "round", three)
    desk.post(reverse("connections:assign_round", args=[three.pk]))
    tasks.solve_round(round=three.pk)

    assert BEST in before
    assert BEST not in after
    assert BEST in read(desk, "round", three)


def test_with_locked_pairs_only_the_rest_is_called_the_best(desk, coordinator, three):
    rounds.lock(three, [three.pairs.first().pk], True, by=coordinator, at=AT)

    told = read(desk, "round", three)

    assert BEST not in told
    assert "Around the locked pairs no better assignment exists." in told


def test_a_round_emptied_by_hand_is_told_as_that(desk, coordinator, three):
    for pair in three.pairs.all():
        remove(pair, coordinator)

    told = read(desk, "round", three)
    asked = read(desk, "publish_round", three)

    assert "Every pair was removed by hand." in told
    assert NOBODY not in told
    assert "0 pairs" not in asked
    assert "This round has no pairs, so no mentor is asked." in asked
    assert "Yes, publish it" in asked


def test_a_round_in_which_nobody_fits_still_says_so(desk, coordinator, topic):
    MentoringRequestFactory(methods=[topic], in_english=False, in_welsh=True)
    MentorProfileFactory(methods=[topic])

    told = read(desk, "round", computed(coordinator))

    assert NOBODY in told
    assert "removed by hand" not in told


def test_a_round_says_which_of_its_pairs_can_still_go_out(desk, three):
    fresh = read(desk, "round", three)
    gone, full, _third = three.pairs.order_by("pk")
    asking.withdraw(gone.request, at=AT)
    MentorProfile.objects.filter(pk=full.profile_id).update(places_taken=1)

    told = read(desk, "round", three)
    asked = read(desk, "publish_round", three)

    moved_on = "Requests or places have moved on since this round was computed"
    assert moved_on not in fresh
    assert moved_on in told
    assert "1 mentor is asked, and both people of the pair are told." in asked
    for words in ("mentee has asked somebody themselves or closed", "mentor has no place left"):
        assert f"1 pair can no longer go out, because the {words}" in told, words
        assert f"1 pair can no longer go out, because the {words}" in asked, words
    assert "Yes, publish it" in asked


def test_what_the_page_promises_is_what_goes_out(desk, coordinator, topic):
    MentoringRequestFactory.create_batch(4, methods=[topic])
    two = MentorProfileFactory(methods=[topic], capacity=2)
    other = MentorProfileFactory(methods=[topic], capacity=2)
    made = computed(coordinator)
    MentorProfile.objects.filter(pk=two.pk).update(places_taken=1)
    MentorProfile.objects.filter(pk=other.pk).update(paused=True)

    asked = read(desk, "publish_round", made)
    publishing.publish(made, by=coordinator, at=AT)
    tasks.publish_round(round=made.pk)

    assert "1 mentor is asked" in asked
    assert "3 pairs can no longer go out" in asked
    assert made.pairs.filter(published_at__isnull=False).count() == 1


def test_a_round_of_which_nothing_can_go_out_offers_to_assign_again(desk, three):
    for pair in three.pairs.all():
        asking.withdraw(pair.request, at=AT)

    asked = read(desk, "publish_round", three)

    assert "No pair of this round can go out any more." in asked
    assert reverse("connections:assign_round", args=[three.pk]) in asked
    assert "Yes, publish it" not in asked
    assert "is asked" not in asked


def test_a_pair_shows_its_kind_where_both_work_and_leads_to_both(desk, coordinator, topic):
    request = MentoringRequestFactory(methods=[topic], kind="either")
    mentor = MentorProfileFactory(methods=[topic])
    places = [MembershipFactory(person=one).organisation for one in (request.mentee, mentor.person)]
    made = computed(coordinator)

    told = read(desk, "round", made)

    assert f"Either · {places[0].name}" in told
    assert f'<span class="why">{places[1].name}</span>' in told
    for url in (
        reverse("admin:connections_mentoringrequest_change", args=[request.pk]),
        mentor.get_absolute_url(),
    ):
        assert f'href="{url}"' in told
        assert desk.get(url).status_code == 200


def letters():
    return Notification.objects.filter(kind="connections.request_left_out")


def publish(round, coordinator, at):
    publishing.publish(round, by=coordinator, at=at)
    while publishing.publish_some(round.pk, at=at):
        pass


def test_whose_pair_was_removed_by_hand_hears_of_it_only_without_suggestions(
    desk, coordinator, three
):
    with_one, without, _third = three.pairs.order_by("pk")
    for pair in (with_one, without):
        remove(pair, coordinator)
    Suggestion.objects.create(
        request=with_one.request, profile=MentorProfileFactory(), made_at=AT, rank=1
    )

    asked = read(desk, "publish_round", three)
    publish(three, coordinator, now())

    assert "2 people are left out" in asked
    assert "We write to 1 of them; the others have suggestions" in asked
    assert [letter.person for letter in letters()] == [without.request.mentee]


@pytest.mark.parametrize(("days", "many"), [(13, 1), (15, 2)])
def test_nobody_hears_again_within_two_weeks_that_nobody_was_found(
    desk, coordinator, topic, days, many
):
    MentoringRequestFactory(methods=[topic])
    at = now() - days * DAY
    publish(computed(coordinator), coordinator, at)
    again = computed(coordinator)

    asked = read(desk, "publish_round", again)
    publish(again, coordinator, at + days * DAY)

    assert letters().count() == many
    assert ("We write to each of them." in asked) == (many == 2)
    assert ("We write to nobody" in asked) == (many == 1)


def accepted(request, profile):
    """This mentee asks this mentor themselves, who says yes."""
    asking.ask(request, profile, at=now())
    answering.accept(request, profile.person, kind="", words="", language="en", at=now())


def test_who_found_a_mentor_herself_before_it_went_out_is_not_left_out(desk, coordinator, topic):
    herself, closed, waits = MentoringRequestFactory.create_batch(3, methods=[topic])
    found = MentoringRequestFactory(methods=[topic])
    MentorProfileFactory(methods=[topic], capacity=1)
    made = computed(coordinator)
    paired = made.pairs.get().request
    alone = [one for one in (herself, closed, waits, found) if one != paired]
    accepted(paired, MentorProfileFactory())
    accepted(alone[0], MentorProfileFactory())
    asking.withdraw(alone[1], at=now())
    publish(made, coordinator, now())
    made.refresh_from_db()

    told, listed = read(desk, "round", made), read(desk, "left_out", made)

    assert made.left_out == 1
    assert "<b>1</b> person left out" in told
    assert "3 people no longer looked when the round went out" in told
    assert "Has found somebody meanwhile." in told  # beside the pair that did not go out
    assert alone[2].mentee.name in listed
    assert alone[0].mentee.name not in listed
    assert [letter.person for letter in letters()] == [alone[2].mentee]


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("accepted", "Has found somebody meanwhile."),
        ("asked", "Has asked somebody meanwhile, and waits for the answer."),
        ("declined", "They may choose somebody, or have us look again."),
        ("withdrawn", "No longer looks for somebody."),
    ],
)
def test_of_who_has_gone_on_since_the_page_says_so_instead_of_what_would_help(
    desk, coordinator, topic, then, words
):
    request, profile = MentoringRequestFactory(methods=[topic]), MentorProfileFactory()
    MentorProfile.objects.update(capacity=1, places_taken=1)
    made = computed(coordinator)
    publish(made, coordinator, now())
    before, label = read(desk, "left_out", made), 'data-label="What would help"'
    MentorProfile.objects.update(places_taken=0)
    if then == "accepted":
        accepted(request, profile)
    elif then in ("asked", "declined"):
        asking.ask(request, profile, at=now())
        if then == "declined":
            answering.decline(request, profile.person, words="", language="en", at=now())
    else:
        asking.withdraw(request, at=now())
    after = read(desk, "left_out", made)

    assert words not in before
    assert words in after
    assert label in before
    assert label not in after
    assert "more mentors are needed" in before
    assert "more mentors are needed" not in after
