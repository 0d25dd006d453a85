"""A coordinator compares two versions of the weights, locks two pairs, assigns the rest, publishes."""

import time

ASK_AGAIN = """
    UPDATE connections_mentoringrequest SET state = 'looking', mentor_id = NULL, ended_at = NULL,
        asked_at = now(), remind_at = now() + interval '7 days',
        closes_at = now() + interval '14 days'
    WHERE id IN (
        SELECT request.id FROM connections_mentoringrequest request
        JOIN academy_person person ON person.id = mentee_id AND person.sample
        WHERE state NOT IN ('looking', 'accepted') ORDER BY request.id LIMIT 12
    ) RETURNING id
"""
TICKS = "input[name=pair]"


def test_a_coordinator_compares_locks_assigns_again_and_publishes(someone, academy, language):
    academy.ask(ASK_AGAIN)
    coordinator = someone(language)
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))
    has_another_version(coordinator)

    begins(coordinator, title=f"Sampl {language}")
    coordinator.press("Assign everybody")
    waits_for(coordinator, "Pairs and why they may suit")
    coordinator.picture("round")
    locks_two(coordinator)
    coordinator.press("Assign the rest again")
    waits_for(coordinator, "Pairs and why they may suit")
    still_locked = coordinator.page.locator(".c-locked").count()
    compares(coordinator)
    uses_the_other(coordinator)
    kept = coordinator.page.locator(".c-locked").count()
    coordinator.follow("Fairness: for whom somebody was found")
    coordinator.picture("round-fairness")
    coordinator.go(back(coordinator))
    coordinator.press("Publish this round")
    coordinator.press("Yes, publish it")
    coordinator.sees("The round is being published; both people of each pair are told.")
    looks_again_until(coordinator, lambda: coordinator.page.locator(".nhsuk-tag--green").count())

    assert (still_locked, kept) == (2, 2)


def test_a_round_reads_well_on_a_telephone_and_without_script(someone, academy, language):
    phone, plain = someone(language, phone=True), someone(language, script=False)
    for coordinator in (phone, plain):
        coordinator.sign_in(academy.newcomer(language, role="coordinator"))
        coordinator.visit("connections:rounds")
        coordinator.follow("Next round")
        coordinator.press("Compare with other weights")
        coordinator.reads("Compare with other weights")
        coordinator.go(back(coordinator))
    phone.picture("round-phone")
    phone.press("Compare with other weights")
    phone.picture("round-what-if-phone")


def begins(coordinator, *, title):
    coordinator.visit("connections:rounds")
    coordinator.picture("rounds")
    coordinator.fill("Name of the round", title)
    coordinator.press("Begin this round")
    coordinator.reads(title)


def has_another_version(coordinator):
    coordinator.visit("admin:connections_weights_add")
    coordinator.page.locator("#id_why").fill("Sampl")
    coordinator.page.locator("#id_way").fill("10")
    coordinator.page.locator("#id_setting").fill("500")
    coordinator.save()


def locks_two(coordinator):
    for place in range(2):
        coordinator.page.locator(TICKS).nth(place).check()
    coordinator.press("Lock the ticked pairs")


def compares(coordinator):
    coordinator.press("Compare with other weights")
    coordinator.page.locator("#id_weights").select_option(index=0)
    coordinator.press("Compare")
    waits_for(coordinator, "How many pairs have each kind of fit")
    coordinator.picture("round-what-if")


def uses_the_other(coordinator):
    button = coordinator.page.locator(".c-buttons button").first
    with coordinator.page.expect_navigation():
        button.click()
    coordinator.arrived()


def back(coordinator):
    return coordinator.at("connections:round", coordinator.number())


def waits_for(coordinator, words):
    said = coordinator.say(words)
    looks_again_until(
        coordinator, lambda: coordinator.page.locator("main").get_by_text(said).count()
    )


def looks_again_until(coordinator, there, *, seconds=60):
    """Loads the page again until a worker has done its part."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, f"still not there: {coordinator.page.url}"
        coordinator.page.wait_for_timeout(500)
        coordinator.page.reload()
    coordinator.arrived()
