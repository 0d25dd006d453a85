"""The desk: who needs me first, notes at hand, a kind word to several at once, lists to take along."""

from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now

from academy.letters import compose
from academy.models import Notification
from connections.actions import handing
from connections.actions.nudging import nudge
from connections.models import Note, Relationship, RematchOffer, Terms, extensions
from connections.models.relationships import RelationshipQuerySet
from connections.templatetags.relationships import next_step, next_steps
from tests.factories import MembershipFactory, PersonFactory, StaffFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.hand_overs import handed
from tests.factories.relationships import (
    begin,
    current,
    goal,
    met,
    noted,
    planned,
    proposed,
    times_for,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOLD = {"en": "How is it going?", "cy": "Sut mae’n mynd?"}


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


@pytest.fixture
def profile():
    return MentorProfileFactory(capacity=10)


@pytest.fixture
def pairs(profile):
    """Three people of one mentor; the last writes Welsh."""
    at = now() - 20 * DAY
    people = [PersonFactory(name=name) for name in ("Ann", "Bea")]
    people.append(PersonFactory(name="Cai", language="cy"))
    return [current(profile=profile, mentee=one, at=at) for one in people]


def sent(*pairs, **more):
    """What the form on the desk sends."""
    ticked = [str(pair.pk) for pair in pairs]
    return {"token": str(uuid4()), "message": "how", "people": ticked, **more}


def test_a_kind_word_goes_to_everybody_ticked_and_twice_is_once(sign_in, profile, pairs):
    ann, _bea, cai = pairs
    data, client = sent(ann, cai), sign_in(profile.person)

    for _twice in range(2):
        page = client.post(url("caseload"), data, follow=True)

    notes = {note.relationship: note for note in Note.objects.all()}
    assert "Your words have gone to 2 people." in text(page)
    assert set(notes) == {ann, cai}
    assert notes[ann].opened().startswith("I have been thinking of you")
    assert (notes[cai].language, notes[cai].audience) == ("cy", "shared")
    assert "thinking of you" not in notes[cai].opened()
    letters = Notification.objects.filter(kind="connections.kind_word")
    assert {letter.person for letter in letters} == {ann.mentee, cai.mentee}


def test_a_letter_about_a_kind_word_carries_none_of_it(pairs):
    nudge(pairs[:1], by=pairs[0].mentor, told={"en": "SECRET-WORD"}, token=uuid4(), at=now())

    letter = compose(Notification.objects.get(kind="connections.kind_word"))

    assert "SECRET-WORD" not in letter.message().as_string()
    assert pairs[0].mentor.name in letter.body


def test_a_word_to_many_ends_no_silence_and_a_note_by_hand_does(pairs):
    before = pairs[0].last_contact_at
    nudge(pairs[:1], by=pairs[0].mentor, told=TOLD, token=uuid4(), at=now())

    pairs[0].refresh_from_db()
    assert pairs[0].last_contact_at == before
    noted(pairs[0], "How are you?", at=(at := now()))
    pairs[0].refresh_from_db()
    assert pairs[0].last_contact_at == at


def test_a_silence_after_a_word_to_many_says_when_it_went_out(sign_in, staff, profile, pairs):
    ann, at = pairs[0], now()
    met(ann, at=at - 41 * DAY)
    Relationship.objects.filter(pk=ann.pk).update(last_contact_at=(last := at - 41 * DAY))
    coordinators = url("pair_weather", ann.pk)
    assert "No word for 41 days" in text(sign_in(profile.person).get(url("caseload")))
    nudge([ann], by=profile.person, told=TOLD, token=uuid4(), at=at)
    today, since = (date_format(localdate(one), "j F") for one in (at, last))

    said = f"A kind word went out on {today}; no meeting and no other note since {since}"
    for address in (url("caseload"), ann.get_absolute_url(), reverse("home")):
        page = text(sign_in(profile.person).get(address))
        assert said[2:] in page
        assert "No word" not in page
    seen = text(sign_in(staff("coordinator")).get(coordinators))
    assert f"A kind word to several people went out on {today}" in seen
    noted(ann, "How are you?", at=now())
    assert "kind word went out" not in text(sign_in(profile.person).get(url("caseload")))


def test_whoever_has_ended_or_not_agreed_is_left_out(profile, pairs):
    waiting = begin(profile=profile, at=now())
    pairs[0].end(by=pairs[0].mentee, at=now())

    reached = nudge([*pairs, waiting], by=profile.person, told=TOLD, token=uuid4(), at=now())

    assert reached == 2
    assert Note.objects.count() == 2


def test_nobody_ticked_no_words_or_somebody_elses_person_is_refused(sign_in, profile, pairs):
    client, stranger = sign_in(profile.person), current(at=now() - DAY)

    nobody = client.post(url("caseload"), sent(message="own", words="Kept for you"))
    silent = client.post(url("caseload"), sent(pairs[1], message="own", words=" "))
    other = client.post(url("caseload"), sent(stranger))
    odd = client.post(url("caseload"), {"people": ["x", "\x00", "9" * 30], "token": "no"})

    assert "Tick at least one person in the list" in text(nobody)
    assert "Kept for you" in text(nobody)
    assert "Write something first" in text(silent)
    assert (
        f'id="tick-{pairs[1].pk}" name="people" value="{pairs[1].pk}" data-key="tick" checked'
        in (text(silent))
    )
    assert "no longer on your list" in text(other)
    assert odd.status_code == 200
    assert not Note.objects.exists()


def pressed_twice(pairs):
    """The same form from two windows at one moment; how many notes and letters there are."""
    start, token, at = Barrier(2), uuid4(), now()

    def press():
        try:
            start.wait(30)
            nudge(pairs, by=pairs[0].mentor, told=TOLD, token=token, at=at)
        except Exception:  # noqa: S110 -- who comes second without a lock meets the constraint
            pass
        finally:
            connection.close()

    threads = [Thread(target=press) for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    letters = Notification.objects.filter(kind="connections.kind_word").count()
    return Note.objects.count(), letters


@pytest.mark.django_db(transaction=True)
def test_a_double_press_in_one_moment_writes_once(pairs):
    assert pressed_twice(pairs) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_the_constraint_alone_writes_once(pairs):
    with patch.object(RelationshipQuerySet, "locked", lambda rows: rows):
        assert pressed_twice(pairs) == (3, 3)


def _seat(profile, number, at):
    """One pair with meetings, goals and notes; the places are not what is counted here."""
    pair = Relationship.objects.create(
        mentor=profile.person,
        mentee=MembershipFactory().person,
        kind="mentoring",
        state="current",
        began_at=at - 60 * DAY,
        agreed_at=at - 60 * DAY,
        last_contact_at=at - 60 * DAY,
        ends_on=(at + 90 * DAY).date(),
    )
    met(pair, at=at - (number % 40 + 1) * DAY)
    planned(pair, starts_at=at + DAY + number * timedelta(hours=1), at=at)
    goal(pair, f"Goal {number}", at=at)
    goal(pair, f"Second goal {number}", at=at)
    return pair


@pytest.mark.parametrize("many", [0, 1, 3])
def test_what_waits_for_an_answer_is_said_on_the_page_of_ones_own_mentoring(
    sign_in, profile, many, django_assert_num_queries
):
    for _number in range(many):
        MentoringRequestFactory(state="asked", mentor=profile, asked_at=now())
    MentoringRequestFactory(state="asked", mentor=MentorProfileFactory(), asked_at=now())
    client = sign_in(profile.person)

    # session, person with their unread messages, rules, pairs, ended pairs, requests,
    # how many requests and hand-overs wait for one's answer, whether there is a desk, rules of care (twice),
    # offers of somebody else, booked office hours, circles, whether one has reported a concern
    with django_assert_num_queries(15):
        page = text(client.get(url("mentoring")))

    said = {1: "1 request waits for your answer", 3: "3 requests wait for your answer"}
    assert said.get(many, "Your people") in page
    assert ("for your answer" in page) == bool(many)


@pytest.mark.parametrize("many", [1, 3, 50, 200])
def test_the_desk_and_its_list_cost_the_same_however_many(
    sign_in, profile, many, django_assert_num_queries
):
    at = now()
    for number in range(many):
        _seat(profile, number, at)
    for _number in range(min(many, 50)):
        MentoringRequestFactory(state="asked", mentor=profile, asked_at=at)
    client = sign_in(profile.person)

    # session, person with their unread messages, rules of care, rules, pairs with what they ask,
    # their meetings, goals and yeses, where people work, check-ins, ended pairs, requests with
    # their topics (three), hand-overs, profile, minutes
    with django_assert_num_queries(17):
        page = text(client.get(url("caseload")))
    with django_assert_num_queries(10):
        lines = client.get(url("caseload_people")).content.decode("utf-8-sig").splitlines()

    assert page.count('<th scope="row">') == many
    assert page.count("Second goal") == many
    assert len(lines) == many + 1


def test_the_notes_of_a_row_are_at_hand_and_its_mentors_alone(sign_in, profile, pairs):
    ann = pairs[0]
    noted(ann, "Shared by us", at=now())
    noted(ann, "Mine alone", audience="private", at=now())
    noted(ann, "Hers alone", audience="private", by=ann.mentee, at=now())
    mentor = sign_in(profile.person)

    whole = text(mentor.get(url("caseload_notes", ann.pk)))
    heart = mentor.get(
        url("caseload_notes", ann.pk),
        headers={"HX-Request": "true", "HX-Target": f"notes-{ann.pk}"},
    )

    for page in (whole, text(heart)):
        assert "Shared by us" in page
        assert "Mine alone" in page
        assert "Hers alone" not in page
    assert "<html" not in text(heart)
    assert "Mine alone" not in text(mentor.get(url("caseload")))
    assert sign_in(ann.mentee).get(url("caseload_notes", ann.pk)).status_code == 404


def test_the_list_goes_along_without_a_word_and_runs_nothing_in_a_spreadsheet(sign_in, profile):
    pair = current(profile=profile, mentee=PersonFactory(name="=cmd()"), at=now() - 10 * DAY)
    goal(pair, "SECRET-GOAL", at=now())
    noted(pair, "SECRET-NOTE", at=now())
    met(pair, at=now() - DAY)

    lines = sign_in(profile.person).get(url("caseload_people")).content.decode("utf-8-sig")

    assert '"\'=cmd()"' in lines
    assert f"{now() - DAY:%Y-%m-%d}" in lines
    assert "SECRET" not in lines


def test_the_desk_is_narrowed_to_who_needs_me_or_to_one_kind(sign_in, profile):
    calm = current(profile=profile, mentee=PersonFactory(name="Calm"), at=now() - DAY)
    met(calm, at=now())
    silent = current(
        profile=profile, mentee=PersonFactory(name="Silent"), kind="coaching", at=now() - 90 * DAY
    )
    met(silent, at=now() - 41 * DAY)
    client = sign_in(profile.person)

    def shown(which):
        rows = client.get(url("caseload"), {"show": which}).context["rows"]
        return [row.person.name for row in rows]

    assert shown("needs") == shown("coaching") == ["Silent"]
    assert shown("mentoring") == ["Calm"]
    assert shown("") == shown("x\x00") == ["Silent", "Calm"]


def test_a_request_on_the_desk_says_who_asks_and_how_many_days_are_left(sign_in, profile):
    request = MentoringRequestFactory(
        state="asked", mentor=profile, asked_at=now(), moves_on_at=now() + 3 * DAY
    )

    page = text(sign_in(profile.person).get(url("caseload")))

    assert f"A new request from {request.mentee.name}." in page
    assert "3 days left" in page


def test_a_hand_over_that_waits_for_my_yes_stands_beside_the_requests_and_is_counted(
    sign_in, profile
):
    pair, at = current(mentee=PersonFactory(name="Mair")), now()
    said = {"words": "", "language": "en", "goals": True, "token": uuid4()}
    one = handing.propose(pair, profile, by=pair.mentee, at=at, **said)
    MentoringRequestFactory(state="asked", mentor=profile, asked_at=at)

    page = text(sign_in(profile.person).get(url("caseload")))

    assert "Mair would like to come to you" in page
    assert f"{one.days_left(at)} days left" in page
    assert url("hand_over_answer", one.pk) in page
    assert "<b>2</b> requests wait for your answer" in page
    mine = text(sign_in(profile.person).get(url("mentoring")))
    assert "2 requests wait for your answer on your desk" in mine


def test_times_the_mentee_proposed_are_what_comes_next(sign_in, profile, pairs):
    ann = pairs[0]
    proposal = times_for(ann, by=ann.mentee, at=(at := now()), times=[at + DAY, at + 2 * DAY])
    times_for(pairs[1], by=profile.person, at=at, times=[at + 3 * DAY])

    page = sign_in(profile.person).get(url("caseload"))

    steps = {row.person.name: next_steps(row)[0] for row in page.context["rows"]}
    assert (steps["Ann"].words, steps["Ann"].url) == ("Choose a time", proposal.get_absolute_url())
    assert steps["Bea"].words == "See your times or take them back"
    assert "Your times wait for Bea." in text(page)
    assert "Ann proposes times." in text(page)
    assert "Ann" in [row.person.name for row in page.context["desk"].shown("needs")]


def asked_for_all(pair, by, at):
    """One of the two asks the other for everything that may be asked."""
    proposed(pair, by=by, purpose="Something else", at=at)
    extensions.propose(pair, until=pair.ends_on + 30 * DAY, by=by, at=at)
    RematchOffer.objects.offer(pair, by=StaffFactory(role="coordinator"), at=at)


ASKED = ["Answer: go on, or somebody else?", "Answer: other terms are proposed"]
ASKED += ["Answer: more time together?"]


def shown_steps(page):
    return {row.person.name: [one.words for one in next_steps(row)] for row in page.context["rows"]}


def test_every_answer_that_waits_for_the_mentor_is_on_their_desk(sign_in, profile, pairs):
    (ann, bea, cai), at = pairs, now()
    for pair in pairs:
        met(pair, at=at - DAY)
    asked_for_all(ann, ann.mentee, at)
    Terms.objects.of(bea).update(review_on=localdate(at))
    proposed(cai, by=profile.person, at=at)
    client = sign_in(profile.person)

    page = client.get(url("caseload"))
    assert shown_steps(page)["Ann"] == ASKED
    assert shown_steps(page)["Bea"] == ["Look at your agreement again"]
    assert page.context["desk"].needing == 2
    assert all(words in text(page) for words in (*ASKED, "Look at your agreement again"))

    Terms.objects.accept(ann, by=profile.person, number=2, at=at)
    extensions.set_aside(ann, by=profile.person, at=at)
    RematchOffer.objects.stay(ann, by=profile.person, at=at)
    proposed(bea, by=profile.person, at=at)
    page = client.get(url("caseload"))
    assert page.context["desk"].needing == 0


def test_every_answer_that_waits_for_the_mentee_is_in_my_mentoring(sign_in, profile, pairs):
    ann, at = pairs[0], now()
    met(ann, at=at - DAY)
    handed(ann, MentorProfileFactory(), by=profile.person, at=at)
    asked_for_all(ann, profile.person, at)
    client = sign_in(ann.mentee)

    page = client.get(url("mentoring"))
    assert shown_steps(page)[profile.person.name] == ["Answer: somebody else instead?", *ASKED]
    assert all(words in text(page) for words in ASKED)
    mentors = sign_in(profile.person).get(url("caseload"))
    assert shown_steps(mentors)["Ann"] == ["Answer: go on, or somebody else?"]


def test_ones_own_times_wait_and_a_new_form_says_so_first(sign_in, profile, pairs):
    ann, at = pairs[0], now()
    proposal = times_for(ann, by=profile.person, at=at, times=[at + DAY])
    page = text(sign_in(profile.person).get(url("propose", ann.pk)))

    assert "Your times wait for Ann." in page
    assert f'href="{proposal.get_absolute_url()}"' in page
    assert "Your times wait" not in text(sign_in(ann.mentee).get(url("propose", ann.pk)))


def test_the_number_at_the_top_and_the_list_of_who_needs_me_count_the_same(sign_in, profile, pairs):
    MentoringRequestFactory(state="asked", mentor=profile, asked_at=now())

    response = sign_in(profile.person).get(url("caseload"))

    desk = response.context["desk"]
    tab = next(one for one in response.context["filters"] if one["value"] == "needs")
    assert tab["n"] == desk.needing
    assert "<b>1</b> request waits for your answer" in text(response)


def test_preparing_leads_to_the_next_meeting_and_what_to_talk_about(sign_in, profile, pairs):
    meeting = planned(pairs[0], starts_at=now() + 3 * DAY, at=now())
    client = sign_in(profile.person)

    rows = client.get(url("caseload")).context["rows"]
    step = next(next_step(row) for row in rows if row.pair == pairs[0])
    answer = client.get(step.url, follow=True)

    assert step.words == "Prepare"
    assert answer.context["meeting"] == meeting
    assert "Look at your goals" in text(answer)
    assert "what you agreed last time" not in text(answer)
