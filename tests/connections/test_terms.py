"""A pair's own terms: one proposes, the other says yes, and what was agreed before applies until then."""

from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import override

from academy.letters import compose
from academy.models import Notification
from connections.actions import keeping
from connections.hooks import relationships as offered
from connections.models import Agreement, Note, Relationship, RelationshipRules, Terms
from connections.models.pair import NEWEST
from connections.models.relationships import RelationshipQuerySet
from tests.factories import PersonFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import agree, begin, current, proposed

DAY = timedelta(days=1)


def kinds_to(person):
    return sorted(Notification.objects.of(person).values_list("kind", flat=True))


def accept(pair, terms, *, by, at=LONG_AGO):
    Terms.objects.accept(pair, by=by, number=terms.number, at=at)


def standing(pair, reader=None):
    pair.refresh_from_db()
    return Terms.objects.standing(pair, reader or pair.mentor)


@pytest.mark.django_db
def test_the_second_yes_sets_it_under_way_and_saying_yes_twice_changes_nothing():
    pair = begin()
    terms = proposed(pair)
    for _again in range(2):
        accept(pair, terms, by=pair.mentee)

    assert (pair.state, pair.agreed_at, pair.terms, pair.words_version) == (
        "current",
        LONG_AGO,
        terms,
        NEWEST,
    )
    assert kinds_to(pair.mentee).count("connections.agreement_waiting") == 1
    assert kinds_to(pair.mentor).count("connections.agreement_complete") == 1


@pytest.mark.django_db
def test_nobody_says_yes_for_the_other():
    pair = begin()
    terms = proposed(pair)

    with pytest.raises(Terms.Own):
        accept(pair, terms, by=pair.mentor)
    for act in (lambda by: accept(pair, terms, by=by), lambda by: proposed(pair, by=by)):
        with pytest.raises(Relationship.Outsider):
            act(PersonFactory())
    pair.refresh_from_db()
    assert pair.waiting


@pytest.mark.django_db
def test_the_other_may_propose_other_terms_and_the_first_no_longer_stand():
    pair = begin()
    first = proposed(pair)
    second = proposed(pair, by=pair.mentee, often="fortnightly")

    with pytest.raises(Terms.Newer):
        accept(pair, first, by=pair.mentee)
    accept(pair, second, by=pair.mentor)
    assert pair.terms == second
    assert [one.terms.number for one in standing(pair).older] == [1]


@pytest.mark.django_db
def test_nobody_talks_past_the_other():
    pair = begin()
    proposed(pair)

    with pytest.raises(Terms.Newer):
        proposed(pair, by=pair.mentee, seen=0)
    assert Terms.objects.count() == 1


@pytest.mark.django_db
def test_a_change_applies_from_the_second_yes_and_all_versions_stay_readable():
    pair = current()
    first = pair.terms
    second = proposed(pair, by=pair.mentee, purpose="Something else", at=LONG_AGO + 30 * DAY)

    assert standing(pair).in_force.terms == first
    assert kinds_to(pair.mentor).count("connections.terms_proposed") == 1
    accept(pair, second, by=pair.mentor, at=LONG_AGO + 31 * DAY)
    for reader in (pair.mentor, pair.mentee):
        seen = standing(pair, reader)
        assert seen.in_force.purpose == "Something else"
        assert [one.purpose for one in seen.older] == ["To measure falls"]
    assert standing(pair, PersonFactory()).in_force is None
    assert pair.agreed_at == LONG_AGO
    assert "connections.terms_accepted" in kinds_to(pair.mentee)


@pytest.mark.django_db
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_a_change_is_set_aside_by_either_and_nothing_changes(side):
    pair = current()
    change = proposed(pair, by=pair.mentee)
    one = getattr(pair, side)
    for _again in range(2):
        Terms.objects.set_aside(pair, by=one, number=change.number, at=LONG_AGO)

    seen = standing(pair)
    assert (seen.in_force.terms.number, seen.proposal) == (1, None)
    assert kinds_to(pair.other(one)).count("connections.terms_kept") == 1


