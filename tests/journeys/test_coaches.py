"""A coach's year: a credential confirmed, supervision booked on a phone, a log, a step."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from tests.journeys.running import link_in

LONDON = ZoneInfo("Europe/London")
MAKE_STEP = """
    INSERT INTO connections_practice (person_id, step, given_at, shown)
    SELECT id, %s, now(), false FROM academy_person WHERE email = %s
"""
NUMBER = "SELECT id FROM academy_person WHERE email = %s"
OVER = """
    UPDATE connections_supervisionsession SET starts_at = now() - interval '2 hours' WHERE id = %s
"""
LINES = """
    SELECT count(*) FROM connections_logline line JOIN academy_person person
    ON person.id = line.person_id WHERE person.email = %s
"""


def on_day(reader, field, day):
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        reader.page.locator(f"[name={field}_{part}]").fill(str(value))


def test_a_credential_is_confirmed_and_a_step_is_given(someone, academy, language):
    coach, coordinator = someone(language), someone(language)
    address, post, today = academy.newcomer(language), academy.post, datetime.now(LONDON).date()
    academy.ask(MAKE_STEP, "peer_helper", address)
    coach.sign_in(address)

    coach.visit("connections:caseload")
    coach.follow("My coaching practice: credentials, supervision, log")
    coach.picture("practice-empty-desk")
    coach.follow("Add a credential", within="main section")
    coach.press("Keep this credential")
    coach.sees("Enter who awarded it")
    coach.fill("What is it called?", "Hyfforddwr gwella sampl")
    coach.fill("Who awarded it?", "Coleg sampl")
    on_day(coach, "awarded_on", today - timedelta(days=300))
    on_day(coach, "expires_on", today + timedelta(days=800))
    coach.press("Keep this credential")
    coach.sees("Waiting to be confirmed")

    coordinator.sign_in(academy.newcomer(language, role="coordinator"))
    coordinator.visit("connections:register")
    coordinator.picture("register-desk")
    coordinator.visit("connections:coach", academy.one(NUMBER, address))
    coordinator.press("Confirm it")
    coordinator.sees("Confirmed, and the coach is told.")
    post.wait_for(address, coach.say("Your credential is confirmed"))

    coordinator.press("Give a step")
    coordinator.picture("give-step-desk")
    coordinator.press("Give this step")
    coordinator.sees("Write why")
    coordinator.page.locator("input[name=step][value=coach]").check()
    coordinator.fill("Why?", "Sgwrs dda, sampl")
    coordinator.press("Give this step")
    coordinator.page.locator("input[name=all_the_same]").check()
    coordinator.press("Give this step")
    letter = post.wait_for(address, coach.say("Your step as a coach"))
    coach.go(link_in(letter, coach.at("connections:ladder")))
    coach.picture("ladder-desk")
    coach.press("Show it on my profile page")
    coach.sees("Your profile page says which step you are on.")


def supervision_is_planned(lead, day):
    """The number of a new session."""
    lead.visit("connections:supervision")
    lead.press("Set up a group")
    lead.fill("What is the group called?", "Awr dawel, sampl")
    lead.page.locator("input[name=language][value=both]").check()
    lead.page.locator("input[name=how][value=online]").check()
    lead.press("Set up this group")
    lead.press("Plan a session")
    on_day(lead, "day", day)
    lead.fill("At what time?", "10:00")
    lead.fill("Where, or a link to join (optional)", "https://example.org/sampl")
    lead.press("Plan this session")
    lead.picture("group-desk")
    lead.follow_first("connections:supervision_session", within="main table")
    return lead.number()


def events(letter):
    (file,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")


def says_who_came(lead, session):
    lead.visit("connections:supervision_attendance", session)
    lead.picture("attendance-desk")
    lead.page.locator("input[name=came]").first.check()
    lead.press("Record this")
    lead.sees("Thank you. It is in the logs of those who came.")


def test_supervision_is_booked_on_a_phone_and_stands_in_the_log(someone, academy, language):
    lead, coach, post = someone(language), someone(language, phone=True), academy.post
    address, leads = academy.newcomer(language), academy.newcomer(language)
    academy.ask(MAKE_STEP, "coach", address)
    academy.ask(MAKE_STEP, "supervisor", leads)
    day = datetime.now(LONDON).date() + timedelta(days=12)
    lead.sign_in(leads)
    session = supervision_is_planned(lead, day)

    coach.sign_in(address)
    coach.visit("connections:practice")
    coach.picture("practice-phone")
    coach.follow("Supervision dates")
    coach.picture("supervision-phone")
    coach.follow_to("connections:supervision_session", session)
    coach.press("Book a place")
    coach.sees("You have a place.")
    coach.picture("supervision-booked-phone")
    (booked,) = events(post.wait_for(address, coach.say("You have a place in supervision")))

    lead.visit("connections:move_supervision", session)
    lead.fill("At what time?", "14:30")
    lead.press("Save the change")
    letter = post.wait_for(address, coach.say("Your supervision has a new time or place"))
    (moved,) = events(letter)
    assert (moved["uid"], moved["sequence"]) == (booked["uid"], booked["sequence"] + 1)
    assert moved.decoded("dtstart").astimezone(LONDON).time().hour == 14

    academy.ask(OVER, session)  # the clock is moved, nobody waits
    says_who_came(lead, session)

    coach.visit("connections:log")
    coach.picture("log-phone")
    coach.follow("Add your thoughts")
    coach.fill("What do you take from it? (optional)", "Gofyn mwy, sampl")
    coach.press("Save the change")
    coach.sees("Gofyn mwy, sampl")
    assert academy.one(LINES, address) == 1
    coach.page.emulate_media(media="print")
    coach.picture("log-print")
    lead.visit("connections:coach", academy.one(NUMBER, address))
    assert "Gofyn mwy" not in lead.page.content()
    lead.picture("coach-desk")


def test_without_scripts_a_coach_writes_in_the_log_and_takes_it_away(someone, academy, language):
    coach = someone(language, script=False)
    coach.sign_in(academy.newcomer(language))

    coach.visit("connections:write_log")
    on_day(coach, "done_on", datetime.now(LONDON).date())
    coach.fill("How many minutes?", "45")
    coach.page.locator("input[name=kind][value=with_others]").check()
    coach.press("Keep it in my log")
    coach.sees("Write in a few words what you did")
    coach.fill("What did you do?", "Set ddysgu, sampl")
    coach.press("Keep it in my log")
    coach.sees("Set ddysgu, sampl")
    with coach.page.expect_download() as download:
        coach.page.get_by_role("link", name=coach.say("Download all years as CSV")).click()
    assert "Set ddysgu, sampl" in download.value.path().read_text(encoding="utf-8-sig")
    coach.follow("Change", within="main table")
    coach.press("Remove this line")
    coach.sees_not("Set ddysgu, sampl")
