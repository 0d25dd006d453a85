"""Times are proposed and chosen, meetings move and fall away, and calendars follow."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from icalendar import Calendar

from academy.letters import compose
from academy.models import Notification
from connections.models import Meeting, Proposal, Relationship
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import begin, current, met, planned, times_for

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")


def letters(kind, person=None):
    found = Notification.objects.filter(kind=f"connections.{kind}")
    return list((found.of(person) if person else found).order_by("pk"))


def event_of(letter):
    """The method and the one event of a message's calendar file, parsed back."""
    [(_name, content, kind)] = compose(letter).attachments
    file = Calendar.from_ical(content)
    [event] = file.walk("VEVENT")
    assert f"method={file['METHOD']}" in kind
    return str(file["METHOD"]), event


def choose(proposal, number=0, *, by=None, at):
    time = proposal.times.order_by("starts_at")[number]
    return Proposal.objects.accept(time, by=by or proposal.relationship.mentee, at=at)


def test_one_of_the_times_is_chosen_and_the_others_lapse():
    pair, at = current(), LONG_AGO
    proposal = times_for(pair, times=[at + DAY, at + 2 * DAY, at + 3 * DAY], at=at)
    meeting = choose(proposal, 1, at=at)

    proposal.refresh_from_db()
    pair.refresh_from_db()
    assert (proposal.state, proposal.meeting) == ("accepted", meeting)
    assert (meeting.starts_at, pair.next_meeting_at) == (at + 2 * DAY, at + 2 * DAY)
    assert [one.person for one in letters("times_proposed")] == [pair.mentee]
    assert {one.person for one in letters("meeting_planned")} == {pair.mentor, pair.mentee}


def test_choosing_twice_is_choosing_once_and_another_time_is_too_late():
    pair, at = current(), LONG_AGO
    proposal = times_for(pair, times=[at + DAY, at + 2 * DAY], at=at)

    assert choose(proposal, at=at) == choose(proposal, at=at)
    with pytest.raises(Proposal.Closed):
        choose(proposal, 1, at=at)
    assert Meeting.objects.count() == 1


def test_a_time_that_has_passed_is_not_chosen_and_nobody_chooses_their_own():
    pair, at = current(), LONG_AGO
    proposal = times_for(pair, times=[at + DAY, at + 3 * DAY], at=at)

    with pytest.raises(Meeting.AlreadyPast):
        choose(proposal, at=at + 2 * DAY)
    with pytest.raises(Proposal.Closed):
        choose(proposal, by=pair.mentor, at=at)
    with pytest.raises(Relationship.Outsider):
        choose(proposal, by=PersonFactory(), at=at)
    assert proposal.open


def test_none_of_them_fits_and_who_proposed_is_told_once():
    pair, at = current(), LONG_AGO
    proposal = times_for(pair, times=[at + DAY], at=at)
    for _twice in range(2):
        Proposal.objects.decline(proposal, by=pair.mentee, at=at)

    assert proposal.state == "declined"
    assert [one.person for one in letters("times_declined")] == [pair.mentor]
    with pytest.raises(Proposal.Closed):
        choose(proposal, at=at)


def test_when_both_propose_the_second_looks_at_the_first_ones_times():
    pair, at = current(), LONG_AGO
    theirs = times_for(pair, times=[at + DAY], at=at)
    mine = {"by": pair.mentee, "times": [at + 2 * DAY], "at": at}

    with pytest.raises(Proposal.Crossed) as crossed:
        times_for(pair, **mine)
    assert crossed.value.proposal == theirs
    instead = times_for(pair, **mine, instead_of=theirs.pk)

    theirs.refresh_from_db()
    assert (theirs.state, instead.state) == ("declined", "open")


def test_times_that_are_all_over_are_in_nobodys_way_and_new_ones_replace_ones_own():
    pair, at = current(), LONG_AGO
    first = times_for(pair, times=[at + DAY], at=at)
    second = times_for(pair, times=[at + 2 * DAY], at=at)
    third = times_for(pair, times=[at + 9 * DAY], by=pair.mentee, at=at + 5 * DAY)

    states = dict(Proposal.objects.values_list("pk", "state"))
    assert states == {first.pk: "withdrawn", second.pk: "declined", third.pk: "open"}