@pytest.mark.django_db
def test_after_the_end_nobody_proposes_or_accepts():
    pair = current()
    change = proposed(pair)
    pair.end(by=pair.mentee, at=LONG_AGO)

    for act in (
        lambda: accept(pair, change, by=pair.mentee),
        lambda: proposed(pair),
        lambda: Terms.objects.set_aside(pair, by=pair.mentor, number=2, at=LONG_AGO),
    ):
        with pytest.raises(Relationship.Ended):
            act()
    assert standing(pair).in_force.purpose == "To measure falls"


@pytest.mark.django_db(transaction=True)
def test_the_database_knows_no_pair_under_way_without_terms_both_accepted():
    pair, other = begin(), current()
    terms = proposed(pair)
    agreed = {"state": "current", "agreed_at": LONG_AGO}

    for wrong in (agreed, {**agreed, "terms": terms}, {**agreed, "terms": other.terms}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relationship.objects.filter(pk=pair.pk).update(**wrong)
    for wrong in (
        {"state": "accepted"},
        {"state": "accepted", "accepted_by": pair.mentor, "accepted_at": LONG_AGO},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Terms.objects.filter(pk=terms.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Terms.objects.filter(pk=other.terms_id).update(
            state="passed", accepted_by=None, accepted_at=None
        )
    pair.refresh_from_db()
    assert pair.waiting


@pytest.mark.django_db
def test_pairs_of_the_first_words_go_on_and_may_add_terms():
    pair = begin()
    Relationship.objects.filter(pk=pair.pk).update(
        state="current", words_version=1, agreed_at=LONG_AGO
    )
    for person in (pair.mentor, pair.mentee):
        Agreement.objects.create(
            relationship=pair, person=person, version=1, language="en", accepted_at=LONG_AGO
        )
    change = proposed(pair)

    assert standing(pair).in_force is None
    accept(pair, change, by=pair.mentee)
    assert (pair.words_version, pair.terms) == (NEWEST, change)


OLD, NEW = "not the other side, not coordinators", "not by the other person"
VERSIONS = Path(__file__).parents[2] / "templates/connections/relationships/agreements"


def test_each_version_of_the_words_is_kept_and_the_newest_is_the_last():
    assert sorted(int(one.stem) for one in VERSIONS.glob("*.html")) == [*range(1, NEWEST + 1)]


@pytest.mark.django_db
def test_a_pair_goes_on_reading_the_words_both_accepted_until_they_accept_others(sign_in):
    pair = current(at=now())
    pair.terms.__class__.objects.filter(pk=pair.terms.pk).update(version=2)
    Relationship.objects.filter(pk=pair.pk).update(words_version=2)
    agreement, change = (
        reverse(f"connections:{name}", args=[pair.pk]) for name in ("agreement", "change_agreement")
    )
    client = sign_in(pair.mentee)

    before = client.get(agreement).content.decode()
    offered_now = client.get(change).content.decode()
    accept(pair, proposed(pair, by=pair.mentor, at=now()), by=pair.mentee, at=now())
    after = client.get(agreement).content.decode()

    assert (OLD in before, NEW in before) == (True, False)
    assert all((OLD in page, NEW in page) == (False, True) for page in (offered_now, after))


@pytest.mark.django_db
def test_words_proposed_before_there_were_newer_ones_are_the_words_both_accept(sign_in):
    pair = begin(at=now())
    waiting = proposed(pair, at=now())
    Terms.objects.filter(pk=waiting.pk).update(version=2)
    client, agreement = sign_in(pair.mentee), reverse("connections:agreement", args=[pair.pk])

    read = client.get(agreement).content.decode()
    client.post(agreement, {"number": waiting.number, "accept": "on"})

    pair.refresh_from_db()
    assert (OLD in read, NEW in read) == (True, False)
    assert (pair.state, pair.words_version) == ("current", 2)


@pytest.mark.django_db
def test_both_are_told_once_that_the_review_date_has_come():
    pair, later = current(), current()
    on = localdate(LONG_AGO + 20 * DAY)
    agree(pair)  # a second version, with the day moved below
    Terms.objects.filter(relationship=pair).in_force().update(review_on=on)
    Terms.objects.filter(relationship=later).update(review_on=on + DAY)

    assert Terms.objects.tell_reviews(at=LONG_AGO + 19 * DAY) == 0
    assert Terms.objects.tell_reviews(at=LONG_AGO + 20 * DAY) == 1
    assert Terms.objects.tell_reviews(at=LONG_AGO + 20 * DAY) == 0
    for person in (pair.mentor, pair.mentee):
        assert kinds_to(person).count("connections.review_due") == 1
    assert "connections.review_due" not in kinds_to(later.mentor)


@pytest.mark.django_db
def test_a_paused_pair_is_asked_to_review_when_it_goes_on():
    pair = current()
    Terms.objects.update(review_on=localdate(LONG_AGO + 2 * DAY))
    pair.pause(by=pair.mentee, at=LONG_AGO)

    assert Terms.objects.tell_reviews(at=LONG_AGO + 9 * DAY) == 0
    pair.resume(by=pair.mentee, at=LONG_AGO + 10 * DAY)
    assert Terms.objects.tell_reviews(at=LONG_AGO + 10 * DAY) == 1


@pytest.mark.django_db
def test_when_the_agreed_time_is_over_the_terms_are_deleted():
    pair = current()
    proposed(pair)
    pair.end(by=pair.mentor, at=LONG_AGO)
    keeping.forget_words(at=LONG_AGO + timedelta(days=RelationshipRules.current().kept_days))

    assert not Terms.objects.exists()
    assert not Note.objects.exists()
    pair.refresh_from_db()
    assert pair.forgotten_at


@pytest.mark.django_db
def test_letters_about_terms_lose_their_point_and_carry_no_word():
    mentor = PersonFactory(language="cy")
    pair = current(profile=MentorProfileFactory(person=mentor))
    change = proposed(pair, by=pair.mentee, purpose="CANARY")
    asked = Notification.objects.of(mentor).get(kind="connections.terms_proposed")

    assert "CANARY" not in compose(asked).body
    assert "cytundeb" in compose(asked).body
    accept(pair, change, by=mentor)
    assert compose(asked) is None


@pytest.mark.django_db
def test_what_waits_for_a_yes_is_said_to_whom_it_waits_for():
    pair = current()
    proposed(pair, by=pair.mentor)

    assert list(offered.terms_to_answer(pair.mentor, at=LONG_AGO)) == []
    (need,) = offered.terms_to_answer(pair.mentee, at=LONG_AGO)
    assert need.text == f"{pair.mentor.name} proposes a change to your agreement"


@pytest.mark.django_db
def test_a_stale_leave_it_as_it_was_says_what_is_true_by_now(sign_in):
    pair = current()
    mine = proposed(pair, by=pair.mentor)
    theirs = proposed(pair, by=pair.mentee)
    client = sign_in(pair.mentor)

    def leave_it(number):
        address = reverse("connections:keep_agreement", args=[pair.pk])
        return client.post(address, {"number": number}, follow=True).content.decode()

    page = leave_it(mine.number)
    assert "Other terms have been proposed meanwhile" in page
    assert "Your agreement stays as it was" not in page
    accept(pair, theirs, by=pair.mentor)
    assert "You have both said yes to these terms already" in leave_it(theirs.number)
    assert "Your agreement stays as it was" in leave_it(mine.number)


def both_at_once(*acts):
    """Run all at the same moment, each in a connection of its own; what each came to."""
    start, came = Barrier(len(acts)), {}

    def run(number, act):
        start.wait(30)
        try:
            act()
            came[number] = "done"
        except (Terms.Newer, Terms.Own, Relationship.NotCurrent) as refusal:
            came[number] = type(refusal).__name__
        except IntegrityError:
            came[number] = "broken"
        finally:
            connection.close()

    racers = [Thread(target=run, args=one) for one in enumerate(acts)]
    [racer.start() for racer in racers]
    [racer.join(60) for racer in racers]
    return [came[number] for number in range(len(acts))]


@pytest.mark.django_db(transaction=True)
def test_two_proposals_at_once_leave_one_to_read():
    for _each in range(5):
        pair = begin()
        came = both_at_once(
            lambda p=pair: proposed(p, by=p.mentor, seen=0),
            lambda p=pair: proposed(p, by=p.mentee, seen=0),
        )
        assert sorted(came) == ["Newer", "done"]
        assert Terms.objects.of(pair).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_constraints_are_the_net(monkeypatch):
    monkeypatch.setattr(RelationshipQuerySet, "locked", lambda rows: rows.order_by("pk"))
    pair = begin()
    came = both_at_once(*(lambda: proposed(pair, seen=0) for _each in range(6)))

    assert Terms.objects.of(pair).count() == 1
    assert came.count("done") == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_counter_proposal_at_once_never_both_count():
    for _each in range(5):
        pair = begin()
        first = proposed(pair)
        both_at_once(
            lambda p=pair, f=first: accept(p, f, by=p.mentee),
            lambda p=pair: proposed(p, by=p.mentor, seen=1),
        )
        pair.refresh_from_db()
        first.refresh_from_db()
        assert (pair.state == "current") == (first.state == "accepted")


TERMS = {
    "purpose": "Cwympo’n llai / fewer falls",
    "language": "cy",
    "often": "monthly",
    "how": "online",
    "notes": "either",
    "accept": "on",
}


def url(name, pair):
    return reverse(f"connections:{name}", args=[pair.pk])


def terms_of(client, pair, **said):
    """The form as it comes, with its start values, and what this person changes."""
    form = client.get(url("change_agreement", pair)).context["form"]
    day = form["review_on"].value()
    start = {name: form[name].value() for name in ("purpose", "language", "often", "how", "notes")}
    date = {"review_on_day": day.day, "review_on_month": day.month, "review_on_year": day.year}
    return {**start, **date, "seen": form["seen"].value(), "token": uuid4(), "accept": "on"} | said


@pytest.mark.django_db
def test_the_simple_case_is_one_press_each(sign_in):
    request = MentoringRequestFactory(words="I want to measure falls.")
    pair = begin(at=now(), request=request, mentee=request.mentee)
    mentee, mentor = sign_in(pair.mentee), sign_in(pair.mentor)

    first = mentee.get(url("agreement", pair))
    assert first.url == url("change_agreement", pair)
    page = mentee.get(first.url).content.decode()
    assert page.index("when the law obliges you") < page.index("Say yes to this")
    assert "I want to measure falls." in page
    assert mentee.post(first.url, terms_of(mentee, pair)).url == url("relationship", pair)

    page = mentor.get(url("agreement", pair)).content.decode()
    assert page.index("when the law obliges you") < page.index("Accept the agreement")
    assert "I want to measure falls." in page
    assert mentor.post(url("agreement", pair), {"number": 1, "accept": "on"}).status_code == 302
    pair.refresh_from_db()
    assert pair.current


@pytest.mark.django_db
def test_without_the_tick_nothing_is_kept_and_nothing_typed_is_lost(sign_in):
    pair = begin(at=now())
    mentee, mentor = sign_in(pair.mentee), sign_in(pair.mentor)
    said = terms_of(mentee, pair, purpose="Typed with care")
    del said["accept"]
    page = mentee.post(url("change_agreement", pair), said).content.decode()

    assert "Tick the box if you agree" in page
    assert "Typed with care" in page
    assert not Terms.objects.exists()
    proposed(pair, by=pair.mentee, at=now())
    assert "Tick the box" in mentor.post(url("agreement", pair), {"number": 1}).content.decode()
    late = mentor.post(url("change_agreement", pair), said | {"accept": "on"}).content.decode()
    assert "Meanwhile other terms have been proposed" in late
    assert "Typed with care" in late


@pytest.mark.django_db
def test_bad_numbers_and_odd_days_are_answered_kindly(sign_in):
    pair = begin(at=now())
    mentee = sign_in(pair.mentee)
    said = terms_of(mentee, pair)

    for wrong in (
        {"seen": "99999999999"},
        {"seen": "x"},
        {"purpose": "a\x00b"},
        {"review_on_year": "99999"},
        {"often": "hourly"},
        {"token": "no"},
    ):
        assert mentee.post(url("change_agreement", pair), said | wrong).status_code == 200
    for number in ("", "x", "99999999999", "0"):
        mentee.post(url("agreement", pair), {"number": number, "accept": "on"})
        mentee.post(url("keep_agreement", pair), {"number": number})
    assert not Terms.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_change_is_read_and_left_as_it_was(sign_in, language):
    pair = current(at=now())
    change = proposed(pair, by=pair.mentor, purpose="Newer", at=now())
    with override(language):
        mentee = sign_in(pair.mentee)
        page = mentee.get(url("agreement", pair)).content.decode()
        assert "Newer" in page
        assert "To measure falls" in page
        mentee.post(url("keep_agreement", pair), {"number": change.number})

    change.refresh_from_db()
    assert change.state == "passed"


@pytest.mark.django_db
def test_the_page_says_that_the_review_date_has_come(sign_in):
    pair = current(at=now() - 40 * DAY)
    Terms.objects.update(review_on=localdate(now()))

    page = sign_in(pair.mentee).get(url("relationship", pair)).content.decode()
    assert "Does it still fit?" in page


@pytest.mark.django_db
def test_who_proposes_other_terms_starts_from_what_the_other_side_proposed(sign_in):
    pair = current(at=now())
    said = {
        "purpose": "To lead a team", "language": "cy", "often": "fortnightly", "how": "in_person",
        "notes": "mentee", "review_on": localdate() + 17 * DAY,
    }  # fmt: skip
    proposed(pair, at=now(), **said)
    form = sign_in(pair.mentee).get(url("change_agreement", pair)).context["form"]

    assert {name: form[name].value() for name in said} == said


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["newcomers", "under way"])
def test_of_two_who_propose_at_once_the_second_reads_the_first_and_may_answer(sign_in, who):
    pair = begin(at=now()) if who == "newcomers" else current(at=now())
    mentee, address = sign_in(pair.mentee), url("change_agreement", pair)
    said = terms_of(mentee, pair, purpose="Typed with care")
    theirs = proposed(pair, purpose="Meanwhile by the mentor", at=now())
    refused = mentee.post(address, said)
    page, form = refused.content.decode(), refused.context["form"]

    assert "Meanwhile other terms have been proposed" in page
    assert "Meanwhile by the mentor" in page
    assert "Typed with care" in page
    assert 'href="#meanwhile"' in page.partition("</h2>")[2].partition("</ul>")[0]
    assert form["accept"].value() is False  # the yes to one's own is given anew
    again = said | {"seen": form["seen"].value(), "token": form["token"].value()}
    assert mentee.post(address, again).status_code == 302
    theirs.refresh_from_db()
    seen = standing(pair)
    assert (theirs.state, seen.proposal.purpose, seen.mine) == ("passed", "Typed with care", False)


@pytest.mark.django_db
def test_who_changes_terms_while_the_first_ones_come_into_force_reads_those(sign_in):
    pair = begin(at=now())
    mentee = sign_in(pair.mentee)
    said = terms_of(mentee, pair, purpose="Typed with care")
    accept(pair, proposed(pair, purpose="In force now", at=now()), by=pair.mentee, at=now())
    page = mentee.post(url("change_agreement", pair), said).content.decode()

    assert "What you have both said yes to" in page
    assert "In force now" in page
    assert "Typed with care" in page


@pytest.mark.django_db
def test_the_form_speaks_of_a_request_only_where_its_words_stand_there(sign_in):
    request = MentoringRequestFactory(words="I want to measure falls.")
    asked = begin(at=now(), request=request, mentee=request.mentee)
    by_hand = begin(at=now())
    words = "these are the words of the request"

    def page(pair):
        return sign_in(pair.mentee).get(url("change_agreement", pair)).content.decode()

    assert words in page(asked)
    assert words not in page(by_hand)
    proposed(asked, at=now())
    assert words not in page(asked)
