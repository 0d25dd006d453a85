"""People find something to learn, book it, and hear of every change; a curator brings in more."""

from datetime import timedelta
from uuid import uuid4

from icalendar import Calendar

from tests.journeys.running import PASSWORD, link_in

OPEN = """
    SELECT cohort.id FROM capability_cohort cohort
    JOIN capability_course course ON course.id = cohort.course_id
    WHERE course.slug = %s AND cohort.published AND cohort.cancelled_at IS NULL
      AND cohort.closes_at > now() AND cohort.places_taken < cohort.places
    ORDER BY cohort.starts_at LIMIT 1
"""


def open_cohort(academy, slug):
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
    academy.post.wait_for(address, visitor.like("You have a place: %(title)s"))


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

    administrator.sign_in(academy.newcomer(language, role="administrator"))
    administrator.visit("approvals")
    row = administrator.page.locator("tr", has_text=address)
    with administrator.page.expect_navigation():
        row.get_by_role("button").click()
    administrator.arrived()

    academy.post.wait_for(address, newcomer.say("Your account is open"))
    newcomer.visit("capability:learning")
    newcomer.reads("My learning")


def test_a_place_is_booked_moved_by_the_curator_and_given_back(someone, academy, language):
    address, cohort = academy.newcomer(language), open_cohort(academy, "process-mapping")
    improver, curator = someone(language), someone(language)
    improver.sign_in(address)
    curator.sign_in(academy.newcomer(language, role="curator"))

    improver.visit("capability:book", cohort)
    improver.fill("What do you hope to change?", "Sampl: llai o aros")
    improver.press("Book my place")
    booked = academy.post.wait_for(address, improver.like("You have a place: %(title)s"))
    first = events(booked)
    assert first, "the confirmation carries the sessions"

    curator.visit("admin:capability_cohort_change", cohort)
    later = first[0]["DTSTART"].dt + timedelta(minutes=1)
    curator.page.locator("#id_sessions-0-starts_at_1").fill(f"{later:%H:%M:%S}")
    curator.save("_continue")
    moved = academy.post.wait_for(address, improver.like("A session has changed: %(title)s"))
    (again,) = [one for one in events(moved) if one["UID"] == first[0]["UID"]]
    assert again["SEQUENCE"] > first[0]["SEQUENCE"]
    assert again["DTSTART"].dt == later
    assert len(academy.post.to(address, improver.like("A session has changed: %(title)s"))) == 1

    improver.go(link_in(booked, improver.stem("capability:leave")))
    improver.reads("Cancel my place")
    improver.press("Give up my place")
    improver.sees("You have given up your place. Thank you for telling us.")
    gone = academy.post.wait_for(address, improver.like("You have given up your place: %(title)s"))
    assert calendar_in(gone)["METHOD"] == "CANCEL"


def events(letter):
    return sorted(calendar_in(letter).walk("VEVENT"), key=lambda one: one["DTSTART"].dt)


def test_with_keys_alone_a_person_signs_in_and_books(someone, academy, language):
    person = someone(language)
    keys = person.page.keyboard

    person.visit("account_login")
    person.tab_to("#id_login")
    keys.type(academy.newcomer(language))
    person.tab_to("#id_password")
    keys.type(PASSWORD)
    with person.page.expect_navigation():
        keys.press("Enter")
    person.visit("capability:course", "setting-a-good-aim")
    person.tab_to(
        f'a[href="{person.at("capability:book", open_cohort(academy, "setting-a-good-aim"))}"]'
    )
    with person.page.expect_navigation():
        keys.press("Enter")
    person.arrived()
    person.tab_to("#id_hope")
    keys.type("Sampl")
    person.tab_to("main form button")
    with person.page.expect_navigation():
        keys.press("Space")

    person.arrived()
    person.sees("You have a place")


def test_without_scripts_a_person_filters_and_books(someone, academy, language):
    person = someone(language, script=False)

    person.sign_in(academy.newcomer(language))
    person.visit("capability:courses")
    person.page.locator("#f-dated").check()
    person.press("Show courses")
    assert "dated=1" in person.page.url
    person.visit("capability:book", open_cohort(academy, "behaviour-change"))
    person.press("Book my place")
    person.sees("There is a problem")
    person.fill("What do you hope to change?", "Sampl")
    person.press("Book my place")

    person.sees("You have a place")