def test_the_same_form_twice_is_one_proposal_and_the_database_keeps_it_to_one_open():
    pair, at, token = current(), LONG_AGO, uuid4()
    for _twice in range(2):
        times_for(pair, times=[at + DAY, at + DAY], at=at, token=token)

    assert Proposal.objects.get().times.count() == 1
    same = {"relationship": pair, "minutes": 30, "how": "phone", "proposed_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(**same, token=uuid4())


def test_nothing_is_proposed_before_the_agreement_or_after_the_end():
    waiting, ended = begin(), current()
    ended.end(by=ended.mentor, at=LONG_AGO)

    for pair, refusal in ((waiting, Relationship.NotAgreed), (ended, Relationship.Ended)):
        with pytest.raises(refusal):
            times_for(pair, times=[LONG_AGO + DAY], at=LONG_AGO)


def test_nobody_is_promised_to_two_meetings_at_one_time():
    """A mentor's two pairs; and somebody who is a mentor here and a mentee there."""
    profile, at = MentorProfileFactory(), LONG_AGO
    first, second = current(profile=profile), current(profile=profile)
    as_mentee = current(mentee=profile.person)
    planned(first, starts_at=at + DAY, at=at)
    overlapping = times_for(second, times=[at + DAY + HOUR / 2, at + DAY + HOUR], at=at)

    with pytest.raises(Meeting.Clash) as clash:
        choose(overlapping, at=at)
    assert clash.value.person == profile.person
    with pytest.raises(Meeting.Clash):
        planned(as_mentee, starts_at=at + DAY - HOUR / 2, at=at)
    assert choose(overlapping, 1, at=at).planned  # it begins as the other ends


def test_the_database_sees_two_promises_too_whichever_half_somebody_is():
    profile, at = MentorProfileFactory(), LONG_AGO
    here, there = current(profile=profile), current(mentee=profile.person)
    one = planned(here, starts_at=at + DAY, at=at)
    other = planned(there, starts_at=at + 2 * DAY, at=at)

    with pytest.raises(IntegrityError, match="nobody_is_promised"), transaction.atomic():
        Meeting.objects.filter(pk=other.pk).update(starts_at=at + DAY + HOUR / 2)
    Meeting.objects.filter(pk=one.pk).update(state="cancelled")
    Meeting.objects.filter(pk=other.pk).update(starts_at=at + DAY + HOUR / 2)


def test_a_calendar_follows_a_meeting_from_plan_to_cancellation():
    pair, at = current(at=now()), now()
    meeting = planned(pair, starts_at=at + DAY, at=at)
    first = event_of(letters("meeting_planned", pair.mentee)[0])
    told = {"by": pair.mentee, "minutes": 30, "how": "phone", "place": "01745 000000", "seen": 0}
    for _twice in range(2):
        Meeting.objects.move(meeting, starts_at=at + 2 * DAY, **told, at=at)
    second = event_of(letters("meeting_moved", pair.mentee)[0])
    late = compose(letters("meeting_planned", pair.mentor)[0])
    Meeting.objects.settle(meeting, by=pair.mentor, held=False, at=at)
    third = event_of(letters("meeting_cancelled", pair.mentee)[0])

    assert len(letters("meeting_moved")) == 2
    assert late is None  # overtaken before it was sent
    assert [method for method, _event in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["UID"]) for _method, event in (first, second, third)}) == 1
    assert [event["SEQUENCE"] for _method, event in (first, second, third)] == [0, 1, 2]
    assert second[1]["DTSTART"].dt == (at + 2 * DAY).replace(microsecond=0)
    assert second[1]["DTEND"].dt - second[1]["DTSTART"].dt == HOUR / 2
    assert str(second[1]["LOCATION"]) == "01745 000000"
    assert str(third[1]["STATUS"]) == "CANCELLED"
    assert pair.mentor.email not in str(first[1].to_ical())


@pytest.mark.parametrize("day", [24, 26])
def test_two_in_the_afternoon_is_two_in_the_afternoon_on_both_sides_of_the_clock_change(day):
    """The clocks go back on 25 October 2026."""
    at = datetime(2026, 10, 1, 12, tzinfo=LONDON)
    pair = current(at=at)
    planned(pair, starts_at=datetime(2026, 10, day, 14, tzinfo=LONDON), at=at)
    _method, event = event_of(letters("meeting_planned", pair.mentee)[0])

    start = event["DTSTART"]
    assert start.params["TZID"] == "Europe/London"
    assert start.to_ical() == f"202610{day}T140000".encode()
    assert start.dt.astimezone(ZoneInfo("UTC")).hour == (13 if day == 24 else 14)


def test_a_welsh_reader_gets_a_welsh_entry():
    pair = current(at=now(), mentee=PersonFactory(language="cy"))
    planned(pair, starts_at=now() + DAY, at=now())
    _method, event = event_of(letters("meeting_planned", pair.mentee)[0])

    assert str(event["SUMMARY"]) == f"Mentora: {pair.mentor.name} a chithau"
    assert "/cy/mentora/" in str(event["URL"])


