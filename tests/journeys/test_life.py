"""What a pair may do with its time: agree, rest, go on longer, hand over, say something is wrong, end."""

import pytest

from tests.journeys.test_mentoring import accepts_the_agreement, proposes_terms

PAIR = """
    SELECT pair.id, mentor.email, mentee.email, pair.kind FROM connections_relationship pair
    JOIN academy_person mentor ON mentor.id = pair.mentor_id
    JOIN academy_person mentee ON mentee.id = pair.mentee_id
    WHERE pair.state = %s AND pair.later_on IS NULL
      AND NOT EXISTS (SELECT 1 FROM connections_handover h WHERE h.relationship_id = pair.id)
      AND (pair.state = 'waiting' OR NOT EXISTS (SELECT 1 FROM connections_terms t
           WHERE t.relationship_id = pair.id AND t.state = 'proposed'))
    ORDER BY pair.id
"""
TAKES = """
    SELECT person.email, person.name FROM connections_mentorprofile profile
    JOIN academy_person person ON person.id = profile.person_id
    WHERE profile.state = 'approved' AND NOT profile.closed
      AND CASE WHEN %s = 'coaching' THEN profile.offers_coaching ELSE profile.offers_mentoring END
      AND profile.in_directory AND person.email <> %s
      AND NOT EXISTS (SELECT 1 FROM academy_membership mine, academy_membership theirs
        WHERE mine.person_id = profile.person_id AND theirs.person_id =
          (SELECT id FROM academy_person WHERE email = %s)
          AND mine.organisation_id = theirs.organisation_id)
    ORDER BY profile.capacity - profile.places_taken DESC, profile.id LIMIT 1
"""


USED: set[int] = set()  # each journey has a pair of its own


@pytest.fixture
def both(someone, academy, language):
    """Two people of a pair in this state, each signed in; the mentee has a phone."""

    def arrive(state):
        rows = academy.ask(PAIR, state)
        row = next(one for one in rows if one[0] not in USED)
        pair, mentors, mentees, _kind = row
        USED.add(pair)
        mentor, mentee = someone(language), someone(language, phone=True)
        for reader, address in ((mentor, mentors), (mentee, mentees)):
            academy.speaks(address, language)
            reader.sign_in(address)
        return row, mentor, mentee

    return arrive


def test_a_pair_agrees_its_terms_and_changes_them(both):
    (pair, _mentors, mentees, _kind), mentor, mentee = both("waiting")

    proposes_terms(mentee, pair)
    accepts_the_agreement(mentor, pair)
    mentor.visit("connections:change_agreement", pair)
    mentor.fill("What is it for?", "Sampl: pwrpas newydd / a new purpose")
    mentor.tick("I have read the words above, and I agree to them and to these terms")
    mentor.press("Say yes to this")
    mentee.academy.post.wait_for(mentees, mentee.say("A change to your agreement"))
    mentee.visit("connections:agreement", pair)
    mentee.picture("agreement-change-phone")
    mentee.tick("I have read this and I agree")
    mentee.press("Accept the agreement")
    mentee.sees("Sampl: pwrpas newydd / a new purpose")
    mentee.visit("connections:agreement", pair)
    mentee.page.locator("summary").last.click()
    mentee.picture("agreement-versions-phone")


def test_a_pair_rests_and_goes_on_longer(both):
    (pair, mentors, mentees, _kind), mentor, mentee = both("current")
    post = mentor.academy.post

    mentee.visit("connections:relationship", pair)
    mentee.picture("pair-phone-life")
    mentee.follow("Pause for a while")
    mentee.picture("pause-phone")
    mentee.press("Pause it")
    post.wait_for(mentors, mentor.say("A pause between the two of you"))
    mentor.visit("connections:relationship", pair)
    mentor.picture("paused-desk")
    mentor.press("Take it up again")
    post.wait_for(mentees, mentee.say("Your time together goes on"))

    mentor.visit("connections:extend", pair)
    mentor.picture("extend-desk")
    mentor.press("Propose this day")
    mentee.visit("connections:relationship", pair)
    mentee.picture("longer-phone")
    mentee.press("Yes, let us go on")
    post.wait_for(mentors, mentor.say("You have more time together"))


