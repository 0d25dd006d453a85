from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import override

from academy import hooks
from connections.actions import answering, asking
from connections.models import (
    CheckIn,
    Concern,
    Goal,
    Meeting,
    Note,
    Relationship,
    Suggestion,
)
from connections.models.meetings import earliest_day
from tests.factories import MembershipFactory, PersonFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
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


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def post(client, name, *args, **data):
    return client.post(url(name, *args), data={"token": str(uuid4()), "language": "en", **data})


def test_a_meeting_is_recorded_in_two_taps(pair, mentor, mentee):
    form = mentor.get(url("record", pair.pk)).context["form"]
    defaults = {name: str(form[name].value()) for name in ("day", "minutes", "how", "language")}
    post(mentor, "record", pair.pk, **defaults)

    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.minutes, meeting.written_by) == ("held", 60, pair.mentor)
    assert "You met" in text(mentee.get(url("relationship", pair.pk)))


def test_one_meeting_recorded_by_both_counts_once(pair, mentor, mentee):
    said = {"day": f"{now():%Y-%m-%d}", "minutes": 45, "how": "phone", "summary": "Kept"}
    post(mentor, "record", pair.pk, **said | {"summary": ""})
    asked = text(post(mentee, "record", pair.pk, **said))
    own = text(post(mentor, "record", pair.pk, **said))

    question = " recorded a meeting on this day already. Was this another one?"
    assert f"{pair.mentor.name} has{question}" in asked
    assert "Kept" in asked
    assert 'name="another"' in asked
    assert f"You have{question}" in own
    assert Meeting.objects.count() == 1
    assert not Note.objects.exists()
    assert post(mentee, "record", pair.pk, **said, another="on").status_code == 302
    assert Meeting.objects.held().count() == 2


def test_what_was_planned_and_written_up_is_not_recorded_once_more(pair, mentor, mentee):
    meeting = planned(pair, starts_at=now() - DAY, at=now() - 2 * DAY)
    Meeting.objects.settle(meeting, by=pair.mentee, held=True, at=now())
    said = {"day": f"{localdate(meeting.starts_at)}", "minutes": 45, "how": "phone"}

    assert "A meeting on this day is recorded already" in text(
        post(mentor, "record", pair.pk, **said)
    )
    assert Meeting.objects.count() == 1


def test_what_is_still_to_come_is_planned_not_recorded(pair, mentor):
    tomorrow = f"{now() + DAY:%Y-%m-%d}"
    answer = post(mentor, "record", pair.pk, day=tomorrow, minutes=60, how="online", summary="Kept")

    assert "still to come" in text(answer)
    assert "Kept" in text(answer)
    assert not Meeting.objects.exists()

    post(mentor, "plan", pair.pk, day=tomorrow, time="14:30", minutes=60, how="phone")
    assert Meeting.objects.planned().get().how == "phone"


def test_nobody_met_as_a_pair_long_before_they_were_one(pair, mentor):
    facts = {"minutes": 60, "how": "online"}
    old = post(mentor, "record", pair.pk, day="1900-01-01", **facts)
    early = f"{pair.began_at - 20 * DAY:%Y-%m-%d}"

    first = date_format(earliest_day(pair), "j F Y")
    assert "from shortly before you became a pair may be recorded too" in text(old)
    assert f"The day must be {first} or later" in text(old)
    assert not Meeting.objects.exists()
    assert post(mentor, "record", pair.pk, day=early, **facts).status_code == 302


def test_a_mistake_is_taken_back_within_a_day_by_who_made_it(pair, mentor, mentee):
    wrong = met(pair, at=now(), summary="Wrong pair", by=pair.mentor)
    kept = noted(pair, "An older word", at=now() - 2 * DAY)
    goal(pair, "The mentee’s own", at=now())
    page = text(mentor.get(url("mistakes", pair.pk)))

    assert f"meeting-{wrong.pk}" in page
    assert "own" not in page.partition("<h1")[2].partition("</article>")[2].partition("No, keep")[0]
    mentee.post(url("mistakes", pair.pk), {"what": f"meeting-{wrong.pk}"})
    mentor.post(url("mistakes", pair.pk), {"what": f"note-{kept.pk}"})
    assert Meeting.objects.exists()
    for _twice in range(2):
        mentor.post(url("mistakes", pair.pk), {"what": f"meeting-{wrong.pk}"})

    pair.refresh_from_db()
    assert not Meeting.objects.exists()
    assert Note.objects.get() == kept
    assert (pair.first_met_at, pair.last_contact_at) == (None, kept.written_at)


