"""Two people answer with one tap, a coordinator sees a level and helps; a quiet mentor is asked."""

from playwright.sync_api import expect

from tests.journeys.running import link_in

WAITING = """
    SELECT pair.id, mentor.email, mentee.email
    FROM connections_relationship pair
    JOIN academy_person mentor ON mentor.id = pair.mentor_id
    JOIN academy_person mentee ON mentee.id = pair.mentee_id
    WHERE pair.state = 'current' AND pair.id NOT IN (SELECT relationship_id FROM connections_care)
    ORDER BY pair.last_contact_at DESC, pair.id OFFSET %s LIMIT 1
"""
FRESH = """
    DELETE FROM connections_checkin WHERE relationship_id = {pair};
    UPDATE connections_relationship SET agreed_at = now() - interval '31 days',
        first_met_at = now() - interval '2 days', last_contact_at = now() - interval '2 days',
        next_meeting_at = NULL, ends_on = current_date + 90, resumed_at = NULL
    WHERE id = {pair}
"""
ASK = """
from datetime import timedelta
from django.utils.timezone import now
from connections.models import CheckIn
CheckIn.objects.ask_due(at=now() + timedelta(days={days}))
"""
QUIET = """
from django.utils.timezone import now
from connections.actions import still_there
still_there.go_round(at=now())
"""
A_WEEK_GOES_BY = """
    UPDATE connections_stillthere SET asked_at = asked_at - interval '8 days',
        reminded_at = reminded_at - interval '8 days' WHERE profile_id = %s
"""
LET_CLOSE = """
    INSERT INTO connections_suggestion
        (request_id, profile_id, rank, source, reasons, outcome, answer, answer_language,
         made_at, asked_at, answered_at)
    SELECT request.id, {profile}, 1, 'mentee', '[]', 'expired', '', '', now(), now(), now()
    FROM connections_mentoringrequest request
    WHERE request.id NOT IN
        (SELECT request_id FROM connections_suggestion WHERE profile_id = {profile})
    ORDER BY request.id LIMIT 2
"""
QUIET_MENTOR = """
    SELECT profile.id, person.email, person.name FROM connections_mentorprofile profile
    JOIN academy_person person ON person.id = profile.person_id
    WHERE profile.state = 'approved' AND NOT profile.paused AND profile.id NOT IN
        (SELECT profile_id FROM connections_stillthere)
        AND profile.id NOT IN (SELECT profile_id FROM connections_suggestion
            WHERE outcome IN ('accepted', 'declined') AND answered_at > now() - interval '30 days')
    ORDER BY profile.id OFFSET %s LIMIT 1
"""


def sql(academy, statements):
    for one in statements.split(";"):
        academy.ask(one)


def taps(person, letter, answer):
    """From the letter to the page; opening it answers nothing; one press does."""
    person.go(link_in(letter, person.stem("connections:check_in").rsplit("/", 1)[0]))
    person.sees_not("Thank you. Your answer is kept, and stays yours.")
    person.press(answer)
    person.sees("Thank you. Your answer is kept, and stays yours.")


def test_a_pulse_reaches_the_coordinator_as_a_level_and_somebody_else_is_found(
    someone, academy, language
):
    mentor, mentee, coordinator = (
        someone(language),
        someone(language, phone=True),
        someone(language),
    )
    ((pair, his, hers),) = academy.ask(WAITING, 0)
    sql(academy, FRESH.format(pair=pair))
    for address in (his, hers):
        academy.speaks(address, language)
    mentor.sign_in(his)
    mentee.sign_in(hers)

    academy.shell(ASK.format(days=0))  # they have met: a good fit?
    subject = mentor.say("How is it going? One tap is enough")
    taps(mentor, academy.post.wait_for(his, subject), "It is a good fit")
    mentor.picture("check-in-desk")
    taps(mentee, academy.post.wait_for(hers, subject), "I am not sure yet")
    mentee.picture("check-in-phone")
    academy.shell(ASK.format(days=8))  # a month has gone by
    mentor.visit("connections:relationship", pair)
    mentor.follow("Answer")
    mentor.press("It is going well")
    mentee.visit("connections:check_in", pair)
    mentee.press("I would like somebody’s help")

    sees_a_level(coordinator, academy, pair, language)
    for address in (his, hers):
        academy.post.wait_for(address, mentor.say("How are the two of you getting on?"))
    letters = [
        academy.post.wait_for(one, mentor.say("A question for you both")) for one in (his, hers)
    ]
    mentor.go(link_in(letters[0], mentor.stem("connections:rematch").rsplit("/", 1)[0]))
    mentor.picture("rematch-desk")
    mentor.press("We go on as we are")
    mentee.visit("connections:rematch", pair)
    mentee.picture("rematch-phone")
    mentee.press("I would like somebody else")
    mentee.reads("Your time together has ended")
    academy.post.wait_for(his, mentor.say("A relationship has come to its end"))
    mentor.visit("connections:relationship", pair)
    mentor.sees_not("I would like somebody’s help")


