"""The same academy in a hand: 320 px wide, nothing to scroll sideways, nothing axe would mind."""

ROOMS = [
    ("home", "home"),
    ("courses", "capability:courses"),
    ("approaches", "conditions:approaches"),
    ("mentors", "connections:mentors"),
    ("ask-a-mentor", "connections:ask"),
    ("ask", "ask"),
    ("my-mentoring", "connections:mentoring"),
    ("learning", "capability:learning"),
    ("messages", "notifications"),
    ("account", "account"),
]


def test_a_phone_shows_every_room(someone, academy, language):
    person = someone(language, phone=True)
    person.sign_in(academy.newcomer(language))

    for name, address in ROOMS:
        person.visit(address)
        person.picture(f"{name}-phone")
    person.visit("capability:course", "introduction-to-improvement")
    person.picture("course-phone")
    person.follow_first("capability:cohort", within="main h3")
    person.picture("cohort-phone")
    person.visit("capability:book", person.number())
    person.picture("book-phone")
    person.press("Book my place")
    person.sees("There is a problem")
    person.visit("conditions:approaches")
    person.follow_to("conditions:approaches", within="main article")
    person.picture("approach-phone")


def test_a_mentor_works_with_a_phone(someone, academy, language):
    mentor = someone(language, phone=True)
    mentor.sign_in("mentor1@example.org")

    mentor.visit("connections:caseload")
    mentor.picture("caseload-phone")
    mentor.follow_first("connections:relationship", within="main table")
    mentor.picture("pair-phone")
    mentor.visit("connections:my_profile")
    mentor.picture("my-profile-phone")


def test_a_visitor_reads_the_doors_and_the_small_print(someone, language):
    visitor = someone(language, phone=True)

    visitor.visit("home")
    visitor.picture("home-visitor-phone")
    for name in ("account_login", "account_signup", "account_reset_password", "search"):
        visitor.visit(name)
        visitor.picture(f"{name.replace('_', '-')}-phone")
    for name in ("accessibility", "cookies", "privacy", "contact"):
        visitor.visit(name)