def test_kind_words_with_a_yes_reach_the_mentee(sign_in):
    profile = MentorProfileFactory()
    request = asking.ask(MentoringRequestFactory(asked_at=now()), profile, at=now())
    told = {"words": "Croeso cynnes", "language": "cy", "at": now()}
    pair = answering.accept(request, profile.person, **told)

    page = text(sign_in(pair.mentee).get(url("relationship", pair.pk)))

    assert '<span lang="cy">Croeso cynnes</span>' in page
    assert f"{pair.mentor.name} said yes, and wrote to you" in page


def test_a_planned_meeting_is_written_up_by_either(pair, mentee):
    meeting = planned(pair, starts_at=now() - DAY, at=now() - 5 * DAY)
    answer = mentee.get(url("next_meeting", pair.pk))
    assert answer.url == url("meeting", pair.pk, meeting.pk)

    mentee.post(
        answer.url, {"held": "yes", "summary": "We drew a driver diagram", "language": "en"}
    )
    assert Meeting.objects.held().get() == meeting
    assert "driver diagram" in text(mentee.get(url("relationship", pair.pk)))


def test_a_meeting_to_come_is_cancelled(pair, mentee):
    meeting = planned(pair, starts_at=now() + DAY, at=now())
    assert url("cancel_meeting", pair.pk, meeting.pk) in text(
        mentee.get(url("meeting", pair.pk, meeting.pk))
    )
    mentee.post(url("cancel_meeting", pair.pk, meeting.pk))

    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def test_a_goal_is_set_and_reached(pair, mentor, mentee):
    post(mentee, "set_goal", pair.pk, words="Start one huddle")
    made = Goal.objects.get()
    mentor.post(url("reach_goal", pair.pk, made.pk))

    assert "Start one huddle" in text(mentor.get(url("relationship", pair.pk)))
    made.refresh_from_db()
    assert made.reached_at is not None


def test_what_was_typed_comes_back_with_the_reason(pair, mentor):
    answer = post(mentor, "write_private", pair.pk, words="", language="en")

    assert "Write something first" in text(answer)
    for number in range(3):
        post(mentor, "set_goal", pair.pk, words=f"Goal {number}")
    fourth = post(mentor, "set_goal", pair.pk, words="A fourth")
    assert "A fourth" in text(fourth)
    assert Goal.objects.count() == 3


def test_ending_gives_no_reason_and_says_thanks(pair, mentee, mentor):
    post(mentee, "end", pair.pk, words="Thank you")
    pair.refresh_from_db()
    page = text(mentor.get(url("relationship", pair.pk)))

    assert pair.ended
    assert "Thank you" in page
    assert "Record a meeting" not in page
    assert post(mentor, "write_shared", pair.pk, words="Late").status_code == 302
    assert Note.objects.count() == 1


def test_who_ends_it_reads_who_does_not_see_the_reason(pair, mentee):
    page = text(mentee.get(url("end", pair.pk)))

    assert f"{pair.mentor.name} does not see it." in page


def test_who_proposed_the_terms_reads_whose_yes_is_missing(sign_in):
    pair = begin(at=now())
    proposed(pair, by=pair.mentee)

    page = text(post(sign_in(pair.mentee), "agreement", pair.pk, number=1, accept="on"))

    assert f"These are your own terms, and {pair.mentor.name} has not accepted them yet" in page


def test_people_to_choose_from_are_spoken_of_in_whole_sentences(sign_in):
    asked = MentoringRequestFactory()
    Suggestion.objects.create(request=asked, profile=MentorProfileFactory(), made_at=now())

    page = text(sign_in(asked.mentee).get(url("mentoring")))

    assert "See who, and why</a>. Choose by" in page


def test_whoever_ends_it_reads_which_meeting_is_cancelled_with_it(pair, mentee):
    with override("en"):
        before = text(mentee.get(url("end", pair.pk)))
        meeting = planned(pair, starts_at=now() + 3 * DAY, at=now())
        page = text(mentee.get(url("end", pair.pk)))

    assert "calendars follow" not in before
    assert date_format(localdate(meeting.starts_at), "l j F") in page
    assert "is cancelled, and both your calendars follow" in page


