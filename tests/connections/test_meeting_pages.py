"""What two people see and press: propose, choose, move, log in two taps, agenda, tasks, weeks."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import override
from icalendar import Calendar

from academy import hooks
from academy.models import Notification
from connections.actions.keeping import forget_words
from connections.forms.proposals import when
from connections.models import Agenda, Availability, Goal, Meeting, Note, Proposal, Stage, Task
from connections.models.agendas import stage_of
from connections.models.availability import Part, Week, cell, suggested, week_of
from connections.models.meetings import MeetingQuerySet
from connections.models.mistakes import take_back, written_by
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.relationships import current, goal, met, planned, task, times_for

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def filled(form):
    """What the browser would send if nobody touched the form."""
    facts = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in facts.items() if value not in (None, "")}


def slots(**more):
    day = localdate(now() + 3 * DAY).isoformat()
    facts = {"day_1": day, "time_1": "14:30", "day_2": day, "time_2": "16:00"}
    common = {"minutes": "60", "how": "phone", "token": str(uuid4())}
    return {**facts, **common, **more}


def test_times_are_proposed_on_one_page_and_chosen_on_another(pair, mentor, mentee):
    mentor.post(url("propose", pair.pk), slots())
    proposal = Proposal.objects.get()
    page = mentee.get(proposal.get_absolute_url())
    second = proposal.times.order_by("starts_at")[1]

    assert proposal.times.count() == 2
    assert when(second.starts_at, second.starts_at + HOUR) in text(page)
    assert "proposes 2 times" in text(mentee.get(pair.get_absolute_url()))
    answer = mentee.post(proposal.get_absolute_url(), {"time": str(second.pk)})
    meeting = Meeting.objects.planned().get()
    assert (answer.url, meeting.starts_at) == (meeting.get_absolute_url(), second.starts_at)
    again = mentee.post(proposal.get_absolute_url(), {"time": str(second.pk)})
    assert again.url == meeting.get_absolute_url()


def test_the_reason_why_a_time_is_not_proposed_twice_stands_beside_it(pair, mentor):
    page = mentor.post(url("propose", pair.pk), slots(time_2="14:30"))

    assert list(page.context["form"].errors) == ["time_2"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"time_1": ""}, "Enter a time for this day"),
        ({"day_2": ""}, "Enter a day for this time"),
        ({"time_2": "half past"}, "Enter a time, such as 14:30"),
        ({"day_1": "2020-01-01"}, "This time is over"),
        ({"day_1": "9999-12-31"}, "within the next year"),
        ({"time_2": "14:30"}, "You have proposed this time already, higher up"),
        (dict.fromkeys(("day_1", "time_1", "day_2", "time_2"), ""), "at least one day and time"),
        ({"minutes": "\x00"}, "There is a problem"),
    ],
)
def test_what_was_typed_comes_back_with_the_reason(pair, mentor, wrong, words):
    page = text(mentor.post(url("propose", pair.pk), slots(place="Kept", **wrong)))

    assert words in page
    assert 'value="Kept"' in page
    assert not Proposal.objects.exists()


def test_who_proposes_at_the_same_time_sees_the_others_first_and_may_send_again(
    pair, mentor, mentee
):
    mentor.post(url("propose", pair.pk), slots())
    mine = slots(place="My place")
    page = mentee.post(url("propose", pair.pk), mine)

    assert "has proposed times as well" in text(page)
    assert 'value="My place"' in text(page)
    mentee.post(url("propose", pair.pk), {**mine, "instead_of": page.context["theirs"].pk})
    assert Proposal.objects.open().get().proposed_by == pair.mentee


def test_none_fits_leads_to_ones_own_times(pair, mentor, mentee):
    proposal = times_for(pair, times=[now() + DAY], at=now())
    answer = mentee.post(proposal.get_absolute_url(), {"time": "none"})

    assert answer.url == url("propose", pair.pk)
    proposal.refresh_from_db()
    assert proposal.state == "declined"
    assert mentor.get(proposal.get_absolute_url()).url == pair.get_absolute_url()


def test_what_is_proposed_is_taken_back_by_who_proposed_it(pair, mentor, mentee):
    proposal = times_for(pair, times=[now() + DAY], at=now())
    mentee.post(url("withdraw_proposal", pair.pk, proposal.pk))
    proposal.refresh_from_db()
    assert proposal.open
    mentor.post(url("withdraw_proposal", pair.pk, proposal.pk))

    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    answer = mentee.post(proposal.get_absolute_url(), {"time": "none"}, follow=True)
    assert "can no longer be chosen from" in text(answer)


def test_a_clash_is_shown_before_and_told_after(pair, mentee, sign_in):
    other = current(at=now() - 10 * DAY, mentee=pair.mentee)
    start = now() + 2 * DAY
    proposal = times_for(pair, times=[start], at=now())
    planned(other, starts_at=start, at=now())

    assert "You have something else then" in text(mentee.get(proposal.get_absolute_url()))
    answer = mentee.post(proposal.get_absolute_url(), {"time": proposal.times.get().pk})
    assert "Choose another time" in text(answer)
    assert Meeting.objects.of(pair).count() == 0
    mine = {"day_1": localdate(start).isoformat(), "time_1": f"{localtime(start):%H:%M}"}
    page = mentee.post(url("propose", pair.pk), {**slots(), **mine})
    assert "You have something else at this time" in text(page)


def test_the_other_half_is_busy_and_nothing_more_is_said(sign_in):
    profile, at = MentorProfileFactory(), now()
    pair = current(profile=profile, at=at - DAY)
    secret = current(profile=profile, at=at - DAY, mentee=PersonFactory(name="Somebody Else"))
    planned(secret, starts_at=at + 2 * DAY, at=at)
    start = localtime(at + 2 * DAY)
    said = {"day": start.date().isoformat(), "time": f"{start:%H:%M}", "minutes": "60"}
    said |= {"how": "online", "token": str(uuid4())}
    page = text(sign_in(pair.mentee).post(url("plan", pair.pk), said))

    assert f"{profile.person.name} has something else at this time" in page
    assert "Somebody Else" not in page


def test_a_planned_meeting_is_moved_and_both_find_it_in_a_calendar_file(pair, mentor, mentee):
    meeting = planned(pair, starts_at=now() + 2 * DAY, at=now())
    form = mentee.get(url("move_meeting", pair.pk, meeting.pk)).context["form"]
    there = {**filled(form), "day": localdate(now() + 5 * DAY).isoformat(), "time": "09:15"}
    mentee.post(url("move_meeting", pair.pk, meeting.pk), there)
    [event] = Calendar.from_ical(
        mentor.get(url("meeting_calendar", pair.pk, meeting.pk)).content
    ).walk("VEVENT")

    assert event["SEQUENCE"] == 1
    assert f"{event['DTSTART'].dt:%H:%M}" == "09:15"
    mentor.post(url("cancel_meeting", pair.pk, meeting.pk))
    gone = Calendar.from_ical(mentee.get(url("meeting_calendar", pair.pk, meeting.pk)).content)
    assert gone["METHOD"] == "CANCEL"
    assert mentee.post(url("move_meeting", pair.pk, meeting.pk), there).url == (
        pair.get_absolute_url()
    )


def test_who_moves_a_meeting_to_where_it_is_hears_that_nothing_has_changed(pair, mentee):
    meeting = planned(pair, starts_at=now().replace(second=0, microsecond=0) + 2 * DAY, at=now())
    address = url("move_meeting", pair.pk, meeting.pk)
    page = text(mentee.post(address, filled(mentee.get(address).context["form"]), follow=True))

    assert "Nothing has changed" in page
    assert "is moved" not in page


def test_two_who_move_a_meeting_at_once_do_not_move_it_over_one_another(pair, mentor, mentee):
    meeting = planned(pair, starts_at=now() + 2 * DAY, at=now())
    address = url("move_meeting", pair.pk, meeting.pk)
    mine = filled(mentor.get(address).context["form"])
    mine |= {"day": localdate(now() + 5 * DAY).isoformat(), "time": "09:15", "place": "My place"}
    theirs = {**mine, "time": "11:45", "place": "Their place"}
    mentee.post(address, theirs)
    assert mentee.post(address, theirs).status_code == 302  # twice is once

    page = mentor.post(address, mine)
    meeting.refresh_from_db()
    assert (meeting.place, meeting.sequence) == ("Their place", 1)
    assert "has been moved meanwhile" in text(page)
    assert when(meeting.starts_at, meeting.ends_at) in text(page)
    assert 'value="My place"' in text(page)
    mentor.post(address, filled(page.context["form"]))
    meeting.refresh_from_db()
    assert (meeting.place, meeting.sequence) == ("My place", 2)


def test_two_taps_log_a_meeting_as_long_and_in_the_way_of_the_last(pair, mentor):
    met(pair, at=now() - 3 * DAY, minutes=30)
    Meeting.objects.update(how="phone")
    form = mentor.get(url("record", pair.pk)).context["form"]
    mentor.post(url("record", pair.pk), filled(form))

    newest = Meeting.objects.order_by("-pk").first()
    assert (newest.minutes, newest.how) == (30, "phone")
    assert localdate(newest.starts_at) == localdate(now())


def test_two_taps_write_up_what_was_planned(pair, mentee):
    meeting = planned(pair, starts_at=now() - 2 * DAY, at=now() - 5 * DAY)
    page = mentee.get(url("record", pair.pk))
    mentee.post(url("record", pair.pk), filled(page.context["form"]))

    assert "as planned" in text(page)
    meeting.refresh_from_db()
    assert meeting.held
    assert Meeting.objects.count() == 1


def test_the_desk_logs_a_meeting_too(pair, mentor):
    assert f'href="{url("record", pair.pk)}"' in text(mentor.get(url("caseload")))


# Agendas


@pytest.fixture
def agendas():
    call_command("load_reference", verbosity=0)


def test_the_agenda_follows_the_stage_and_the_kind(agendas):
    mentoring, coaching = current(), current(kind="coaching")
    coaching.mentor.mentor_profile  # noqa: B018 -- it is there
    day = localdate(LONG_AGO)

    assert stage_of(mentoring, on=day) == Stage.FIRST
    met(mentoring, at=LONG_AGO + DAY)
    mentoring.refresh_from_db()
    assert stage_of(mentoring, on=day) == Stage.EARLY
    for number in range(2, 6):
        met(mentoring, at=LONG_AGO + number * DAY)
    assert stage_of(mentoring, on=day) == Stage.UNDER_WAY
    assert stage_of(mentoring, on=mentoring.ends_on - 5 * DAY) == Stage.LAST
    titles = {
        Agenda.objects.of(one, stage).get().title_en
        for one in (mentoring, coaching)
        for stage in Stage
    }
    assert len(titles) == 8


def test_an_agenda_is_shown_printed_and_starts_the_shared_note(agendas, pair, mentee):
    meeting = planned(pair, starts_at=now() + DAY, at=now())
    first = Agenda.objects.of(pair, Stage.FIRST).get()

    for address in (meeting.get_absolute_url(), url("agenda", pair.pk)):
        assert first.lines()[4] in text(mentee.get(address)).replace("&#x27;", "'")
    last = text(mentee.get(f"{url('agenda', pair.pk)}?stage=last"))
    assert Agenda.objects.of(pair, Stage.LAST).get().title_en in last
    assert mentee.get(f"{url('agenda', pair.pk)}?stage=%00").status_code == 200
    form = mentee.get(f"{url('write_shared', pair.pk)}?agenda=first").context["form"]
    assert form["words"].value() == first.as_note()
    with override("cy"):
        page = text(mentee.get(url("agenda", pair.pk)))
    assert first.title_cy in page
    assert first.title_en not in page


def test_a_curator_changes_an_agenda_and_a_reload_keeps_it(agendas, staff, sign_in):
    agenda = Agenda.objects.get(kind="coaching", stage="first")
    client = sign_in(staff("curator"))
    change = reverse("admin:connections_agenda_change", args=[agenda.pk])
    facts = {f"{name}_{code}": f"New {code}" for name in agenda.both for code in ("en", "cy")}
    facts |= {"kind": "coaching", "stage": "first", "cy_source": "own"}
    client.post(change, {**facts, "_save": ""})
    call_command("load_reference", verbosity=0)

    agenda.refresh_from_db()
    assert (agenda.title_en, agenda.lines()) == ("New en", ["New en"])
    assert Agenda.objects.count() == 8


# Tasks


def test_a_task_is_taken_on_under_a_goal_and_ticked_by_either(pair, mentor, mentee):
    aim = goal(pair, "Start one huddle", at=now())
    form = mentee.get(url("set_task", pair.pk)).context["form"]
    said = {**filled(form), "words": "Ask the ward clerk", "goal": aim.pk, "doer": pair.mentor_id}
    mentee.post(url("set_task", pair.pk), said)
    made = Task.objects.get()

    assert (made.opened(), made.goal, made.doer) == ("Ask the ward clerk", aim, pair.mentor)
    assert "Ask the ward clerk" in text(mentor.get(pair.get_absolute_url()))
    for done, ticked in (("yes", True), ("yes", True), ("no", False)):
        mentor.post(url("tick_task", pair.pk, made.pk), {"done": done})
        made.refresh_from_db()
        assert (made.done_at is not None) == ticked


def test_a_task_of_somebody_else_or_for_another_pairs_goal_is_not_taken(pair, mentee):
    elsewhere = goal(current(), "Another pair's")
    form = mentee.get(url("set_task", pair.pk)).context["form"]
    said = {**filled(form), "words": "Kept words"}
    for wrong in ({"doer": PersonFactory().pk}, {"due_on": "2020-01-01"}, {"doer": "\x00"}):
        page = text(mentee.post(url("set_task", pair.pk), {**said, **wrong}))
        assert "There is a problem" in page
        assert "Kept words" in page
    with pytest.raises(Goal.NotOpen):
        task(pair, "Words", goal=elsewhere)
    assert not Task.objects.exists()


def test_tasks_are_few(pair, mentee):
    made = [task(pair, f"Task {number}", at=now()) for number in range(5)]

    with pytest.raises(Task.Enough):
        task(pair, "Too many", at=now())
    form = mentee.get(url("set_task", pair.pk)).context["form"]
    page = mentee.post(url("set_task", pair.pk), {**filled(form), "words": "One more"})
    assert "Finish one first" in text(page)
    Task.objects.tick(made[0], by=pair.mentor, done=True, at=now())
    task(pair, "A fifth again", at=now())
    answer = mentee.post(url("tick_task", pair.pk, made[0].pk), {"done": "no"}, follow=True)
    assert "Finish another task first" in text(answer)


def test_late_tasks_wait_for_who_took_them_on_and_rest_with_the_pair(pair, mentor):
    yesterday = localdate(now() - DAY)
    for doer in (pair.mentee, pair.mentee, pair.mentor):
        task(pair, "SECRET words", doer=doer, due_on=yesterday, at=now())
    task(pair, "In time", doer=pair.mentee, due_on=localdate(now()), at=now())

    def waits(person):
        needs = [need for ask in hooks.needs for need in ask(person, at=now())]
        return [need.text for need in needs if "task" in need.text]

    assert waits(pair.mentee) == [f"2 tasks you took on with {pair.mentor.name} are late"]
    assert waits(pair.mentor) == [f"1 task you took on with {pair.mentee.name} is late"]
    assert "late</b>" in text(mentor.get(pair.get_absolute_url()))
    pair.end(by=pair.mentor, at=now())
    assert waits(pair.mentee) == []


def test_a_task_is_taken_back_within_a_day_by_who_wrote_it(pair):
    mine, theirs = task(pair, "Mine", at=now()), task(pair, "Theirs", by=pair.mentor, at=now())

    assert [one.name for one in written_by(pair.mentee, pair, at=now())] == [f"task-{mine.pk}"]
    take_back(pair, f"task-{mine.pk}", by=pair.mentee, at=now())
    assert list(Task.objects.all()) == [theirs]


@pytest.mark.parametrize("many", [1, 3])
def test_what_needs_me_costs_the_same_however_many(many, django_assert_num_queries):
    person = PersonFactory()
    for number in range(many):
        pair = current(mentee=person, at=now() - 10 * DAY)
        task(pair, "Late", due_on=localdate(now() - DAY), at=now())
        times_for(pair, times=[now() + (number + 1) * DAY], at=now())
    ours = [one for one in hooks.needs if one.__module__ == "connections.hooks.meetings"]

    # proposals with their pairs, their times; late tasks counted, the pairs of those
    with django_assert_num_queries(4):
        needs = [need for ask in ours for need in ask(person, at=now())]
    assert len(needs) == 2 * many


# Weeks


def test_two_weeks_side_by_side_and_times_that_suit_both(pair, mentee, mentor):
    monday_early, monday_night = cell(0, Part.EARLY), cell(0, Part.NIGHT)
    friday_evening = cell(4, Part.EVENING)
    mentee.post(f"{url('availability')}?pair={pair.pk}", {"cells": [monday_early, friday_evening]})
    before = text(mentee.get(url("propose", pair.pk)))
    mentor.post(url("availability"), {"cells": [monday_early, monday_night, friday_evening]})
    week, page = week_of(pair, pair.mentee), mentee.get(url("propose", pair.pk))

    assert "has not said yet" in before
    assert week.words == ["Monday: early", "Friday: evening"]
    assert "Monday: early" in text(page)
    times = [localtime(one) for one in page.context["suggested"]]
    assert {(one.weekday(), one.hour) for one in times} == {(0, 7), (4, 18)}
    assert filled(page.context["form"])["time_1"].startswith(("07:30", "18:00"))


def test_a_suggested_time_is_one_at_which_neither_meets_anybody_else(pair):
    for person in (pair.mentor, pair.mentee):
        Availability.objects.keep(person, [cell(1, Part.DAYTIME)], at=now())
    week = week_of(pair, pair.mentor)
    first, second = suggested(pair, week, minutes=60, at=LONG_AGO)
    other = current(mentee=pair.mentee, at=LONG_AGO)
    planned(other, starts_at=first + HOUR / 2, at=LONG_AGO)

    assert suggested(pair, week, minutes=60, at=LONG_AGO) == [second]
    assert suggested(pair, week, minutes=30, at=LONG_AGO) == [first, second]


def test_the_kindest_times_are_suggested_first(pair):
    monday_early, friday_early = cell(0, Part.EARLY), cell(4, Part.EARLY)
    friday_noon, sunday_noon = cell(4, Part.DAYTIME), cell(6, Part.DAYTIME)
    both = frozenset({monday_early, friday_early, friday_noon, sunday_noon})

    times = suggested(pair, Week(both, both), minutes=60, many=2, at=LONG_AGO)

    assert [localtime(one).weekday() for one in times] == [4, 4]
    assert {localtime(one).hour for one in times} == {12}


def test_a_week_is_seen_by_the_people_one_learns_with_now_and_by_nobody_else(pair):
    Availability.objects.keep(pair.mentee, [0, 3], at=now())
    stranger = PersonFactory()

    assert Availability.objects.visible_to(pair.mentor).count() == 1
    assert Availability.objects.visible_to(stranger).count() == 0
    assert hooks.exports["when_i_can_meet"](pair.mentee) == ["Monday: early, night"]
    pair.end(by=pair.mentee, at=now())
    assert Availability.objects.visible_to(pair.mentor).count() == 0
    Availability.objects.keep(pair.mentee, [], at=now())
    assert not Availability.objects.exists()


@pytest.mark.parametrize("wrong", ["28", "-1", "x", "\x00"])
def test_a_box_that_is_not_there_is_not_ticked(mentee, wrong):
    page = mentee.post(f"{url('availability')}?pair=x", {"cells": [wrong]})

    assert page.status_code == 200
    assert not Availability.objects.exists()


def test_tasks_and_times_go_along_in_an_export_of_the_pair_alone(pair):
    task(pair, "Ask the clerk", at=now())
    times_for(pair, times=[now() + DAY], at=now())
    for person in (pair.mentor, pair.mentee):
        (one,) = hooks.exports["relationships"](person)
        assert [made["words"] for made in one["tasks"]] == ["Ask the clerk"]
        assert len(one["proposed_times"]) == 1
    assert hooks.exports["relationships"](PersonFactory()) == []


def test_the_words_go_when_the_time_to_read_them_is_over(pair):
    task(pair, "Ask the clerk", at=now())
    times_for(pair, times=[now() + DAY], at=now())
    pair.end(by=pair.mentee, at=now())

    assert forget_words(at=now() + 181 * DAY) == 1
    assert not Task.objects.exists()
    assert not Proposal.objects.exists()


def test_erasing_takes_weeks_tasks_and_proposals_along(pair):
    Availability.objects.keep(pair.mentee, [0], at=now())
    task(pair, "Mine", at=now())
    times_for(pair, times=[now() + DAY], by=pair.mentee, at=now())
    for _twice in range(2):
        for _order, eraser in hooks.erasers:
            eraser(pair.mentee, at=now())

    for model in (Availability, Task, Proposal):
        assert not model.objects.exists()
    assert not Note.objects.exists()


def told_of_cancelling():
    return Notification.objects.filter(kind="connections.meeting_cancelled")


def test_cancelling_asks_first_and_says_who_is_told(pair, mentor, mentee):
    meeting = planned(pair, starts_at=now() + DAY, at=now())
    address = url("cancel_meeting", pair.pk, meeting.pk)
    page = text(mentor.get(address))

    assert f"{pair.mentee.name} is told at once" in page
    assert "a calendar file that takes the meeting out of your calendars" in page
    meeting.refresh_from_db()
    assert meeting.planned
    assert not told_of_cancelling().exists()
    said = f"The meeting is cancelled. {pair.mentee.name} has been told."
    assert said in text(mentor.post(address, follow=True))
    assert told_of_cancelling().count() == 2


def test_a_second_press_or_the_back_button_cancels_nothing_twice(pair, mentor, mentee):
    meeting = planned(pair, starts_at=now() + DAY, at=now())
    address = url("cancel_meeting", pair.pk, meeting.pk)
    mentor.post(address, follow=True)
    again = [text(client.post(address, follow=True)) for client in (mentor, mentee)]
    looked = text(mentee.get(address, follow=True))

    assert all("This meeting is cancelled already" in page for page in (*again, looked))
    assert all("has been told" not in page for page in again)
    assert told_of_cancelling().count() == 2


def test_two_who_cancel_in_one_moment_are_told_once_each(pair, mentor, monkeypatch):
    meeting = planned(pair, starts_at=now() + DAY, at=now())
    settle = MeetingQuerySet.settle

    def after_the_other(self, found, **said):
        settle(self, Meeting.objects.get(pk=found.pk), **said | {"by": pair.mentee})
        return settle(self, found, **said)

    monkeypatch.setattr(MeetingQuerySet, "settle", after_the_other)
    page = text(mentor.post(url("cancel_meeting", pair.pk, meeting.pk), follow=True))

    assert "This meeting is cancelled already" in page
    assert told_of_cancelling().count() == 2


def test_a_meeting_whose_time_has_come_is_written_up_not_cancelled(pair, mentor):
    meeting = planned(pair, starts_at=now() - DAY, at=now() - 3 * DAY)
    page = text(mentor.post(url("cancel_meeting", pair.pk, meeting.pk), follow=True))

    assert "Say here whether it took place" in page
    assert Meeting.objects.planned().get() == meeting
    Meeting.objects.settle(meeting, by=pair.mentor, held=True, at=now())
    page = text(mentor.post(url("cancel_meeting", pair.pk, meeting.pk), follow=True))
    assert "took place, so there is nothing to cancel" in page
    assert Meeting.objects.held().get() == meeting


@pytest.mark.parametrize(("language", "begins"), [("cy", "Dydd "), ("en", "Monday ")])
def test_the_day_of_a_meeting_opens_its_title_with_a_capital(pair, mentor, language, begins):
    monday = localtime() + DAY * (7 - localtime().weekday())
    meeting = planned(pair, starts_at=monday, at=now())
    with override(language):
        page = text(mentor.get(url("meeting", pair.pk, meeting.pk)))

    assert re.search(r"<title>\s*([^<]*)", page)[1].startswith(begins)
    assert re.search(r"<h1[^>]*>([^<]*)", page)[1].startswith(begins)
