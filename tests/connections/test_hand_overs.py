"""Somebody else: a pair is handed over when all three say yes, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from academy.letters import compose
from academy.models import Conflict, Notification
from connections.actions import handing, keeping
from connections.hooks import hand_overs as offered
from connections.models import (
    Goal,
    HandOver,
    MentoringRequest,
    MentorProfile,
    Note,
    Relationship,
    RelationshipRules,
)
from connections.views.handovers import SHOWN
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, TopicFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.hand_overs import AT, DAY, asked_pair, handed, kinds_to
from tests.factories.relationships import current, goal, noted

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_mentor_proposes_the_mentee_agrees_and_the_new_mentor_says_yes():
    old, new = MentorProfileFactory(), MentorProfileFactory()
    pair = asked_pair(profile=old)
    kept, reached = goal(pair, "Goes along"), goal(pair, "Reached")
    Goal.objects.reach(reached, by=pair.mentor, at=AT)
    noted(pair, "Stays here")
    one = handed(pair, new, by=pair.mentor, words="She knows falls")

    assert not HandOver.objects.visible_to(new.person).exists()
    assert "connections.hand_over_offered" not in kinds_to(new.person)
    with pytest.raises(Relationship.Outsider):
        handing.agree(one, by=pair.mentor, goals=True, at=AT)
    with pytest.raises(HandOver.Settled):
        handing.accept(one, by=new.person, at=AT)
    for _again in range(2):
        handing.agree(one, by=pair.mentee, goals=True, at=AT)
    assert [asked.opened() for asked in HandOver.objects.visible_to(new.person)] == [
        "She knows falls"
    ]

    for _again in range(2):
        made = handing.accept(one, by=new.person, at=AT)
    pair.refresh_from_db()
    assert (pair.state, pair.why, made.state, made.kind) == (
        "ended",
        "handed",
        "waiting",
        pair.kind,
    )
    assert (made.mentor, made.mentee) == (new.person, pair.mentee)
    assert [one.words for one in Goal.objects.of(made).opened_by(made.mentee)] == ["Goes along"]
    assert Goal.objects.of(pair).get() == reached
    assert kept.pk == Goal.objects.of(made).get().pk
    assert Note.objects.of(pair).exists()
    assert not Note.objects.of(made).exists()
    assert handing.need_of(made) == pair.request
    for profile, places in ((old, 0), (new, 1)):
        profile.refresh_from_db()
        assert profile.places_taken == places
    assert "connections.hand_over_done" in kinds_to(pair.mentor)
    assert "connections.relationship_ended" not in kinds_to(pair.mentor)
    assert kinds_to(new.person).count("connections.relationship_begun") == 1


def test_a_mentee_asks_at_once_and_decides_about_the_goals():
    pair, new = current(), MentorProfileFactory()
    goal(pair, "Stays")
    one = handed(pair, new, goals=False)
    made = handing.accept(one, by=new.person, at=AT)

    assert one.offered_at == AT
    assert not Goal.objects.of(made).exists()
    assert Goal.objects.of(pair).exists()


@pytest.mark.parametrize("who", ["mentor", "mentee", "new"])
def test_any_of_the_three_says_no_and_nothing_changes(who):
    pair, new = current(), MentorProfileFactory()
    one = handed(pair, new)
    by = {"mentor": pair.mentor, "mentee": pair.mentee, "new": new.person}[who]
    for _again in range(2):
        HandOver.say_no(one.pk, by=by, at=AT)

    one.refresh_from_db()
    pair.refresh_from_db()
    assert (one.state, pair.state) == ("stopped", "current")
    with pytest.raises(HandOver.Settled):
        handing.accept(one, by=new.person, at=AT)
    told = [p for p in (pair.mentor, pair.mentee, new.person) if p != by]
    assert all(kinds_to(p).count("connections.hand_over_stopped") == 1 for p in told)
    assert "connections.hand_over_stopped" not in kinds_to(by)


def test_the_hard_rules_hold_for_a_hand_over_too():
    pair = current()
    place = OrganisationFactory()
    MembershipFactory(person=pair.mentee, organisation=place, team="Ward 9")
    team, coach, full, paused, conflict = (
        MentorProfileFactory(),
        MentorProfileFactory(offers_mentoring=False, offers_coaching=True),
        MentorProfileFactory(capacity=1, places_taken=1),
        MentorProfileFactory(paused=True),
        MentorProfileFactory(),
    )
    MembershipFactory(person=team.person, organisation=place, team="ward 9")
    Conflict.objects.create(person=pair.mentee, other=conflict.person, declared_at=AT)

    for profile, refusal in (
        (team, MentoringRequest.NotPossible),
        (coach, MentoringRequest.NotPossible),
        (conflict, MentoringRequest.NotPossible),
        (pair.mentor.mentor_profile, MentoringRequest.NotPossible),
        (full, MentorProfile.Full),
        (paused, MentorProfile.NotTaking),
    ):
        with pytest.raises(refusal):
            handed(pair, profile)
    assert not HandOver.objects.exists()


def test_the_same_form_twice_is_one_and_a_second_waits_for_the_first():
    pair, token = current(), uuid4()
    new, other = MentorProfileFactory(), MentorProfileFactory()

    assert handed(pair, new, token=token) == handed(pair, new, token=token)
    with pytest.raises(HandOver.Under):
        handed(pair, other, by=pair.mentor)


def test_when_the_pair_ends_or_nobody_answers_the_hand_over_stops():
    ended, late, new = current(), current(), MentorProfileFactory()
    one, two = handed(ended, new), handed(late, new)
    ended.end(by=ended.mentor, at=AT)

    assert handing.close_due(at=AT + 13 * DAY) == 0
    assert handing.close_due(at=AT + 14 * DAY) == 1
    one.refresh_from_db()
    two.refresh_from_db()
    late.refresh_from_db()
    assert (one.state, two.state, late.state) == ("stopped", "stopped", "current")


def test_a_new_mentor_who_leaves_is_no_longer_waited_for():
    pair, new = current(), MentorProfileFactory()
    one = handed(pair, new)
    new.person.deactivate(at=AT)

    one.refresh_from_db()
    assert one.state == "stopped"


def test_who_must_answer_is_told_so_and_letters_carry_no_word():
    mentor = PersonFactory(language="cy")
    pair, new = current(profile=MentorProfileFactory(person=mentor)), MentorProfileFactory()
    one = handed(pair, new, by=mentor, words="CANARY")

    (need,) = offered.hand_overs_to_answer(pair.mentee, at=AT)
    assert need.url == url("hand_over", pair.pk)
    handing.agree(one, by=pair.mentee, goals=True, at=AT)
    (need,) = offered.hand_overs_to_answer(new.person, at=AT)
    assert need.url == url("hand_over_answer", one.pk)
    handing.accept(one, by=new.person, at=AT)
    for letter in Notification.objects.filter(kind__startswith="connections.hand_over"):
        made = compose(letter)
        assert made is None or "CANARY" not in made.body
    assert list(offered.hand_overs_to_answer(new.person, at=AT)) == []


def test_the_pages_of_a_hand_over(sign_in):
    topic = TopicFactory()
    pair = asked_pair(at=now())
    new = MentorProfileFactory(person=PersonFactory(name="Nia Newydd"), methods=[topic])
    mentor, mentee, third = sign_in(pair.mentor), sign_in(pair.mentee), sign_in(new.person)
    here = url("hand_over", pair.pk)

    assert "Nia Newydd" in text(mentor.get(f"{here}?q=newydd"))
    assert "Nobody of this name" in text(mentor.get(f"{here}?q=%00x"))
    for wrong in ("x", "0", "99999999999", str(pair.mentor.mentor_profile.pk)):
        assert mentor.get(f"{here}?to={wrong}").status_code == 404
    there = f"{here}?to={new.pk}"
    assert "Nia Newydd" in text(mentor.get(there))
    said = {"words": "Kind words", "language": "en", "token": uuid4()}
    mentor.post(there, said)
    assert "A hand-over to Nia Newydd is proposed" in text(mentee.get(url("relationship", pair.pk)))
    one = HandOver.objects.get()
    assert third.get(url("hand_over_answer", one.pk)).status_code == 404
    assert "Kind words" in text(mentee.get(here))
    mentee.post(url("agree_hand_over", pair.pk), {"seen": one.pk, "goals": "on"})
    assert "Kind words" in text(third.get(url("hand_over_answer", one.pk)))
    answer = third.post(url("hand_over_answer", one.pk), {"answer": "yes"})
    assert answer.url == url("relationship", Relationship.objects.order_by("-pk").first().pk)
    page = text(mentee.get(url("relationship", pair.pk)))
    assert "Nia Newydd" in page
    assert "Kind words" not in text(sign_in(PersonFactory()).get(here))


@pytest.mark.parametrize("along", [True, False])
def test_a_pair_that_was_handed_over_says_to_whom_and_where_its_goals_are(sign_in, along):
    pair, new = current(), MentorProfileFactory(person=PersonFactory(name="Nia Newydd"))
    goal(pair, "Fewer falls", at=AT)
    handing.accept(handed(pair, new, goals=along), by=new.person, at=AT)

    page = text(sign_in(pair.mentee).get(url("relationship", pair.pk)))

    assert "Handed over to Nia Newydd." in page
    assert ("went along to the page with Nia Newydd" in page) == along
    assert ("Fewer falls" in page) != along


def test_what_is_kept_of_a_pair_goes_when_its_time_is_over():
    pair, new = current(), MentorProfileFactory()
    one = handed(pair, new, words="Words")
    handing.accept(one, by=new.person, at=AT)
    keeping.forget_words(at=AT + timedelta(days=RelationshipRules.current().kept_days))

    assert not HandOver.objects.exists()
    pair.refresh_from_db()
    assert pair.forgotten_at


@pytest.mark.parametrize("many", [1, 3, 50])
def test_finding_a_new_mentor_by_name_costs_the_same_however_many(
    many, sign_in, django_assert_num_queries
):
    pair = current()
    for number in range(many):
        MentorProfileFactory(person__name=f"Nia {number:02}")
    client = sign_in(pair.mentor)
    address = url("hand_over", pair.pk) + "?q=nia"
    client.get(address)

    # session, reader, pair, its hand-over, those found and how many, its need, the offer of its
    # mentor, why they may suit (four), who may be looked up and who said no before
    with django_assert_num_queries(14):
        page = text(client.get(address))
    assert page.count("c-choice") == min(many, SHOWN)
    assert ("The first 10 of 50: write more of the name." in page) == (many > SHOWN)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_hand_overs_that_wait_for_me_cost_the_same_however_many(many, django_assert_num_queries):
    new = MentorProfileFactory()
    for _one in range(many):
        pair = current()
        handed(pair, new, by=pair.mentee)

    with django_assert_num_queries(1):
        needs = list(offered.hand_overs_to_answer(new.person, at=AT))
    assert len(needs) == many
