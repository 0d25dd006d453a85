"""Two people find a time, move it, cancel it, log a meeting in two taps, and leave with a task."""

from datetime import timedelta

from django.utils.timezone import localdate, now
from icalendar import Calendar

PAIR = """
    SELECT pair.id, mentor.email, mentee.email, mentee.name FROM connections_relationship pair
    JOIN academy_person mentor ON mentor.id = pair.mentor_id
    JOIN academy_person mentee ON mentee.id = pair.mentee_id
    WHERE pair.state = 'current' AND pair.next_meeting_at IS NULL AND pair.id %% 2 = %s
    AND NOT EXISTS (SELECT 1 FROM connections_proposal WHERE relationship_id = pair.id)
    AND NOT EXISTS (SELECT 1 FROM academy_person_groups g WHERE g.person_id = mentee.id)
    ORDER BY pair.id LIMIT 1
"""


def event_in(letter):
    """The entry of the calendar file a letter carries."""
    [part] = [one for one in letter.iter_attachments() if one.get_content_type() == "text/calendar"]
    file = Calendar.from_ical(part.get_payload(decode=True))
    [event] = file.walk("VEVENT")
    return str(file["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), event["DTSTART"].dt


def meet(someone, academy, language):
    """A sample pair with nothing planned, both signed in: the mentor at a desk, the mentee's phone."""
    ((pair, mentors, mentees, name),) = academy.ask(PAIR, int(language == "cy"))
    mentor, mentee = someone(language), someone(language, phone=True)
    for one, address in ((mentor, mentors), (mentee, mentees)):
        academy.speaks(address, language)
        one.sign_in(address)
    return pair, mentor, mentee, mentors, mentees, name


def says_when(one, pair, boxes):
    one.visit("connections:availability")
    one.page.locator("input[name=cells]:checked").evaluate_all(
        "boxes => boxes.forEach(box => { box.checked = false })"
    )
    for number in boxes:
        one.page.locator(f"input[name=cells][value='{number}']").check()
    one.picture("weeks-phone" if one.page.viewport_size["width"] < 400 else "weeks-desk")
    one.press("Keep my week")


def test_two_people_find_a_time_and_their_calendars_follow(someone, academy, language):
    pair, mentor, mentee, mentors, mentees, _name = meet(someone, academy, language)
    says_when(mentor, pair, [1, 6, 18])
    says_when(mentee, pair, [1, 6, 22])

    mentor.visit("connections:relationship", pair)
    mentor.press("Plan a meeting")
    mentor.sees("We have filled in times that suit you both. Change them as you like.")
    mentor.picture("propose-desk")
    mentor.press("Propose these times")
    academy.post.wait_for(mentees, mentee.say("Choose one of them, or say that none fits:"))
    mentee.visit("home")
    mentee.follow("Choose a time")
    mentee.picture("choose-phone")
    mentee.page.locator("input[name=time]").first.check()
    mentee.press("Send my answer")
    mentee.picture("meeting-phone")
    mentee.sees("The meeting is planned. You have both been sent a calendar entry.")
    planned = event_in(academy.post.wait_for(mentors, mentor.say("A meeting is planned")))

    mentor.visit("connections:relationship", pair)
    mentor.picture("pair-planned-desk")
    mentor.visit("connections:next_meeting", pair)
    mentor.picture("meeting-desk")
    mentor.follow("Move this meeting")
    mentor.page.locator("#id_time").fill("16:45")
    mentor.picture("move-desk")
    mentor.press("Move this meeting")
    moved = event_in(
        academy.post.wait_for(mentees, mentee.say("A meeting has a new time or place"))
    )
    mentee.visit("connections:next_meeting", pair)
    with mentee.page.expect_download() as download:
        mentee.page.get_by_role("link", name=mentee.say("Put it in my calendar")).click()
    file = Calendar.from_ical(download.value.path().read_bytes())
    mentee.press("Cancel this meeting")
    mentee.sees(
        "The message to you both carries a calendar file"
        " that takes the meeting out of your calendars."
    )
    mentee.picture("cancel-phone")
    mentee.press("Cancel this meeting")
    mentee.sees(mentee.like("The meeting is cancelled. %(name)s has been told."))
    gone = event_in(academy.post.wait_for(mentors, mentor.say("A meeting will not take place")))

    assert [one[0] for one in (planned, moved, gone)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert planned[1] == moved[1] == gone[1] == str(file.walk("VEVENT")[0]["UID"])
    assert [one[2] for one in (planned, moved, gone)] == [0, 1, 2]
    assert f"{moved[3]:%H:%M}" == "16:45"


def test_a_meeting_is_logged_in_two_taps_with_an_agenda_and_a_task(someone, academy, language):
    pair, mentor, mentee, _mentors, mentees, name = meet(someone, academy, language)

    mentor.visit("connections:caseload")
    with mentor.page.expect_navigation():
        mentor.page.locator(f'main a[href="{mentor.at("connections:record", pair)}"]').click()  # 1
    mentor.arrived()
    mentor.picture("we-met-desk")
    mentor.press("Record this meeting")  # 2
    mentor.sees("Your meeting is recorded.")

    mentee.visit("connections:set_goal", pair)
    mentee.fill("What should be different by the end?", "Llanfairpwllgwyngyll" * 10)
    mentee.press("Set this goal")
    mentee.press("Let it go")
    mentee.sees("The goal is let go, and there is room for another. You can take it up again.")
    mentee.seen.clear()  # the page again, with a goal that was let go
    mentee.visit("connections:relationship", pair)
    mentee.picture("goal-let-go-phone")
    mentee.follow("What to talk about")
    mentee.picture("agenda-phone")
    mentee.follow("Start a shared note with these questions")
    mentee.press("Share this note")
    mentee.follow("Add a task")
    mentee.fill("What will be done?", "Gofyn i’r clerc, sampl")
    mentee.page.locator("#id_due_on").fill((localdate(now()) + timedelta(days=1)).isoformat())
    mentee.picture("task-phone")
    mentee.press("Keep this task")
    mentee.picture("pair-task-phone")
    academy.ask(
        "UPDATE connections_task SET due_on = current_date - 1 WHERE relationship_id = %s"
        " AND done_at IS NULL",
        pair,
    )
    mentee.visit("home")
    mentee.follow("Do it, or tick it off")
    mentee.sees("late")
    mentor.visit("connections:relationship", pair)
    mentor.picture("pair-task-desk")
    mentor.press("Done")
    mentor.sees("Ticked off.")
    mentor.sees(name)
    assert mentees