def test_what_is_over_or_taken_is_not_moved_there_and_what_is_settled_stays():
    profile, at = MentorProfileFactory(), LONG_AGO
    pair, other = current(profile=profile), current(profile=profile)
    meeting, taken = planned(pair, starts_at=at + DAY, at=at), at + 5 * DAY
    planned(other, starts_at=taken, at=at)
    way = {"by": pair.mentor, "minutes": 60, "how": "online", "seen": 0, "at": at}

    with pytest.raises(Meeting.AlreadyPast):
        Meeting.objects.move(meeting, starts_at=at - DAY, **way)
    with pytest.raises(Meeting.Clash):
        Meeting.objects.move(meeting, starts_at=taken + HOUR / 2, **way)
    Meeting.objects.move(meeting, starts_at=at + DAY + HOUR / 2, **way)  # over its own old time
    Meeting.objects.settle(meeting, by=pair.mentee, held=False, at=at)
    with pytest.raises(Meeting.Settled):
        Meeting.objects.move(meeting, starts_at=at + 2 * DAY, **way)


def test_the_end_of_a_pair_takes_its_meetings_out_of_both_calendars():
    pair, at = current(at=now()), now()
    meeting = planned(pair, starts_at=at + DAY, at=at)
    pair.end(by=pair.mentee, at=at)

    meeting.refresh_from_db()
    assert meeting.cancelled
    assert {one.person for one in letters("meeting_cancelled")} == {pair.mentor, pair.mentee}
    method, event = event_of(letters("meeting_cancelled", pair.mentor)[0])
    assert (method, event["SEQUENCE"]) == ("CANCEL", 1)


def test_we_met_writes_up_the_meeting_that_was_planned_for_that_day():
    pair, at = current(), LONG_AGO
    meeting = planned(pair, starts_at=at + DAY, at=at)
    noon = {"by": pair.mentee, "starts_at": at + DAY + HOUR, "minutes": 30, "how": "phone"}
    token = uuid4()
    for _twice in range(2):
        Meeting.objects.record(pair, **noon, token=token, summary="Short", at=at + DAY + 3 * HOUR)

    meeting.refresh_from_db()
    pair.refresh_from_db()
    assert Meeting.objects.get() == meeting
    assert (meeting.state, meeting.minutes, meeting.how) == ("held", 30, "phone")
    assert (meeting.starts_at, pair.next_meeting_at) == (at + DAY, None)
    assert meeting.notes.count() == 1


def test_both_are_reminded_the_day_before_and_once():
    pair, at = current(at=now()), now()
    meeting = planned(pair, starts_at=at + 3 * DAY, at=at)

    assert Meeting.objects.remind_due(at=at + DAY) == 0
    assert Meeting.objects.remind_due(at=at + 2 * DAY) == 1
    assert Meeting.objects.remind_due(at=at + 2 * DAY + HOUR) == 0
    assert {one.person for one in letters("meeting_reminder")} == {pair.mentor, pair.mentee}
    assert "meet on" in compose(letters("meeting_reminder", pair.mentee)[0]).body

    Meeting.objects.settle(meeting, by=pair.mentor, held=False, at=at)
    assert compose(letters("meeting_reminder", pair.mentee)[0]) is None


def test_a_moved_meeting_is_reminded_of_again_and_one_arranged_late_not_at_all():
    pair, at = current(), LONG_AGO
    meeting = planned(pair, starts_at=at + 2 * DAY, at=at)
    late = planned(current(), starts_at=at + 6 * HOUR, at=at)
    Meeting.objects.remind_due(at=at + DAY)
    way = {"by": pair.mentor, "minutes": 60, "how": "online", "seen": 0, "at": at + DAY}
    Meeting.objects.move(meeting, starts_at=at + 9 * DAY, **way)

    assert late.remind_at is None
    assert Meeting.objects.remind_due(at=at + 8 * DAY) == 1


def test_pairs_that_have_ended_are_not_reminded():
    pair, at = current(), LONG_AGO
    meeting = planned(pair, starts_at=at + 3 * DAY, at=at)
    pair.end(by=pair.mentor, at=at)
    Meeting.objects.filter(pk=meeting.pk).update(
        state="planned", remind_at=at
    )  # as old rows may be

    assert Meeting.objects.remind_due(at=at + 2 * DAY) == 0


def test_what_is_usual_is_what_they_did_last():
    pair = current()
    assert Meeting.objects.usual(pair) == {}
    met(pair, at=LONG_AGO + DAY, minutes=45)

    assert Meeting.objects.usual(pair) == {"minutes": 45, "how": "online"}
