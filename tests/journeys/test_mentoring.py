"""An improver asks for a mentor; the running worker finds some; two people begin."""

from tests.journeys.running import link_in

OFFERED_BY = """
    SELECT person.email, person.name FROM connections_mentorprofile profile
    JOIN academy_person person ON person.id = profile.person_id WHERE profile.id = %s
"""
SHARED, PRIVATE = "Cytunwyd: prawf bach, sampl", "Dim ond i mi, sampl"


def fill_the_one_screen(mentee):
    mentee.visit("connections:ask")
    mentee.fill("What would you like to get better at?", "Sampl: dechrau mesur / begin to measure")
    mentee.page.locator("#id_methods summary").click()
    for place in range(3):
        mentee.page.locator("input[name=methods]").nth(place).check()
    for code in ("en", "cy"):
        mentee.page.locator(f"input[name=languages][value={code}]").check()


def asks_the_first(mentee):
    """Press the button of the first suggestion; the address and name of whom it asks."""
    first = mentee.page.locator(".c-why form").first
    profile = int(first.get_attribute("action").rstrip("/").rsplit("/", 1)[1])
    ((address, name),) = mentee.academy.ask(OFFERED_BY, profile)
    mentee.academy.speaks(address, mentee.language)
    with mentee.page.expect_navigation():
        first.get_by_role("button").click()
    mentee.arrived()
    mentee.sees("Asked: %(name)s", name=name)
    return address, name


def says_yes(mentor, letter):
    """The number of the pair that has begun."""
    mentor.go(link_in(letter, mentor.stem("connections:answer")))
    mentor.picture("answer-desk")
    mentor.page.locator("input[name=answer][value=accept]").check()
    mentor.fill("A kind word with your answer (optional)", "Croeso, sampl")
    mentor.press("Send my answer")
    return mentor.number()


def proposes_terms(one, pair):
    """The first of the two fills little and says yes in one go."""
    one.visit("connections:change_agreement", pair)
    if not one.page.locator("#id_purpose").input_value():
        one.fill("What is it for?", "Sampl: dechrau mesur / begin to measure")
    one.picture("terms-desk")
    one.tick("I have read the words above, and I agree to them and to these terms")
    one.press("Say yes to this")


def accepts_the_agreement(one, pair):
    one.visit("connections:agreement", pair)
    one.picture("agreement-desk")
    one.tick("I have read this and I agree")
    one.press("Accept the agreement")


def writes_after_the_first_meeting(mentor, pair):
    mentor.visit("connections:record", pair)
    mentor.page.locator("details:has(#id_summary) > summary").click()
    mentor.fill("What you agreed, for you both (optional)", SHARED)
    mentor.press("Record this meeting")
    mentor.visit("connections:write_private", pair)
    mentor.fill("Note for you alone", PRIVATE)
    mentor.press("Keep this note to myself")
    mentor.page.locator("main summary").last.click()
    mentor.sees(PRIVATE)
    mentor.picture("pair-desk")


def test_two_people_find_one_another_and_begin(someone, academy, language):
    mentee, mentor, post = someone(language), someone(language), academy.post
    my_address = academy.newcomer(language)
    mentee.sign_in(my_address)

    fill_the_one_screen(mentee)
    mentee.picture("ask-desk")
    mentee.press("Look for people")
    mentee.page.locator(".c-reasons li").first.wait_for(timeout=60_000)  # the page asks by itself
    mentee.picture("suggestions-desk")
    post.wait_for(my_address, mentee.say("We have looked for people who might help you"))

    their_address, their_name = asks_the_first(mentee)
    letter = post.wait_for(their_address, mentor.say("Somebody asks for your help"))
    mentor.sign_in(their_address)
    pair = says_yes(mentor, letter)
    for address in (my_address, their_address):
        post.wait_for(address, mentee.say("You have somebody to learn with"))

    proposes_terms(mentor, pair)
    post.wait_for(my_address, mentee.say("An agreement waits for your yes"))
    accepts_the_agreement(mentee, pair)
    post.wait_for(their_address, mentor.say("You have both agreed: plan your first meeting"))
    writes_after_the_first_meeting(mentor, pair)
    mentee.visit("connections:relationship", pair)
    mentee.sees(SHARED)
    mentee.sees(their_name)
    assert PRIVATE not in mentee.page.content()

    mentor.visit("connections:caseload")
    mentor.picture("caseload-desk")
    mentor.sees(academy.one("SELECT name FROM academy_person WHERE email = %s", my_address))


