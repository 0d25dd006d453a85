"""The page of one pair of a round: somebody else for a request, or nobody, with the reason."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from academy.models import AuditEvent
from connections import tasks
from connections.actions import asking, rounds
from connections.models import (
    MatchingRound,
    MentoringRequest,
    RoundPair,
    SetApart,
    StillThere,
    Weights,
)
from tests.factories import MembershipFactory, TopicFactory
from tests.factories.connections import (
    MentoringRequestFactory,
    MentorProfileFactory,
    drafted_pair,
)
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db
WHY = "They asked for her"


def mentor(topic, name, **facts):
    return MentorProfileFactory(methods=[topic], person__name=name, **facts)


@pytest.fixture
def pair(coordinator, topic):
    request = MentoringRequestFactory(
        methods=[topic], mentee__name="Mair Huws", words="CANARY", kind="mentoring"
    )
    return drafted_pair(request, mentor(topic, "Carol Brown"), by=coordinator)


def at(pair):
    return reverse("connections:round_pair", args=[pair.round_id, pair.pk])


def read(client, pair):
    return client.get(at(pair)).content.decode()


def found(client, pair, name):
    return client.get(at(pair), {"q": name}).content.decode()


def chosen_from(told):
    """The names on the cards, without the card of nobody."""
    names = re.findall(r"nhsuk-radios__label[^>]*>\s*([^<]+?)\s*</label>", told)
    assert names.pop() == "Nobody: leave out this request"
    return names


def send(client, pair, mentor, reason=WHY, **how):
    return client.post(at(pair), {"mentor": getattr(mentor, "pk", mentor), "reason": reason}, **how)


@pytest.mark.parametrize(
    ("kind", "said"), [("mentoring", "Mentoring"), ("either", "Mentoring or coaching")]
)
def test_the_page_says_what_is_asked_for_who_is_drafted_and_why(desk, pair, kind, said):
    MentoringRequest.objects.filter(pk=pair.request_id).update(kind=kind)

    told = read(desk, pair)

    assert "Mair Huws" in told
    assert f"What is asked for: {said} · Run charts · English · Online" in told
    assert "Carol Brown" in told
    assert "CANARY" not in told


def test_others_are_offered_with_their_reasons_and_the_places_left_in_this_round(
    desk, coordinator, pair, topic
):
    free = mentor(topic, "Dafydd Rees", capacity=3, places_taken=1)
    used = mentor(topic, "Elin Used Up", capacity=1)
    place = MembershipFactory(person=free.person).organisation.name
    for profile in (free, used):
        RoundPair.objects.create(
            round=pair.round, request=MentoringRequestFactory(methods=[topic]), profile=profile
        )

    told = read(desk, pair)

    assert told.count('type="radio"') == 2
    assert "Dafydd Rees" in told
    assert "1 place is left in this round." in told
    assert told.count(place) == 1
    assert told.count("Run charts.</li>") == 1
    assert "Elin Used Up" not in told
    assert "Nobody: leave out this request" in told


def test_ten_others_at_most_are_offered(desk, pair, topic):
    MentorProfileFactory.create_batch(12, methods=[topic])

    assert read(desk, pair).count('type="radio"') == 11


def test_another_mentor_is_locked_in_and_the_rounds_page_says_so(desk, coordinator, pair, topic):
    other = mentor(topic, "Dafydd Rees")

    answer = send(desk, pair, other)
    told = desk.get(answer.url).content.decode()

    pair.refresh_from_db()
    event = AuditEvent.objects.get(verb="connections.pair_overridden")
    assert answer.url == pair.round.get_absolute_url()
    assert "Mair Huws is with Dafydd Rees in this round now, and the pair is locked." in told
    assert (pair.profile, pair.locked, pair.override_reason) == (other, True, WHY)
    assert (event.actor, event.reason) == (coordinator, WHY)


def test_a_removed_pair_leaves_the_request_open_and_the_rounds_page_says_why(desk, pair):
    answer = send(desk, pair, "nobody")
    told = desk.get(answer.url).content.decode()

    pair.request.refresh_from_db()
    assert answer.url == pair.round.get_absolute_url()
    assert "Mair Huws is left out of this round now. Their request stays open" in told
    assert not RoundPair.objects.exists()
    assert SetApart.objects.get().reason == WHY
    assert pair.request.state == "looking"


def test_what_is_missing_is_said_and_what_was_ticked_and_typed_stays(desk, pair, topic):
    other = mentor(topic, "Dafydd Rees")

    silent = send(desk, pair, other, reason="  ").content.decode()
    unticked = desk.post(at(pair), {"reason": WHY}).content.decode()
    nonsense = [send(desk, pair, one).content.decode() for one in ("x", "\x00", "9" * 17, "9" * 40)]

    assert silent.count("Write why this is better") == 2
    assert f'value="{other.pk}" checked' in silent
    assert unticked.count("Choose somebody, or nobody") == 2
    assert WHY in unticked
    for told in nonsense:
        assert told.count("Choose one of the people in the list, or nobody") == 2
    assert RoundPair.objects.get().profile == pair.profile


def test_who_is_full_meanwhile_or_must_stay_apart_is_refused_with_a_word(desk, pair, topic):
    full = mentor(topic, "Elin Used Up", capacity=1)
    RoundPair.objects.create(round=pair.round, request=MentoringRequestFactory(), profile=full)
    mate = mentor(topic, "Ffion Mate")
    board = MembershipFactory(person=mate.person, team="Ward 4").organisation
    MembershipFactory(person=pair.request.mentee, organisation=board, team="Ward 4")

    too_full = send(desk, pair, full).content.decode()
    too_near = send(desk, pair, mate).content.decode()

    assert too_full.count("Elin Used Up has no place left in this round.") == 2
    assert too_near.count("Mair Huws and Ffion Mate must stay apart, or share no language") == 2
    assert WHY in too_full
    assert chosen_from(too_near) == []
    assert RoundPair.objects.get(request=pair.request).profile == pair.profile


@pytest.mark.parametrize("meanwhile", [{"paused": True}, {"state": "waiting"}])
def test_who_takes_nobody_meanwhile_is_refused_for_that_and_not_for_want_of_a_place(
    desk, pair, topic, meanwhile
):
    other = mentor(topic, "Gwen Pausing")
    type(other).objects.filter(pk=other.pk).update(**meanwhile)

    told = send(desk, pair, other).content.decode()

    assert told.count("Gwen Pausing takes nobody new just now. Choose somebody else.") == 2
    assert "no place left" not in told
    assert RoundPair.objects.get().profile == pair.profile


def test_nobody_else_is_told_with_what_would_help_and_removal_stays_open(desk, pair, topic):
    mentor(topic, "Welsh Alone", in_english=False, in_welsh=True)

    told = read(desk, pair)

    assert "Nobody else is possible for this request in this round." in told
    assert "Others could help if the other language would suit them too." in told
    assert told.count('type="radio"') == 1
    assert "Nobody: leave out this request" in told


def test_where_the_round_has_given_every_place_that_is_what_stands_in_the_way(desk, pair, topic):
    used = mentor(topic, "Elin Used Up", capacity=1)
    RoundPair.objects.create(round=pair.round, request=MentoringRequestFactory(), profile=used)

    assert "Whoever would suit them has no place left in this round." in read(desk, pair)


def test_whom_the_weights_shut_out_is_not_put_on_the_choices_of_the_mentee(
    desk, coordinator, pair, topic
):
    pair.request.methods.add(TopicFactory())
    mentor(topic, "Dafydd Rees")
    strict = Weights.objects.add_version(by=coordinator, at=AT, minimum=800)
    MatchingRound.objects.filter(pk=pair.round_id).update(weights=strict)

    told = read(desk, pair)

    assert "The weights of this round stand in the way, not their choices" in told
    assert "named another skill or topic" not in told


def test_a_round_that_has_moved_on_is_said_kindly_and_changes_nothing(
    desk, coordinator, pair, topic
):
    other = mentor(topic, "Dafydd Rees")
    rounds.abandon(pair.round, by=coordinator, at=AT)

    told = read(desk, pair)
    sent = send(desk, pair, other, follow=True).content.decode()

    pair.refresh_from_db()
    assert "This cannot be done now" in told
    assert "the round has moved on meanwhile" in sent
    assert pair.profile != other


def test_a_pair_that_is_gone_or_of_another_round_has_no_page(desk, coordinator, pair, topic):
    stranger = drafted_pair(MentoringRequestFactory(), mentor(topic, "Away"), by=coordinator)
    addresses = [
        reverse("connections:round_pair", args=[pair.round_id, number])
        for number in (stranger.pk, pair.pk + 1000)
    ]

    assert [desk.get(one).status_code for one in addresses] == [404, 404]
    assert [desk.post(one, {}).status_code for one in addresses] == [404, 404]


def test_a_pair_replaced_between_reading_and_pressing_is_not_said_to_be_changed(
    coordinator, pair, topic
):
    RoundPair.objects.filter(pk=pair.pk).delete()

    for other in (mentor(topic, "Dafydd Rees"), None):
        with pytest.raises(MatchingRound.NotNow):
            rounds.override(pair, other, reason=WHY, by=coordinator, at=AT)

    pair.round.refresh_from_db()
    assert pair.round.left_out == 0
    assert not AuditEvent.objects.filter(verb__startswith="connections.pair").exists()


def test_the_rounds_page_leads_to_the_page_of_each_pair(desk, pair):
    told = desk.get(pair.round.get_absolute_url()).content.decode()

    assert f'href="{at(pair)}"' in told
    assert "/admin/connections/roundpair/" not in told


def test_a_chosen_mentor_stays_when_the_rest_is_assigned_again(desk, coordinator, pair, topic):
    other = mentor(topic, "Dafydd Rees")
    send(desk, pair, other)

    rounds.start(pair.round, by=coordinator, at=AT)
    tasks.solve_round(round=pair.round_id)

    assert RoundPair.objects.get(request=pair.request).profile == other


@pytest.mark.parametrize("many", [1, 3, 10])
def test_the_page_costs_the_same_however_many_are_offered(
    desk, pair, topic, many, django_assert_max_num_queries
):
    MentorProfileFactory.create_batch(many, methods=[topic])

    # the frame 2; round, pair; places given; the request, and offers read twice where they are few;
    # those who are shown, and the topics of both sides and of the reasons
    with django_assert_max_num_queries(20):
        told = read(desk, pair)

    assert told.count('type="radio"') == many + 1


def test_anybody_with_a_place_left_is_found_by_name_and_chosen(desk, pair, topic):
    MentorProfileFactory.create_batch(12, methods=[topic])
    far = mentor(TopicFactory(), "Gwenllian Far", capacity=2)
    address = f"{at(pair)}?q=llian+FAR"

    told = found(desk, pair, " llian FAR ")
    silent = desk.post(address, {"mentor": far.pk}).content.decode()
    desk.post(address, {"mentor": far.pk, "reason": WHY})

    assert told.count('type="radio"') == 2
    assert chosen_from(told) == ["Gwenllian Far"]
    assert "2 places are left in this round." in told
    assert "Both can talk in English.</li>" in told
    assert "Found for “llian FAR”" in told
    assert "Not possible" not in told
    assert f'value="{far.pk}" checked' in silent
    assert RoundPair.objects.get().profile == far


def test_who_is_found_and_not_possible_is_named_with_the_reason(desk, pair, topic):
    used = mentor(topic, "Rhys Full", capacity=1)
    RoundPair.objects.create(round=pair.round, request=MentoringRequestFactory(), profile=used)
    mentor(topic, "Rhys Busy", capacity=1, places_taken=1)
    mentor(topic, "Rhys Paused", paused=True)
    mentor(topic, "Rhys Welsh", in_english=False, in_welsh=True)
    mentor(topic, "Rhys Coach", offers_mentoring=False, offers_coaching=True)
    mate = mentor(topic, "Rhys Mate", capacity=1, places_taken=1)
    board = MembershipFactory(person=mate.person, team="Ward 4").organisation
    MembershipFactory(person=pair.request.mentee, organisation=board, team="Ward 4")

    waits = MentoringRequestFactory(mentee=pair.request.mentee)
    asking.ask(waits, mentor(topic, "Rhys Asked"), at=AT)

    told = found(desk, pair, "rhys")

    assert told.count('type="radio"') == 1
    for said in (
        "Mair Huws has asked Rhys Asked already with another request.",
        "Rhys Full has no place left in this round.",
        "Rhys Busy has no place left in this round.",
        "Rhys Paused is taking a pause.",
        "Mair Huws and Rhys Welsh share no language.",
        "Rhys Coach does not offer the kind of help that is asked for.",
        "Mair Huws and Rhys Mate must stay apart.",
    ):
        assert told.count(f"<li>{said}</li>") == 1
    assert "Carol Brown is drafted for this request already." in found(desk, pair, "carol")


def test_who_does_not_mentor_or_asks_themselves_is_not_found(desk, pair, topic):
    mentor(topic, "Rhys Draft", state="draft")
    mentor(topic, "Rhys Gone", person__is_active=False)
    MentorProfileFactory(person=pair.request.mentee, methods=[topic])

    for name in ("Rhys", "Mair Huws", "100%"):
        told = found(desk, pair, name)
        assert "Nobody of this name mentors or coaches. Try a part of the name." in told
        assert "Not possible" not in told
        assert told.count('type="radio"') == 1


def test_of_a_common_name_who_has_a_place_comes_first_and_more_are_spoken_of(desk, pair, topic):
    for number in range(10):
        mentor(topic, f"Ann Busy {number}", capacity=1, places_taken=1)
    mentor(topic, "Ann Free")

    told = found(desk, pair, "ann")

    assert chosen_from(told) == ["Ann Free"]
    assert told.count("has no place left in this round.</li>") == 9
    assert "There are more of this name" in told
    assert "There are more of this name" not in found(desk, pair, "ann busy 1")


def test_a_card_and_the_drafted_pair_say_that_a_mentor_was_asked_and_is_silent(desk, pair, topic):
    quiet = mentor(topic, "Dafydd Quiet", changed_at=AT)
    mentor(topic, "Elin Here")
    said = "We have asked this mentor whether they still take people; no answer yet."
    StillThere.objects.create(profile=quiet, asked_at=AT + timedelta(days=1))

    assert read(desk, pair).count(said) == 1
    assert found(desk, pair, "quiet").count(said) == 1
    assert said not in found(desk, pair, "elin")

    StillThere.objects.create(profile=pair.profile, asked_at=now())
    assert found(desk, pair, "elin").count(said) == 1


@pytest.mark.parametrize("many", [1, 4, 8])
def test_a_search_costs_the_same_however_many_are_found(
    desk, pair, topic, many, django_assert_max_num_queries
):
    for number in range(many):
        mentor(topic, f"Ann Free {number}")
        mentor(topic, f"Ann Full {number}", capacity=1, places_taken=1)

    # the frame 2; round, pair; places given; those of the name; the request, their offers, work and
    # who stays apart; the topics of both sides and of the reasons
    with django_assert_max_num_queries(16):
        told = found(desk, pair, "ann")

    assert told.count('type="radio"') == many + 1