def sees_a_level(coordinator, academy, pair, language):
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))
    coordinator.visit("connections:weather")
    coordinator.picture("weather-desk")
    coordinator.page.locator("#id_level").select_option("help")
    coordinator.press("Show results")
    coordinator.follow_to("connections:pair_weather", pair)
    coordinator.sees("Needs help")
    coordinator.sees("From check-ins: this pair may welcome a word.")
    coordinator.sees_not("I would like somebody’s help")
    coordinator.picture("weather-pair-desk")
    coordinator.press("I look after this pair")
    coordinator.press("Nudge both")
    coordinator.sees("A kind letter is on its way.")
    coordinator.sees_not("Nudge both")
    coordinator.press("I no longer look after this pair")
    coordinator.sees("You no longer look after this pair.")
    coordinator.press("Ask both")
    coordinator.sees("Ask both whether they go on")
    coordinator.picture("ask-both-desk")
    coordinator.press("Ask both")
    coordinator.sees("Both are asked, in the same words. We tell nobody who says yes.")


def test_a_coordinator_on_a_phone_without_scripts_nudges_many(someone, academy, language):
    coordinator = someone(language, phone=True, script=False)
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))

    coordinator.visit("connections:weather")
    coordinator.picture("weather-phone")
    coordinator.page.locator("input[name=pairs]").first.check()
    keeps_the_button_in_view_and_off_what_the_keys_are_on(coordinator.page)
    coordinator.press("Nudge those ticked")
    coordinator.page.locator(".a-message").first.wait_for()


def keeps_the_button_in_view_and_off_what_the_keys_are_on(page):
    foot = page.locator(".c-many")
    for _press in range(12):
        page.keyboard.press("Tab")
        reached = page.locator(":focus").bounding_box()
        expect(foot).to_be_in_viewport(ratio=1)
        assert reached["y"] + reached["height"] <= foot.bounding_box()["y"]


def test_a_quiet_mentor_is_asked_reminded_paused_and_comes_back(someone, academy, language):
    mentor, coordinator = someone(language, phone=True), someone(language)
    ((profile, address, name),) = academy.ask(QUIET_MENTOR, 0)
    academy.speaks(address, language)
    academy.ask(LET_CLOSE.format(profile=profile))

    academy.shell(QUIET)
    academy.post.wait_for(address, mentor.say("Are you still taking requests?"))
    for words in ("Still there? One press is enough", "We have paused you for now"):
        academy.ask(A_WEEK_GOES_BY, profile)
        academy.shell(QUIET)
        letter = academy.post.wait_for(address, mentor.say(words))

    coordinator.sign_in(academy.newcomer(language, role="coordinator"))
    coordinator.visit("connections:weather")
    coordinator.follow("Mentors we have not heard from")
    coordinator.sees(name)
    coordinator.picture("quiet-desk")
    mentor.sign_in(address)
    mentor.go(link_in(letter, mentor.at("connections:still_there")))
    mentor.reads("You are paused")
    mentor.press("Take new requests again")
    mentor.reads("Are you still taking requests?")
    mentor.picture("still-there-phone")


MANAGED = """
    UPDATE academy_membership work SET line_manager_id = manager.id
    FROM connections_relationship pair, academy_person mentee, academy_person manager
    WHERE pair.state = 'current' AND mentee.id = pair.mentee_id AND work.person_id = mentee.id
        AND work.ended_on IS NULL AND manager.email = %s AND pair.id =
        (SELECT max(pair.id) FROM connections_relationship pair WHERE pair.state = 'current'
         AND pair.id NOT IN (SELECT relationship_id FROM connections_managerconsent))
    RETURNING pair.id, mentee.email, mentee.name
"""


def test_a_line_manager_sees_counts_while_the_mentee_wants_it(someone, academy, language):
    mentee, manager = someone(language), someone(language, phone=True)
    theirs = academy.newcomer(language)
    ((pair, hers, name),) = academy.ask(MANAGED, theirs)
    mentee.sign_in(hers)
    mentee.visit("connections:relationship", pair)
    mentee.follow("Choose what they may see: nothing, or counts")
    mentee.picture("manager-consent-desk")
    mentee.page.locator("main button[value=yes]").click()
    mentee.sees("Your line manager sees these counts now, and nothing else.")

    academy.post.wait_for(theirs, manager.say("Somebody in your team shows you their mentoring"))
    manager.sign_in(theirs)
    manager.visit("connections:team")
    manager.sees(name)
    manager.picture("team-phone")
    mentee.press("Show nothing any more")
    manager.visit("connections:team")
    manager.sees_not(name)