def test_an_ended_pair_may_end_before_it_agreed(sign_in):
    pair = begin(at=now())
    client = sign_in(pair.mentee)
    assert client.get(url("end", pair.pk)).status_code == 200
    post(client, "end", pair.pk)

    pair.refresh_from_db()
    assert pair.ended


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_desk_costs_the_same_however_many(sign_in, many, django_assert_num_queries):
    at = now()
    profile = MentorProfileFactory(capacity=10)
    for number in range(many):
        _seat(profile, number, at)
        MentoringRequestFactory(state="asked", mentor=profile, asked_at=at)

    client = sign_in(profile.person)
    # session, person with their unread messages, rules (two), pairs, their meetings, goals and yeses,
    # where people work, one's own check-ins, ended pairs, requests with their topics (three),
    # profile, minutes
    with django_assert_num_queries(17):
        page = text(client.get(url("caseload")))

    assert page.count('<th scope="row">') == many


def _seat(profile, number, at):
    """One pair; the places are not what is counted here."""
    pair = Relationship.objects.create(
        mentor=profile.person,
        mentee=MembershipFactory().person,
        kind="mentoring",
        state="current",
        words_version=1,
        began_at=at - 60 * DAY,
        agreed_at=at - 60 * DAY,
        last_contact_at=at - 60 * DAY,
        ends_on=(at + 90 * DAY).date(),
    )
    met(pair, at=at - (number + 1) * DAY)
    planned(pair, starts_at=at + DAY + number * timedelta(hours=1), at=at)
    goal(pair, f"Goal {number}", at=at)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_a_pairs_page_costs_the_same_however_much_they_wrote(
    sign_in, many, django_assert_num_queries
):
    pair, at = current(at=now() - 80 * DAY), now()
    for number in range(many):
        met(pair, at=at - (number + 1) * DAY, summary=f"Summary {number}")
        noted(pair, f"Shared {number}", at=at)
        noted(pair, f"Private {number}", audience="private", at=at)
    CheckIn.objects.ask_due(at=at)  # until then two more: rules and dates of the question to come

    client = sign_in(pair.mentor)
    with django_assert_num_queries(22):
        page = text(client.get(url("relationship", pair.pk)))

    assert page.count("c-note__words") == 3 * many


def test_the_desk_puts_first_who_needs_me(sign_in):
    profile, at = MentorProfileFactory(capacity=5), now()
    calm = current(profile=profile, mentee=PersonFactory(name="Calm"), at=at - 40 * DAY)
    met(calm, at=at - 2 * DAY)
    silent = current(profile=profile, mentee=PersonFactory(name="Silent"), at=at - 90 * DAY)
    met(silent, at=at - 41 * DAY)
    unwritten = current(profile=profile, mentee=PersonFactory(name="Unwritten"), at=at - 40 * DAY)
    planned(unwritten, starts_at=at - 2 * DAY, at=at - 10 * DAY)
    begin(profile=profile, mentee=PersonFactory(name="New"), at=at - DAY)

    response = sign_in(profile.person).get(url("caseload"))
    desk = response.context["desk"]

    assert [row.person.name for row in desk.rows] == ["Silent", "Unwritten", "New", "Calm"]
    assert desk.needing == 3
    assert "No word for 41 days" in text(response)
    assert "Met once, on" in text(response)
    waiting = [need for ask in hooks.needs for need in ask(profile.person, at=now())]
    assert len(waiting) == desk.needing
    assert any("Silent" in need.text and "41 days" in need.text for need in waiting)


def test_the_log_goes_along_without_words(sign_in):
    pair = current(at=now() - 10 * DAY)
    met(pair, at=now() - DAY, summary="SECRET-SUMMARY", minutes=45)
    response = sign_in(pair.mentor).get(url("caseload_export"))
    lines = response.content.decode("utf-8-sig").splitlines()

    assert len(lines) == 2
    assert pair.mentee.name in lines[1]
    assert '"45"' in lines[1]
    assert "SECRET-SUMMARY" not in response.content.decode()


