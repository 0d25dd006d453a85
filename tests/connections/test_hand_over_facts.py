"""What the three read before they say yes to a hand-over; and whom nobody proposes twice."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from academy.models import Membership
from connections.actions import handing
from connections.models import HandOver
from tests.factories import MembershipFactory, PersonFactory, TopicFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.hand_overs import AT, DAY, asked_pair, handed
from tests.factories.relationships import current

pytestmark = pytest.mark.django_db


@pytest.fixture
def charts():
    return TopicFactory(name_en="Run charts", name_cy="Siartiau rhedeg")


@pytest.fixture
def nia(charts):
    return MentorProfileFactory(person__name="Nia Newydd", methods=[charts], in_directory=True)


@pytest.fixture
def pair(charts):
    made = asked_pair(at=now())
    made.request.methods.set([charts])
    return made


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


ASKED_FOR = "This help is asked for and offered: Run charts."


def test_whom_the_academy_suggests_stands_there_with_reasons_and_their_profile(pair, nia, sign_in):
    page = text(sign_in(pair.mentor).get(url("hand_over", pair.pk)))
    named = text(sign_in(pair.mentee).get(url("hand_over", pair.pk) + "?q=nia"))

    for said in (page, named):
        assert ASKED_FOR in said
        assert f'href="{nia.get_absolute_url()}"' in said


def test_a_profile_the_reader_may_not_see_is_no_link(pair, nia, sign_in):
    type(nia).objects.filter(pk=nia.pk).update(in_directory=False)

    page = text(sign_in(pair.mentor).get(url("hand_over", pair.pk)))

    assert "Nia Newydd" in page
    assert nia.get_absolute_url() not in page


def test_the_mentee_reads_why_before_they_say_yes_to_a_stranger(pair, nia, sign_in):
    handed(pair, nia, by=pair.mentor, at=now())

    page = text(sign_in(pair.mentee).get(url("hand_over", pair.pk)))

    assert "Why you may suit one another" in page
    assert ASKED_FOR in page
    assert f'href="{nia.get_absolute_url()}"' in page


def test_of_a_pair_without_a_request_nothing_is_said_that_nobody_asked_for(nia, sign_in):
    pair = current(at=now())
    for person in (pair.mentee, nia.person):
        MembershipFactory(person=person)
    handed(pair, nia, by=pair.mentor, at=now())

    page = text(sign_in(pair.mentee).get(url("hand_over", pair.pk)))

    assert "Coming from different organisations" in page
    assert "Both can talk in" not in page


def test_where_nobody_named_a_need_those_stand_there_who_offer_the_same(nia, charts, sign_in):
    pair = current(profile=MentorProfileFactory(methods=[charts]), at=now())
    MentorProfileFactory(person__name="Huw Arall", methods=[TopicFactory()])
    client = sign_in(pair.mentor)

    page = text(client.get(url("hand_over", pair.pk)))
    proposing = text(client.get(url("hand_over", pair.pk) + f"?to={nia.pk}"))

    for said in (page, proposing):
        assert "Offers the same help as the mentor now: Run charts." in said
        assert f'href="{nia.get_absolute_url()}"' in said
        assert "This help is asked for" not in said
    assert "Huw Arall" not in page


def test_the_new_mentor_reads_who_the_mentee_is_and_what_they_asked_for(pair, nia, charts, sign_in):
    type(pair.mentee).objects.filter(pk=pair.mentee_id).update(job_role="Ward sister")
    place = MembershipFactory(person=pair.mentee).organisation.name
    one = handed(pair, nia, by=pair.mentee, at=now())
    client, address = sign_in(nia.person), url("hand_over_answer", one.pk)

    page = text(client.get(address))
    handed_on = handing.accept(one, by=nia.person, at=now())

    assert f"Ward sister, {place}" in page
    assert ASKED_FOR in page
    assert '<li class="a-chip">Run charts</li>' in page
    assert pair.request.words not in page
    assert handing.need_of(handed_on) == pair.request
    assert "Ward sister" not in text(client.get(address))


@pytest.mark.parametrize("many", [1, 4])
def test_reading_about_one_hand_over_costs_the_same_however_much_was_asked_for(
    many, pair, nia, sign_in, django_assert_num_queries
):
    topics = TopicFactory.create_batch(many)
    pair.request.methods.set(topics)
    nia.methods.set(topics)
    type(nia).objects.reindex(these=[nia.pk])
    for _job in range(many):
        Membership.objects.filter(person=pair.mentee).update(ended_on=now())
        MembershipFactory(person=pair.mentee)
    one = handed(pair, nia, by=pair.mentee, at=now())
    client = sign_in(nia.person)
    client.get(url("hand_over_answer", one.pk))

    with django_assert_num_queries(14):
        client.get(url("hand_over_answer", one.pk))


@pytest.mark.parametrize("how", ["a no", "no answer"])
def test_who_did_not_take_over_is_not_proposed_again_and_that_is_said(how, pair, nia, sign_in):
    one = handed(pair, nia, by=pair.mentee, at=now())
    if how == "a no":
        HandOver.say_no(one.pk, by=nia.person, at=now())
    else:
        handing.close_due(at=now() + 15 * DAY)
    client = sign_in(pair.mentor)

    listed = text(client.get(url("hand_over", pair.pk)))
    named = text(client.get(url("hand_over", pair.pk) + "?q=nia"))
    said = {"words": "", "language": "en", "token": str(uuid4())}
    pressed = text(client.post(f"{url('hand_over', pair.pk)}?to={nia.pk}", said))

    for page in (listed, named, pressed):
        assert "asked for this pair before, and it did not come about" in page
    assert f"?to={nia.pk}" not in listed
    with pytest.raises(HandOver.Refused):
        handed(pair, nia, at=now())
    assert handed(current(at=now()), nia, at=now()).open


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_where_the_pair_itself_thought_better_of_it_the_same_may_be_proposed_again(who):
    pair, new = current(), MentorProfileFactory(person=PersonFactory())
    HandOver.say_no(handed(pair, new).pk, by=getattr(pair, who), at=AT)

    assert handed(pair, new).open


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_a_no_that_comes_after_the_yes_says_that_it_has_been_handed_over(sign_in, who):
    pair, new = current(at=now()), MentorProfileFactory(person=PersonFactory())
    one = handed(pair, new, at=now())
    handing.accept(one, by=new.person, at=now())

    late = sign_in(getattr(pair, who)).post(url("stop_hand_over", pair.pk), follow=True)
    assert "It has been handed over already." in text(late)
    assert "Everything stays as it is" not in text(late)
    answer = url("hand_over_answer", one.pk)
    theirs = sign_in(new.person).post(answer, {"answer": "no"}, follow=True)
    assert "You have said yes to this already." in text(theirs)
    assert "Everything stays as it is" not in text(theirs)


@pytest.mark.parametrize("answer", ["agree_hand_over", "stop_hand_over"])
@pytest.mark.parametrize("about", ["an older one", "nothing"])
def test_an_answer_to_an_older_hand_over_is_no_answer_to_the_one_that_waits_now(
    answer, about, pair, sign_in
):
    older, newer = (MentorProfileFactory(person=PersonFactory(name=n)) for n in ("Nia", "Huw"))
    before, client = handed(pair, older, by=pair.mentor, at=now()), sign_in(pair.mentee)
    form = client.get(url("hand_over", pair.pk)).context["form"]
    HandOver.say_no(before.pk, by=pair.mentor, at=now())
    waits = handed(pair, newer, by=pair.mentor, at=now())
    stale = {"seen": form["seen"].value(), "goals": "on"} if about != "nothing" else {}

    late = client.post(url(answer, pair.pk), stale, follow=True)

    waits.refresh_from_db()
    assert form["seen"].value() == before.pk
    assert waits.proposed
    assert "You answered an earlier hand-over, so nothing has changed." in text(late)
    assert "Hand over to Huw" in text(late)
    assert text(late).count(f'name="seen" value="{waits.pk}"') == 2
    client.post(url(answer, pair.pk), {"seen": waits.pk, "goals": "on"})
    waits.refresh_from_db()
    assert waits.state == ("offered" if answer == "agree_hand_over" else "stopped")


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        ({"paused": True}, "This mentor takes nobody new just now."),
        ({"places_taken": 3}, "The last place has just been taken."),
    ],
)
def test_of_who_takes_nobody_any_more_that_is_said_and_no_word_is_lost(
    closed, words, pair, nia, sign_in
):
    client, there = sign_in(pair.mentor), f"{url('hand_over', pair.pk)}?to={nia.pk}"
    type(nia).objects.filter(pk=nia.pk).update(**closed)
    said = {"words": "My own words", "language": "en", "token": str(uuid4())}

    opened = client.get(there, follow=True)
    sent = text(client.post(there, said))

    assert opened.redirect_chain[-1][0] == url("hand_over", pair.pk)
    assert words in text(opened)
    assert words in sent
    assert "My own words</textarea>" in sent
    assert not HandOver.objects.exists()


def test_who_proposes_second_at_the_same_time_is_told_that_theirs_was_not_sent(sign_in):
    pair = current(at=now())
    one, two = (MentorProfileFactory(person=PersonFactory()) for _each in range(2))
    first = handed(pair, one, by=pair.mentor, at=now())
    said = {"words": "", "language": "en", "goals": "on"}
    address = f"{url('hand_over', pair.pk)}?to={two.pk}"

    second = sign_in(pair.mentee).post(address, {**said, "token": str(uuid4())})
    assert "Yours has not been sent" in text(second)
    again = sign_in(pair.mentor).post(address, {**said, "token": str(first.token)})
    assert "has not been sent" not in text(again)
