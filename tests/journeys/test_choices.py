"""A mentee names who is asked, in which order; one says no, one is silent, the third says yes."""

import re

from tests.journeys.running import link_in
from tests.journeys.test_mentoring import OFFERED_BY, fill_the_one_screen

DESK, MADE_SMALLER = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
BOXES = ("first", "second", "third")


def suggested(mentee):
    """Ask the academy, and wait until the worker has found people: the number of the request."""
    fill_the_one_screen(mentee)
    mentee.press("Look for people")
    mentee.page.locator(".c-reasons li").first.wait_for(timeout=60_000)
    return mentee.number()


def names_three(mentee):
    """In the order in which the boxes show them; (address, name) of each."""
    mentee.follow("Name up to five people, in your order, and we ask them one after another")
    mentee.reads("Whom should we ask, in which order?")
    options = mentee.page.locator("select[name=first] option")
    profiles = [int(options.nth(place).get_attribute("value")) for place in (1, 2, 3)]
    for box, profile in zip(BOXES, profiles, strict=True):
        mentee.page.locator(f"select[name={box}]").select_option(str(profile))
    mentee.picture("choices-desk")
    people = [mentee.academy.ask(OFFERED_BY, profile)[0] for profile in profiles]
    for address, _name in people:
        mentee.academy.speaks(address, mentee.language)
    mentee.press("Ask in this order")
    return people


def answers(mentor, letter, answer):
    mentor.go(link_in(letter, mentor.stem("connections:answer")))
    mentor.page.locator(f"input[name=answer][value={answer}]").check()
    mentor.press("Send my answer")


def the_days_are_over(academy, number):
    """Three working days pass, and the worker looks."""
    academy.ask("UPDATE connections_mentoringrequest SET moves_on_at = now() WHERE id = %s", number)
    academy.shell("from connections import tasks; tasks.ask_next_due()")


def test_one_after_another_is_asked_until_somebody_says_yes(someone, academy, language):
    mentee, post = someone(language), academy.post
    mine = academy.newcomer(language)
    mentee.sign_in(mine)
    number = suggested(mentee)
    (one, _), (two, second), (three, third) = people = names_three(mentee)
    mentee.sees(people[0][1])
    mentee.sees("Change your list")

    first = someone(language)
    first.sign_in(one)
    answers(first, post.wait_for(one, mentee.say("Somebody asks for your help")), "decline")
    post.wait_for(mine, mentee.say("The next person on your list has been asked"))
    mentee.visit("connections:request", number)
    mentee.sees("Asked: %(name)s", name=second)
    mentee.picture("cascade-desk")
    mentee.page.set_viewport_size(MADE_SMALLER)
    mentee.visit("connections:choices", number)
    mentee.picture("choices-phone")
    mentee.visit("connections:request", number)
    mentee.picture("cascade-phone")
    mentee.page.set_viewport_size(DESK)

    asked = post.wait_for(two, mentee.say("Somebody asks for your help"))
    the_days_are_over(academy, number)
    post.wait_for(two, mentee.say("A request to you has moved on"))
    late = someone(language)
    late.sign_in(two)
    late.go(link_in(asked, late.stem("connections:answer")))
    late.reads("This request no longer waits for you")

    last = someone(language)
    last.sign_in(three)
    answers(last, post.wait_for(three, mentee.say("Somebody asks for your help")), "accept")
    post.wait_for(mine, mentee.say("You have somebody to learn with"))
    mentee.visit("connections:request", number)
    mentee.sees("%(name)s said yes", name=third)


def test_without_scripts_somebody_is_passed_over_and_thought_of_again(someone, academy, language):
    mentee = someone(language, script=False)
    mentee.sign_in(academy.newcomer(language))
    fill_the_one_screen(mentee)
    mentee.press("Look for people")
    reasons = mentee.page.locator(".c-reasons li")
    for _look in range(120):
        if reasons.count():
            break
        mentee.page.wait_for_timeout(500)
        mentee.page.reload()
    before = mentee.page.locator("article.a-card").count()

    mentee.press(re.compile(re.escape(mentee.say("Not for me"))))
    assert mentee.page.locator("article.a-card").count() == before - 1
    mentee.press(re.compile(re.escape(mentee.say("Show again"))))

    assert mentee.page.locator("article.a-card").count() == before
