"""A mentor's desk from keyboard, phone and printer; a coordinator's map of supply."""

import re

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
SENT = {
    "en": "Your words have gone to 2 people.",
    "cy": re.compile("Mae’ch geiriau wedi mynd at 2 berson"),
}
MENTOR = "coach1@example.org"
MENTEES = """
    SELECT mentee.email FROM connections_relationship pair
    JOIN academy_person mentor ON mentor.id = pair.mentor_id
    JOIN academy_person mentee ON mentee.id = pair.mentee_id
    WHERE mentor.email = %s AND pair.state = 'current'
"""


def at_the_desk(someone, academy, language, **how):
    mentor = someone(language, **how)
    academy.speaks(MENTOR, language)
    mentor.sign_in(MENTOR)
    mentor.visit("connections:caseload")
    return mentor


def test_a_mentor_goes_through_the_desk_by_keyboard_and_writes_to_several(
    someone, academy, language
):
    mentor = at_the_desk(someone, academy, language)
    mentor.reads("Your people")
    mentor.picture("desk-desk")
    page = mentor.page
    for (address,) in academy.ask(MENTEES, MENTOR):
        academy.speaks(address, language)

    mentor.tab_to("[data-desk] input[data-key=tick]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # in a box it sends nothing
    assert page.locator("[data-desk] input:checked").count() == 2
    mentor.tab_to("summary[data-key=notes]")
    page.keyboard.press("Enter")
    page.locator(".c-notes[open] .c-note").first.wait_for()
    mentor.picture("desk-notes-desk")

    page.locator(
        "summary", has_text=mentor.say("Send a kind word to everybody you have ticked")
    ).click()
    mentor.picture("desk-nudge-desk")
    mentor.press("Send it to those I have ticked")
    mentor.sees(SENT[language])
    reached = academy.ask(MENTEES, MENTOR)
    subject = mentor.say("There are a few words for you")
    academy.post.wait_for("@example.org", subject)
    assert any(academy.post.to(address, subject) for (address,) in reached)

    page.emulate_media(media="print")
    mentor.picture("desk-print")
    page.emulate_media(media="screen")
    page.set_viewport_size(PHONE)
    mentor.visit("connections:caseload")
    mentor.picture("desk-phone")


def test_without_scripts_the_notes_have_a_page_and_a_mistake_keeps_what_was_written(
    someone, academy, language
):
    mentor = at_the_desk(someone, academy, language, script=False)
    page = mentor.page

    page.locator(".c-notes summary").first.click()
    mentor.follow(re.compile(re.escape(mentor.say("Open the notes"))))
    page.locator(".c-note").first.wait_for()
    mentor.visit("connections:caseload")
    page.locator(
        "summary", has_text=mentor.say("Send a kind word to everybody you have ticked")
    ).click()
    page.locator("input[name=message][value=own]").check()
    mentor.fill("Your own words", "Sampl: pob lwc")
    mentor.press("Send it to those I have ticked")

    mentor.sees("Tick at least one person in the list")
    assert page.locator("#id_words").input_value() == "Sampl: pob lwc"


def test_a_coordinator_sees_where_places_are_short(someone, academy, language):
    coordinator = someone(language)
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))
    coordinator.visit("admin:index")
    coordinator.follow_to("connections:supply", within="#content")
    coordinator.reads("Free places and waiting requests")
    coordinator.picture("supply-desk")

    coordinator.follow("Coaching")
    coordinator.reads("Free places and waiting requests")
    coordinator.page.set_viewport_size(PHONE)
    coordinator.visit("connections:supply")
    coordinator.picture("supply-phone")
