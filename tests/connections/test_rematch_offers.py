"""Somebody else? Both are asked; a yes ends it without blame, and nothing says whose it was."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from academy.letters import compose
from academy.models import AuditEvent, Notification
from connections import pool
from connections.models import Care, MentoringRequest, MentorProfile, Relationship, RematchOffer
from connections.models.profiles import MentorProfileQuerySet
from connections.models.relationships import RelationshipQuerySet
from connections.models.rematch_offers import RematchOfferQuerySet
from tests.factories import StaffFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import TopicFactory
from tests.factories.relationships import current, met

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def pair():
    """One that began with a request."""
    topic = TopicFactory()
    profile = MentorProfileFactory(methods=[topic])
    asked = MentoringRequestFactory(methods=[topic], state="looking")
    pair = current(profile=profile, mentee=asked.mentee, request=asked, at=now() - 60 * DAY)
    ended = {"closes_at": None, "remind_at": None, "ended_at": now()}
    MentoringRequest.objects.filter(pk=asked.pk).update(state="accepted", mentor=profile, **ended)
    return pair


def offer(pair, *, at=None):
    by = StaffFactory(role="coordinator")
    return RematchOffer.objects.offer(pair, by=by, at=at or now())


def told(kind):
    return Notification.objects.filter(kind=f"connections.{kind}")


def test_both_are_asked_once_in_the_same_words(pair, staff, sign_in):
    client = sign_in(staff("coordinator"))
    for _twice in range(2):
        client.post(reverse("connections:offer_rematch", args=[pair.pk]))

    assert RematchOffer.objects.count() == 1
    letters = [compose(one).body for one in told("rematch_offered").order_by("pk")]
    first, second = (body.partition("http")[0] for body in letters)
    assert first.replace(pair.mentee.name, "X") == second.replace(pair.mentor.name, "X")
    assert AuditEvent.objects.filter(verb="connections.rematch_offered").count() == 1


def test_while_both_are_asked_nobody_nudges_them_and_the_page_says_what_has_come(
    pair, staff, sign_in
):
    client = sign_in(by := staff("coordinator"))
    pages = [reverse("connections:pair_weather", args=[pair.pk]), reverse("connections:weather")]
    nudges = f'action="{reverse("connections:nudge", args=[pair.pk])}"'

    def read():
        return [client.get(page).content.decode() for page in pages]

    assert all(nudges in page for page in read())
    offer(pair)
    page, listed = read()
    assert nudges not in page + listed
    assert "; nobody has answered yet." in page
    with pytest.raises(Care.BeingAsked):
        Care.objects.nudge(pair, by=by, at=now())
    assert Care.objects.nudge_many([pair], by=by, at=now()) == 0
    RematchOffer.objects.stay(pair, by=pair.mentee, at=now())
    assert "; the answers are on their way." in read()[0]


def test_a_coordinator_reads_who_gets_which_words_before_both_are_asked(pair, staff, sign_in):
    client = sign_in(staff("coordinator"))
    address = reverse("connections:offer_rematch", args=[pair.pk])

    asked = client.get(address).content.decode()
    letters = told("rematch_offered").count()
    client.post(address)
    after = client.get(reverse("connections:pair_weather", args=[pair.pk])).content.decode()

    for one, other in ((pair.mentor, pair.mentee), (pair.mentee, pair.mentor)):
        assert f"To {one.name}" in asked
        assert f"We ask you and {other.name}, in the same words: would you like" in asked
    assert "If either would like somebody else" in asked
    assert (letters, told("rematch_offered").count()) == (0, 2)
    assert "; nobody has answered yet." in after


def test_a_pair_that_is_well_has_the_question_behind_one_more_press(pair, staff, sign_in):
    client = sign_in(staff("coordinator"))
    address = reverse("connections:pair_weather", args=[pair.pk])

    def hidden():
        before = client.get(address).content.decode().partition("Ask both")[0]
        return before.count("<details") > before.count("</details>")

    unwell = hidden()
    met(pair, at=now())

    assert (unwell, hidden()) == (False, True)


def test_the_last_nudge_is_still_read_while_both_are_asked(pair, staff, sign_in):
    Care.objects.nudge(pair, by=(by := staff("coordinator")), at=now() - DAY)
    offer(pair)

    page = sign_in(by).get(reverse("connections:pair_weather", args=[pair.pk])).content.decode()

    assert "Last nudged on" in page
    assert "Nudge both" not in page


def test_whoever_is_asked_reads_what_the_other_may_guess(pair, sign_in):
    offer(pair)

    page = sign_in(pair.mentee).get(reverse("connections:rematch", args=[pair.pk]))

    assert "If you both would go on, nothing changes." in page.content.decode()
    assert "whoever would have gone on may guess" in page.content.decode()
    assert "is not told what you say" not in page.content.decode()


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_a_yes_ends_it_and_nothing_says_whose_it_was(pair, who):
    made = offer(pair)
    RematchOffer.objects.part(pair, by=getattr(pair, who), at=now())

    pair.refresh_from_db()
    made.refresh_from_db()
    assert (pair.state, pair.why, pair.ended_by) == ("ended", "apart", None)
    assert (made.outcome, made.mentor_stays, made.mentee_stays) == ("apart", False, False)
    first, second = (compose(one).body for one in told("relationship_ended").order_by("pk"))
    assert "nobody’s fault" in first
    assert {one.person for one in told("relationship_ended")} == {pair.mentor, pair.mentee}
    for body in (first, second):
        assert "has ended your time" not in body
    assert pair.mentor.mentor_profile.places_taken == 0


def test_it_looks_the_same_whoever_wished_it(pair, sign_in):
    """The page of the other half, after either said yes."""
    offer(pair)
    RematchOffer.objects.stay(pair, by=pair.mentor, at=now())
    RematchOffer.objects.part(pair, by=pair.mentee, at=now())

    page = sign_in(pair.mentor).get(pair.get_absolute_url()).content.decode()
    assert f"{pair.mentee.name} has ended" not in page
    assert RematchOffer.objects.get().mentor_stays is False


def test_when_both_stay_it_goes_on(pair):
    made = offer(pair)
    for who in (pair.mentor, pair.mentee, pair.mentee):
        if not RematchOffer.objects.filter(closed_at=None).exists():
            with pytest.raises(RematchOffer.Closed):
                RematchOffer.objects.stay(pair, by=who, at=now())
            continue
        RematchOffer.objects.stay(pair, by=who, at=now())

    made.refresh_from_db()
    pair.refresh_from_db()
    assert (made.outcome, pair.state) == ("stay", "current")


def test_an_offer_is_over_after_its_days_and_another_can_be_made(pair):
    offer(pair, at=now() - 15 * DAY)

    with pytest.raises(RematchOffer.Closed):
        RematchOffer.objects.part(pair, by=pair.mentee, at=now())
    offer(pair)
    outcomes = RematchOffer.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["lapsed", ""]


def test_only_the_two_answer(pair, person, sign_in):
    offer(pair)
    with pytest.raises(Relationship.Outsider):
        RematchOffer.objects.part(pair, by=person, at=now())
    assert sign_in(person).get(reverse("connections:rematch", args=[pair.pk])).status_code == 404


def test_a_link_ends_nothing_and_a_press_does(pair, sign_in):
    offer(pair)
    client, address = sign_in(pair.mentee), reverse("connections:rematch", args=[pair.pk])
    assert "I would like somebody else" in client.get(f"{address}?answer=part").content.decode()
    client.post(address, {"answer": "\0"})
    pair.refresh_from_db()
    assert pair.current

    page = client.post(address, {"answer": "part"}, follow=True).content.decode()
    assert "Your time together has ended" in page
    assert "Look for somebody else for me" in page
    again = client.post(address, {"answer": "part"}, follow=True).content.decode()
    assert "settled meanwhile" in again


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_the_offer_meets_its_reader_on_their_pages_until_they_answer(pair, sign_in, who):
    """And the pages are the same whether the other half has answered or not."""
    offer(pair)
    me = getattr(pair, who)
    client, asked = sign_in(me), reverse("connections:rematch", args=[pair.pk])
    pages = [reverse("home"), reverse("connections:mentoring"), pair.get_absolute_url()]
    assert all(f'href="{asked}"' in client.get(page).text for page in pages)

    RematchOffer.objects.stay(pair, by=pair.other(me), at=now())
    assert all(f'href="{asked}"' in client.get(page).text for page in pages)
    RematchOffer.objects.stay(pair, by=me, at=now())
    assert not any(f'href="{asked}"' in client.get(page).text for page in pages)


@pytest.mark.parametrize("known", [True, False])
def test_the_page_after_the_end_says_whether_there_are_words_to_ask_with_again(
    pair, sign_in, known
):
    here = pair if known else current(at=now() - 60 * DAY)
    offer(here)
    RematchOffer.objects.part(here, by=here.mentor, at=now())
    page = sign_in(here.mentee).get(reverse("connections:rematch", args=[here.pk]))

    assert ("With what you asked for before" in page.text) is known
    assert ("No request of yours brought you together" in page.text) is not known


def test_the_mentee_looks_again_with_one_press_and_not_for_the_same_person(pair, sign_in):
    profile = pair.mentor.mentor_profile
    offer(pair)
    RematchOffer.objects.part(pair, by=pair.mentor, at=now())
    client = sign_in(pair.mentee)
    page = client.get(reverse("connections:rematch", args=[pair.pk]))
    token = page.context["once"]["token"].value()
    for _twice in range(2):
        client.post(reverse("connections:someone_else", args=[pair.pk]), {"token": token})

    [asked] = MentoringRequest.objects.of(pair.mentee).filter(state="looking")
    assert asked.words == pair.request.words
    assert list(asked.methods.all()) == list(pair.request.methods.all())
    assert not pool.may_pair(asked, profile)
    stranger = MentorProfileFactory()
    assert pool.may_pair(asked, stranger)


def test_the_mentor_and_a_pair_that_goes_on_find_no_such_button(pair, sign_in):
    address = reverse("connections:rematch", args=[pair.pk])
    assert "Look for somebody else for me" not in sign_in(pair.mentee).get(address).text
    offer(pair)
    RematchOffer.objects.part(pair, by=pair.mentor, at=now())
    assert "Look for somebody else for me" not in sign_in(pair.mentor).get(address).text


def both_part_at_once(pair, *, slow=False):
    """Each presses in a connection of their own; who was told that it has been settled."""
    start, looked, refused = Barrier(2), Barrier(2), []
    held = RematchOfferQuerySet._held

    def after_a_look(rows, *args, **facts):
        """With the lock gone, both look before either writes."""
        found = held(rows, *args, **facts)
        looked.wait(30)
        return found

    def part(person):
        try:
            start.wait(30)
            RematchOffer.objects.part(pair, by=person, at=now())
        except RematchOffer.Closed:
            refused.append(person)
        finally:
            connection.close()

    with patch.object(RematchOfferQuerySet, "_held", after_a_look if slow else held):
        racers = [Thread(target=part, args=[one]) for one in (pair.mentor, pair.mentee)]
        [racer.start() for racer in racers]
        [racer.join(60) for racer in racers]
    return refused


@pytest.fixture
def one_of_two(pair):
    """Their mentor has another pair, so that a place given back twice shows."""
    current(profile=pair.mentor.mentor_profile)
    offer(pair)
    return pair


@contextmanager
def without_locks():
    """Both read, and neither waits for the other."""
    with (
        patch.object(RelationshipQuerySet, "locked", lambda rows: rows),
        patch.object(MentorProfileQuerySet, "locked", lambda rows: rows),
    ):
        yield


def places(pair):
    return MentorProfile.objects.get(person=pair.mentor).places_taken


@pytest.mark.django_db(transaction=True)
def test_both_say_yes_at_once_and_it_ends_once(one_of_two):
    assert len(both_part_at_once(one_of_two)) == 1
    assert told("relationship_ended").count() == 2
    assert places(one_of_two) == 1


@pytest.mark.django_db(transaction=True)
def test_without_locks_both_are_let_in_and_it_ends_once_all_the_same(one_of_two):
    with without_locks():
        refused = both_part_at_once(one_of_two, slow=True)

    assert refused == []
    assert told("relationship_ended").count() == 2
    assert places(one_of_two) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_and_net_a_place_is_given_back_twice(one_of_two):
    net = patch.object(RelationshipQuerySet, "open", lambda rows: rows.all())
    with without_locks(), net:
        both_part_at_once(one_of_two, slow=True)

    assert places(one_of_two) == 0