def test_without_scripts_somebody_asks_and_looks_again(someone, academy, language):
    mentee = someone(language, script=False)
    mentee.sign_in(academy.newcomer(language))

    fill_the_one_screen(mentee)
    mentee.press("Look for people")

    mentee.reads("Your request")
    reasons = mentee.page.locator(".c-reasons li")
    for _look in range(120):
        if reasons.count():
            break
        mentee.page.wait_for_timeout(500)
        mentee.page.reload()
    reasons.first.wait_for()


MAKES_ROOM = """
    UPDATE connections_mentorprofile SET capacity = capacity + 1 WHERE id = (
      SELECT id FROM connections_mentorprofile profile
      WHERE profile.state = 'approved' AND NOT profile.paused AND profile.in_welsh
        AND profile.in_english AND profile.online AND profile.id <> %s AND profile.capacity < 10
        AND profile.method_ids && (SELECT array_agg(topic_id) FROM connections_mentoringrequest_methods
          WHERE mentoringrequest_id = (SELECT request_id FROM connections_roundpair WHERE id = %s))
      ORDER BY profile.capacity - profile.places_taken DESC LIMIT 1)
    RETURNING shown_name
"""
PAIRS = """
    SELECT pair.id, pair.profile_id, mentee.email, mentor.email FROM connections_roundpair pair
    JOIN connections_mentoringrequest asked ON asked.id = pair.request_id
    JOIN academy_person mentee ON mentee.id = asked.mentee_id
    JOIN connections_mentorprofile profile ON profile.id = pair.profile_id
    JOIN academy_person mentor ON mentor.id = profile.person_id
    WHERE pair.round_id = %s AND mentee.email = %s
"""


def test_a_coordinator_matches_everybody_who_waits(someone, academy, language):
    coordinator, mentee = someone(language), someone(language, script=False)
    address = academy.newcomer(language)
    mentee.sign_in(address)
    fill_the_one_screen(mentee)
    mentee.press("Look for people")
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))

    coordinator.visit("admin:connections_matchinground_add")
    coordinator.page.locator("#id_title").fill("Rownd sampl")
    coordinator.save("_continue")
    number = coordinator.number()
    coordinator.save("_verb:start")
    until_drafts(coordinator)
    coordinator.picture("admin-round-desk")
    pair, profile, _mentee, _mentor = academy.ask(PAIRS, number, address)[0]

    academy.one(MAKES_ROOM, profile, pair)
    asker = academy.one("SELECT name FROM academy_person WHERE email = %s", address)
    coordinator.go(f"{coordinator.at('connections:round', number)}?q={asker}")
    coordinator.follow_to("connections:round_pair", number, pair)
    coordinator.page.locator("input[name=mentor]").first.check()
    coordinator.press("Change this pair")
    coordinator.sees("Write why this is better")
    coordinator.picture("round-pair")
    coordinator.page.locator("#id_reason").fill("Sampl: yr un gwaith")
    coordinator.press("Change this pair")
    coordinator.reads("Rownd sampl")
    coordinator.go(f"{coordinator.at('connections:round', number)}?q={asker}")
    coordinator.sees("Sampl: yr un gwaith")

    coordinator.visit("admin:connections_matchinground_change", number)
    _pair, profile, _mentee, mentor = academy.ask(PAIRS, number, address)[0]
    academy.speaks(mentor, language)
    coordinator.save("_verb:publish")
    academy.post.wait_for(mentor, mentee.say("The academy proposes somebody you could help"))
    academy.post.wait_for(address, mentee.say("We found somebody for you"))


def until_drafts(coordinator):
    """The page says how far the worker is; who reloads it sees more."""
    for _look in range(120):
        if coordinator.page.locator(".field-see_pairs a").count():
            return
        coordinator.page.wait_for_timeout(500)
        coordinator.page.reload()
    raise AssertionError(coordinator.page.locator("#content").inner_text())
