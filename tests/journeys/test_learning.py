"""People find something to learn, book it, and hear of every change; a curator brings in more."""

from uuid import uuid4

from icalendar import Calendar

from tests.journeys.running import link_in

OPEN = """
    SELECT cohort.id FROM capability_cohort cohort
    JOIN capability_course course ON course.id = cohort.course_id
    WHERE course.slug = %s AND cohort.published AND cohort.cancelled_at IS NULL
      AND cohort.closes_at > now() AND cohort.places_taken < cohort.places
    ORDER BY cohort.starts_at LIMIT 1
"""
ME_FIRST = {"en": "improver61@example.org", "cy": "improver62@example.org"}


def open_cohort(academy, slug):
    """One with a place left; another is made roomy where the sample has none."""
    rows = academy.ask(OPEN, slug)
    assert rows, f"no open dates for {slug}"
    return rows[0][0]


def calendar_in(letter):
    file = next(
        part for part in letter.iter_attachments() if part.get_content_type() == "text/calendar"
    )
    content = file.get_payload(decode=True)
    return Calendar.from_ical(content)


def sign_up(newcomer, address):
    newcomer.page.locator("#id_name").fill("Sampl Newydd")
    newcomer.page.locator("#id_email").fill(address)
    newcomer.page.locator("#id_password1").fill("three quiet otters")
    newcomer.page.locator(f"input[name=language][value={newcomer.language}]").check()
    newcomer.press("Make my account")


def test_a_visitor_finds_a_course_joins_and_books(someone, academy, language):
    visitor = someone(language)
    address = f"{uuid4().hex}@example.org"

    visitor.visit("home")
    visitor.picture("home-desk")
    visitor.visit("capability:courses")
    visitor.page.locator("#words").fill("gwella" if language == "cy" else "improvement")
    visitor.press("Search")
    visitor.page.locator("#f-dated").check()
    visitor.press("Show courses")
    assert "dated=1" in visitor.page.url
    visitor.picture("courses-desk")
    visitor.follow("Cyflwyniad i wella" if language == "cy" else "Introduction to improvement")
    visitor.picture("course-desk")
    visitor.follow("Book a place")

    visitor.reads("Sign in")
    visitor.follow_to("account_signup")
    sign_up(visitor, address)
    visitor.reads("Look in your mailbox")
    visitor.go(confirmation(visitor, address))
    assert not verified(academy, address), "opening the link must confirm nothing"
    visitor.press("Yes, confirm it")

    assert verified(academy, address)
    if visitor.page.locator("#id_login").count():
        visitor.sign_in_here(address, password="three quiet otters")
    visitor.visit("capability:book", open_cohort(academy, "introduction-to-improvement"))
    visitor.picture("book-desk")
    visitor.fill("What do you hope to change?", "Shorter waits, sampl")
    visitor.press("Book my place")
    visitor.sees("You have a place")
    academy.post.wait_for(address, visitor.say("You have a place"))


def confirmation(newcomer, address):
    """The link of the message that asks whether this is their address."""
    letter = newcomer.academy.post.wait_for(address)
    return link_in(letter, newcomer.at("account_email_verification_sent"))


def verified(academy, address):
    return academy.one("SELECT verified FROM account_emailaddress WHERE email = %s", address)


def test_somebody_from_elsewhere_waits_until_an_administrator_opens_the_account(
    someone, academy, language
):
    address = f"{uuid4().hex}@elsewhere.example"
    newcomer, administrator = someone(language), someone(language)

    newcomer.visit("account_signup")
    sign_up(newcomer, address)
    newcomer.go(confirmation(newcomer, address))
    newcomer.press("Yes, confirm it")
    if newcomer.page.locator("#id_login").count():
        newcomer.sign_in_here(address, password="three quiet otters")
    newcomer.visit("capability:learning")
    newcomer.reads("We are looking at your account")

    administrator.sign_in(
        "administrator1@example.org" if language == "en" else "administrator2@example.org"
    )
    administrator.visit("approvals")
    row = administrator.page.locator("tr", has_text=address)
    with administrator.page.expect_navigation():
        row.get_by_role("button").click()
    administrator.arrived()

    academy.post.wait_for(address, newcomer.say("Your account is open"))
    newcomer.visit("capability:learning")
    newcomer.reads("My learning")