def test_a_mentees_page_shows_pairs_and_requests(sign_in):
    pair = current(at=now() - DAY)
    asked = MentoringRequestFactory(mentee=pair.mentee, words="Another question of mine")
    page = text(sign_in(pair.mentee).get(url("mentoring")))

    assert pair.mentor.name in page
    assert asked.words in page


def test_a_request_with_suggestions_says_so_where_it_is_listed(sign_in, person):
    asked = MentoringRequestFactory(mentee=person, asked_at=now())
    asked.suggestions.create(profile=MentorProfileFactory(), made_at=now())
    asked.suggestions.create(profile=MentorProfileFactory(paused=True), made_at=now())
    page = text(sign_in(person).get(url("mentoring")))

    assert "1 person might help you" in page
    assert "An answer comes by" not in page


@pytest.mark.parametrize("language", ["en", "cy"])
def test_after_a_no_no_reason_is_made_up_and_others_are_at_hand(sign_in, person, language):
    mentor = MentorProfileFactory()
    asked = MentoringRequestFactory(mentee=person, state="declined", closes_at=None, ended_at=now())
    asked.suggestions.create(
        profile=mentor, made_at=now(), asked_at=now(), outcome="declined", answered_at=now()
    )
    asked.suggestions.create(profile=MentorProfileFactory(), made_at=now())
    client = sign_in(person)
    with override(language):
        listed = text(client.get(url("mentoring")))
        page = text(client.get(url("request", asked.pk)))

    for words in ("about their time", "Diffyg amser"):
        assert words not in page
    if language == "en":
        assert "1 person might help you" in listed
        assert "Declined" in listed
        assert "It was good that you asked" in page


@pytest.mark.parametrize("name", ["mentoring", "caseload"])
def test_who_has_nobody_yet_is_told_what_to_do(sign_in, person, name):
    response = sign_in(person).get(url(name))

    assert response.status_code == 200
    assert "c-empty" in text(response)


def test_pages_speak_welsh(pair, mentor):
    noted(pair, "Words", at=now())
    with override("cy"):
        page = text(mentor.get(url("relationship", pair.pk)))

    assert "Yr hyn rydych wedi’i wneud gyda’ch gilydd" in page
    assert "What you have done together" not in page


def test_a_concern_reaches_the_lead_alone(pair, mentee, mentor, staff, sign_in):
    lead, coordinator = staff("safeguarding_lead"), staff("coordinator")
    post(mentee, "report_concern", pair.pk, words="Messages at night")
    concern = Concern.objects.get()

    assert "It has arrived" in text(mentee.get(url("relationship", pair.pk)))
    assert "It has arrived" not in text(mentor.get(url("relationship", pair.pk)))
    assert sign_in(coordinator).get(url("concern", concern.pk)).status_code == 403
    client = sign_in(lead)
    assert str(concern) in text(client.get(url("concerns")))
    assert "Messages at night" not in text(client.get(url("concerns")))
    assert "Messages at night" in text(client.get(url("concern", concern.pk)))

    post(client, "close_concern", concern.pk, words="Too early", asked="yes")
    client.post(url("take_concern", concern.pk))
    assert "looking into it" in text(mentee.get(url("relationship", pair.pk)))
    assert "Write in a sentence" in text(post(client, "close_concern", concern.pk, words=""))
    post(client, "close_concern", concern.pk, words="We have talked", asked="yes")
    assert "We have talked" in text(client.get(url("concern", concern.pk)))
    concern.refresh_from_db()
    assert concern.closed_at is not None
    assert concern.owner == lead


def test_what_waits_for_my_answer_stands_at_the_top(pair, mentor, mentee):
    times = times_for(pair, times=[now() + 3 * DAY, now() + 4 * DAY], at=now())
    proposed(pair, at=now(), often="fortnightly")
    address = url("relationship", pair.pk)
    top, _line, rest = text(mentee.get(address)).partition('class="a-two c-pair"')
    own = text(mentor.get(address))

    name = pair.mentor.name
    assert f"{name} proposes 2 times." in top
    assert f'href="{times.get_absolute_url()}"' in top
    assert f"{name} proposes a change to your agreement." in top
    assert f'href="{url("agreement", pair.pk)}"' in top
    assert "proposes" not in rest
    assert "Nothing planned" not in rest
    assert "proposes" not in own
    assert "You proposed 2 times" in own
    assert "Your change waits for" in own
