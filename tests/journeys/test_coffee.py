"""Two people join on a phone, a coordinator draws, both see each other; one says that they met."""

from tests.journeys.running import link_in

LONG_PAST = """
    UPDATE connections_coffeeround SET month = (month - interval '{years} years')::date,
        drawn_at = drawn_at - interval '{years} years'
"""
EVERYBODY_ELSE_SKIPS = "UPDATE connections_coffeemember SET paused = true"
NOT_BY_ITSELF = """
    INSERT INTO connections_coffeerules
        (id, rounds_apart, share_across, working_day, remind_after_days, counts_from)
    VALUES (1, 12, 70, CASE WHEN extract(day FROM now()) < 16 THEN 15 ELSE 1 END, 14, 8)
    ON CONFLICT (id) DO NOTHING
"""
STATE = "SELECT state FROM connections_coffeeround ORDER BY month DESC LIMIT 1"


def a_quiet_month(academy, language):
    """No round yet this month, none that begins by itself, and nobody else who is in."""
    past = LONG_PAST.format(years=10 if language == "en" else 30)
    for words in (NOT_BY_ITSELF, past, EVERYBODY_ELSE_SKIPS):
        academy.ask(words)


def test_the_desktop_shows_the_month_and_the_list(someone, academy, language):
    member = someone(language)
    academy.speaks("improver1@example.org", language)
    member.sign_in("improver1@example.org")
    member.visit("connections:coffee")
    member.picture("coffee-month-desk")
    member.visit("connections:coffee_choices")
    member.picture("coffee-choices")


def joins(one):
    one.visit("connections:coffee")
    one.reads("Coffee with somebody new")
    one.picture("coffee-join")
    one.press("Join, and share this with my partner of the month")
    one.sees("You are in. We look forward to it.")


def test_two_people_have_a_coffee_and_a_coordinator_sees_only_numbers(someone, academy, language):
    a_quiet_month(academy, language)
    first, second = someone(language, phone=True), someone(language, phone=True, script=False)
    addresses = [academy.newcomer(language, role=role) for role in ("improver", "mentor")]
    names = [
        academy.one("SELECT name FROM academy_person WHERE email = %s", address)
        for address in addresses
    ]
    for one, address in zip((first, second), addresses, strict=True):
        one.sign_in(address)
        joins(one)

    coordinator = someone(language)
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))
    coordinator.visit("connections:coffee_rounds")
    coordinator.press("Preview the next round")
    coordinator.sees("Were it drawn now:")
    coordinator.press("Draw this month’s round now")
    letter = academy.post.wait_for(addresses[0], first.say("Your coffee of the month"))
    academy.post.wait_for(addresses[1], names[0])
    until_drawn(coordinator)
    coordinator.picture("coffee-rounds")
    assert not any(name in coordinator.page.content() for name in names)

    first.go(link_in(letter, first.at("connections:coffee")))
    first.reads("Your coffee this month")
    first.sees(names[1])
    first.sees(addresses[1])
    first.picture("coffee-month-phone")
    second.visit("connections:coffee")
    second.sees(names[0])
    before = second.page.locator("main").inner_text()

    first.press("We met")
    first.press("Yes, I would")
    first.sees("You have met")
    second.visit("connections:coffee")
    assert second.page.locator("main").inner_text() == before

    first.press("Skip the next month")
    first.sees(first.like("You skip %(month)s. After it you are in again by yourself."))
    second.follow("I cannot come this month")
    second.press("I cannot come this month")
    second.sees("You said that you cannot come this month. Your group has been told kindly.")
    second.follow("Leave the coffee rounds")
    second.press("Leave")
    second.reads("Coffee with somebody new")


def until_drawn(coordinator):
    for _look in range(60):
        if coordinator.academy.one(STATE) == "drawn":
            break
        coordinator.page.wait_for_timeout(500)
    coordinator.visit("connections:coffee_rounds")
    coordinator.sees("Counted when the next round is drawn.")
