"""More time, somebody else, a good end: whoever is asked says yes or no, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import override

from academy.letters import compose
from academy.models import Conflict, Notification
from connections import pool
from connections.actions import again, handing, keeping
from connections.hooks import hand_overs as offered
from connections.models import (
    Ending,
    Goal,
    HandOver,
    MentoringRequest,
    MentorProfile,
    Note,
    Relationship,
    RelationshipRules,
    extensions,
)
from connections.models.endings import quarter_of
from connections.views.handovers import SHOWN
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import agree, begin, current, goal, met, noted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = LONG_AGO + DAY


def kinds_to(person):
    return list(Notification.objects.of(person).values_list("kind", flat=True))


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def asked_pair(**facts):
    """A pair that began with a request."""
    request = MentoringRequestFactory()
    return current(request=request, mentee=request.mentee, **facts)


def handed(pair, profile, *, by=None, words="", goals=True, at=AT, token=None):
    return handing.propose(
        pair,
        profile,
        by=by or pair.mentee,
        words=words,
        language="en",
        goals=goals,
        token=token or uuid4(),
        at=at,
    )


# More time


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_a_later_end_needs_the_other_sides_yes(side):
    pair = current()
    one, later = getattr(pair, side), pair.ends_on + 90 * DAY
    extensions.propose(pair, until=later, by=one, at=AT)

    with pytest.raises(extensions.Changed):
        extensions.agree(pair, until=later, by=one, at=AT)
    for _again in range(2):
        extensions.agree(pair, until=later, by=pair.other(one), at=AT)
    assert (pair.ends_on, pair.later_on, pair.later_by) == (later, None, None)
    assert kinds_to(pair.other(one)).count("connections.extension_proposed") == 1
    assert kinds_to(one).count("connections.extension_agreed") == 1


def test_another_day_replaces_the_first_and_the_same_day_is_a_yes():
    pair = current()
    first, second = pair.ends_on + 30 * DAY, pair.ends_on + 60 * DAY
    extensions.propose(pair, until=first, by=pair.mentor, at=AT)
    extensions.propose(pair, until=second, by=pair.mentee, at=AT)

    with pytest.raises(extensions.Changed):
        extensions.agree(pair, until=first, by=pair.mentee, at=AT)
    extensions.propose(pair, until=second, by=pair.mentor, at=AT)
    assert (pair.ends_on, pair.later_on) == (second, None)


def test_the_end_stays_when_the_other_would_rather_not_and_the_past_is_no_end():
    pair = current()
    was = pair.ends_on
    with pytest.raises(extensions.NotLater):
        extensions.propose(pair, until=was, by=pair.mentor, at=AT)
    extensions.propose(pair, until=was + DAY, by=pair.mentor, at=AT)
    for _again in range(2):
        extensions.set_aside(pair, by=pair.mentee, at=AT)

    assert (pair.ends_on, pair.later_on) == (was, None)
    assert kinds_to(pair.mentor).count("connections.extension_kept") == 1
    with pytest.raises(Relationship.Outsider):
        extensions.propose(pair, until=was + DAY, by=PersonFactory(), at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.filter(pk=pair.pk).update(later_on=was + DAY)


def test_extending_is_one_form_and_one_press(sign_in):
    pair = current(at=now())
    mentor, mentee = sign_in(pair.mentor), sign_in(pair.mentee)
    day = mentor.get(url("extend", pair.pk)).context["form"]["until"].value()
    assert day > pair.ends_on

    early = {"until_day": "1", "until_month": "1", "until_year": str(localdate().year)}
    assert "The day must be after" in text(mentor.post(url("extend", pair.pk), early))
    said = {"until_day": day.day, "until_month": day.month, "until_year": day.year}
    mentor.post(url("extend", pair.pk), said)
    page = text(mentee.get(url("relationship", pair.pk)))
    assert "Yes, let us go on" in page
    for wrong in ({}, {"until": "x"}, {"until": "2020-01-01"}):
        mentee.post(url("agree_extension", pair.pk), wrong)
    mentee.post(url("agree_extension", pair.pk), {"until": day.isoformat()})
    pair.refresh_from_db()
    assert pair.ends_on == day


# Handing over


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
    mentee.post(url("agree_hand_over", pair.pk), {"goals": "on"})
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


# A good end, and somebody else


@pytest.mark.parametrize(("side", "thanked"), [("mentor", True), ("mentee", False)])
def test_each_side_reads_words_of_their_own_at_the_end(sign_in, side, thanked):
    pair, token = current(), str(uuid4())
    client = sign_in(getattr(pair, side))

    said = {"token": token, "language": "en", "words": "", "reason": ""}
    page = text(client.post(url("end", pair.pk), said, follow=True))

    assert "It has ended, without blame." in page
    assert ("Thank you for the time you gave" in page) == thanked


def test_a_pair_that_has_ended_offers_nothing_that_leads_nowhere(sign_in):
    pair = current()
    pair.end(by=pair.mentee, at=AT)

    page = text(sign_in(pair.mentor).get(url("relationship", pair.pk)))

    for words in ("If things change", "Two or three goals", "Record a meeting"):
        assert words not in page
    assert "Report a concern" in page


def test_a_reason_is_counted_without_a_name_and_shown_only_among_many():
    pairs = [current() for _each in range(9)]
    for number, pair in enumerate(pairs):
        for _again in range(2):
            pair.end(by=pair.mentee, reason="time" if number < 8 else "fit", at=AT)
    begin().end(by=Relationship.objects.order_by("-pk").first().mentee, at=AT)
    begin().end(by=Relationship.objects.order_by("-pk").first().mentee, reason="x", at=AT)

    assert dict(Ending.objects.values_list("reason", "times")) == {"time": 8, "fit": 1}
    assert not Ending.objects.shown(AT).exists()
    assert [one.reason for one in Ending.objects.shown(AT + 90 * DAY)] == ["time"]
    assert quarter_of(localdate(AT)).isoformat() == "2026-01-01"
    assert {f.name for f in Ending._meta.get_fields()} == {"id", "quarter", "reason", "times"}


def test_coordinators_see_counts_of_past_quarters_alone(staff, sign_in):
    client = sign_in(staff("coordinator"))
    long_ago = quarter_of(localdate() - 200 * DAY)
    Ending.objects.create(quarter=long_ago, reason="time", times=8)
    Ending.objects.create(quarter=long_ago, reason="fit", times=7)
    Ending.objects.create(quarter=quarter_of(localdate()), reason="quiet", times=20)
    page = text(client.get(reverse("admin:connections_ending_changelist")))

    assert "Time or work has changed" in page
    assert "Somebody else would suit better" not in page.split('id="result_list"')[1]
    assert "We lost touch" not in page.split('id="result_list"')[1]


def test_somebody_else_is_looked_for_in_one_press_and_former_mentors_stay_apart():
    profile = MentorProfileFactory()
    pair = asked_pair(profile=profile)
    topic = TopicFactory()
    pair.request.methods.set([topic])
    with pytest.raises(again.TooSoon):
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)
    for day in (2, 3):
        met(pair, at=LONG_AGO + day * DAY)
    with pytest.raises(Relationship.Outsider):
        again.look_for_another(pair, by=pair.mentor, token=uuid4(), at=AT)
    made = again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)

    pair.refresh_from_db()
    assert pair.ended
    assert (made.words, made.state) == (pair.request.words, "looking")
    assert list(made.methods.all()) == [topic]
    assert not pool.may_pair(made, profile)
    assert pool.may_pair(pair.request, profile)
    assert pool.may_pair(made, MentorProfileFactory())


def test_whom_the_mentee_passed_over_or_had_before_is_not_suggested_anew():
    pair = asked_pair()
    former, elsewhere = current(mentee=pair.mentee), current(mentee=pair.mentee)
    former.end(by=former.mentee, at=AT)
    passed, declined, silent = MentorProfileFactory.create_batch(3)
    for profile, outcome in ((passed, "passed"), (declined, "declined"), (silent, "expired")):
        pair.request.suggestions.create(
            profile=profile, outcome=outcome, made_at=AT, asked_at=AT, answered_at=AT
        )
    pair.end(by=pair.mentee, at=AT)
    made = again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)

    assert set(made.kept_apart.all()) == {pair.mentor, former.mentor, passed.person}
    assert elsewhere.mentor not in made.kept_apart.all()
    assert pool.may_pair(made, declined)
    assert not pool.may_pair(made, passed)


def test_with_too_many_requests_waiting_nothing_ends():
    pair = asked_pair()
    for day in (2, 3):
        met(pair, at=LONG_AGO + day * DAY)
    MentoringRequestFactory.create_batch(3, mentee=pair.mentee)
    MentoringRequest.objects.filter(pk=pair.request_id).update(
        state="accepted", mentor=pair.mentor.mentor_profile, ended_at=AT
    )

    with pytest.raises(MentoringRequest.TooMany):
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)
    pair.refresh_from_db()
    assert pair.current


def test_after_an_ending_one_press_is_enough(sign_in):
    pair, plain = asked_pair(at=now()), current(at=now())
    pair.end(by=pair.mentor, at=now())
    plain.end(by=plain.mentee, at=now())
    mentee = sign_in(pair.mentee)

    assert "Find me someone else" in text(mentee.get(url("relationship", pair.pk)))
    assert "Find me someone else" not in text(
        sign_in(pair.mentor).get(url("relationship", pair.pk))
    )
    made = mentee.post(url("someone_else", pair.pk), {"token": uuid4()})
    assert made.url == MentoringRequest.objects.of(pair.mentee).latest("pk").get_absolute_url()
    assert sign_in(pair.mentor).get(url("someone_else", pair.pk)).status_code == 404
    other = sign_in(plain.mentee).post(url("someone_else", plain.pk), {"token": uuid4()})
    assert other.url == url("ask")


def test_while_somebody_else_is_looked_for_the_button_leads_there(sign_in):
    pair = asked_pair(at=now())
    pair.end(by=pair.mentor, at=now())
    mentee = sign_in(pair.mentee)
    made = [
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=now()) for _twice in range(2)
    ]
    page = text(mentee.get(url("relationship", pair.pk)))

    assert made[0] == made[1]
    assert f'href="{made[0].get_absolute_url()}"' in page
    assert "Find me someone else" not in page
    pressed = mentee.post(url("someone_else", pair.pk), {"token": uuid4()})
    assert pressed.url == made[0].get_absolute_url()
    assert MentoringRequest.objects.of(pair.mentee).pending().count() == 2  # with their first
    MentoringRequest.objects.filter(pk=made[0].pk).update(
        state="withdrawn", ended_at=now(), closes_at=None, remind_at=None
    )
    assert "Find me someone else" in text(mentee.get(url("relationship", pair.pk)))


def test_nobody_else_is_looked_for_while_the_one_it_was_handed_over_to_goes_on(sign_in):
    pair, news = asked_pair(at=now()), [MentorProfileFactory(), MentorProfileFactory()]
    last = pair
    for new in news:
        last = handing.accept(handed(last, new, by=last.mentee, at=now()), by=new.person, at=now())
        if last.waiting:
            agree(last, at=now())
    mentee = sign_in(pair.mentee)
    page = text(mentee.get(url("relationship", pair.pk)))

    assert f"You go on with {news[1].person.name}" in page
    assert "Find me someone else" not in page
    assert mentee.post(url("someone_else", pair.pk), {"token": uuid4()}).url == url(
        "relationship", last.pk
    )
    pair.refresh_from_db()
    with pytest.raises(again.GoesOn):
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=now())
    last.end(by=last.mentee, at=now())
    assert "Find me someone else" in text(mentee.get(url("relationship", pair.pk)))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_page_of_a_pair_says_where_a_concern_goes(sign_in, language):
    pair = current(at=now())
    client = sign_in(pair.mentee)
    with override(language):
        where = url("report_concern", pair.pk)
        for name in (
            "relationship", "agreement", "change_agreement", "pause", "extend", "hand_over", "end",
            "someone_else", "record", "plan", "write_shared", "write_private", "set_goal",
            "mistakes",
        ):  # fmt: skip
            page = text(client.get(url(name, pair.pk)))
            assert f'href="{where}"' in page, name
            assert {"en": "safeguarding lead", "cy": "diogelu"}[language] in page, name


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

    # session, reader, pair, its hand-over, its need, and those found
    with django_assert_num_queries(6):
        page = text(client.get(address))
    assert page.count("c-choice") == min(many, SHOWN)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_hand_overs_that_wait_for_me_cost_the_same_however_many(many, django_assert_num_queries):
    new = MentorProfileFactory()
    for _one in range(many):
        pair = current()
        handed(pair, new, by=pair.mentee)

    with django_assert_num_queries(1):
        needs = list(offered.hand_overs_to_answer(new.person, at=AT))
    assert len(needs) == many