WORRY, REPLY = "Sampl: pryder / a concern", "Sampl: diolch am ddweud / thank you for telling us"


def test_a_concern_is_answered_for_and_closed_and_only_its_reporter_sees_it(
    both, someone, academy, language
):
    (pair, _mentors, mentees, _kind), mentor, mentee = both("current")
    lead, coordinator = someone(language), someone(language)
    lead.sign_in(academy.newcomer(language, role="safeguarding"))
    coordinator.sign_in(academy.newcomer(language, role="coordinator"))

    mentee.visit("connections:relationship", pair)
    mentee.follow("Report a concern")
    mentee.fill("What worries you?", WORRY)
    mentee.press("Send to the safeguarding lead")
    mentee.sees(mentee.like("It has arrived. You hear from the safeguarding lead by %(day)s."))
    closes(lead, pair)

    academy.post.wait_for(mentees, mentee.say("What you told us has been looked into"))
    mentee.visit("connections:relationship", pair)
    mentee.follow("Read the safeguarding lead’s words for you")
    mentee.sees(REPLY)
    mentee.picture("concern-closed-phone")
    mentor.visit("connections:my_concerns")
    mentor.sees_not(REPLY)
    for reader, page in ((mentor, "relationship"), (coordinator, "pair_weather")):
        reader.visit(f"connections:{page}", pair)
        for words in (WORRY, "What you have reported", "The safeguarding lead’s words for you"):
            reader.sees_not(words)
    coordinator.visit("connections:concerns")
    coordinator.reads("This page is not open to you")


def closes(lead, pair):
    """The lead reads it, answers for it, and leaves words for whoever reported it."""
    newest = "SELECT max(id) FROM connections_concern WHERE relationship_id = %s"
    lead.visit("connections:concerns")
    lead.follow_to("connections:concern", lead.academy.one(newest, pair))
    lead.sees(WORRY)
    lead.press("I answer for this")
    lead.fill("What has been done?", "Sampl: wedi siarad / spoken to them")
    lead.fill("Words for the person who reported it (optional)", REPLY)
    lead.picture("concern-desk")
    lead.press("Close this concern")
    lead.press("Yes, close it")
    lead.sees("The concern is closed. The person who reported it sees that.")


def test_a_mentor_hands_over_and_the_new_one_says_yes(both, someone, academy, language):
    (pair, mentors, mentees, kind), mentor, mentee = both("current")
    new, post = someone(language), academy.post
    address, name = academy.ask(TAKES, kind, mentors, mentees)[0]
    academy.speaks(address, language)
    new.sign_in(address)

    mentor.visit("connections:relationship", pair)
    mentor.follow("Hand over to somebody else")
    mentor.picture("hand-over-desk")
    mentor.fill("Somebody else, by name", name)
    mentor.press("Find")
    mentor.follow(name)
    mentor.picture("hand-over-form-desk")
    mentor.page.locator("#id_words").fill("Sampl: gair caredig / a kind word")
    mentor.press("Propose this")
    post.wait_for(mentees, mentee.say("A hand-over is proposed"))
    mentee.visit("connections:hand_over", pair)
    mentee.picture("hand-over-yes-phone")
    mentee.press("Yes, ask them")
    post.wait_for(address, new.say("Somebody would like to come to you"))
    new.visit("home")
    new.follow_first("connections:hand_over_answer")
    new.picture("hand-over-answer-desk")
    new.press("Yes, I will")
    new.picture("hand-over-done-desk")
    post.wait_for(mentors, mentor.say("You have handed over"))
    mentor.visit("connections:relationship", pair)
    mentor.picture("handed-desk")


def test_an_ending_without_blame_and_somebody_else_in_one_press(both):
    (pair, _mentors, mentees, _kind), mentor, mentee = both("current")

    mentor.visit("connections:end", pair)
    mentor.picture("end-desk")
    mentor.tick("Time or work has changed")
    mentor.press("End it now")
    mentee.academy.post.wait_for(mentees, mentee.say("A relationship has come to its end"))
    mentee.visit("connections:relationship", pair)
    mentee.picture("ended-phone")
    mentee.press("Find me someone else")
    mentee.picture("someone-else-phone")
