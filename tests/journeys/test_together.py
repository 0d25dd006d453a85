"""Office hours with one question, and a circle until it is full; calendars follow every change."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from django.utils.timezone import localdate
from icalendar import Calendar

from tests.journeys.running import link_in

RACERS, LONGEST = 20, 15  # seconds: one process serves all of them, on a busy machine
TO_ALL = "CANARY-to-all"
QUESTION = "Sampl: un cwestiwn / one question"
OPEN = """
    SELECT person.email, hour.id FROM connections_officehour hour
    JOIN academy_person person ON person.id = hour.host_id
    WHERE hour.stopped_at IS NULL AND person.email = %s ORDER BY hour.id DESC LIMIT 1
"""
HOURS = {"en": 1, "cy": 3}  # ago: one host, whose times never overlap
LATELY = """
    UPDATE connections_slot SET starts_at = now() - %s * interval '1 hour',
        ends_at = now() - %s * interval '1 hour' + interval '20 minutes'
    WHERE id = (SELECT slot_id FROM connections_slotbooking WHERE id = %s)
"""


def dates_in(letter):
    """Every entry of the calendar file a letter carries: name, sequence, status, start."""
    (file,) = [part for part in letter.iter_attachments() if part.get_filename().endswith(".ics")]
    found = Calendar.from_ical(file.get_content()).walk("VEVENT")
    return [
        (str(one["uid"]), int(one["sequence"]), str(one["status"]), one["dtstart"].dt)
        for one in found
    ]


def opens_hours(host):
    """Three times on a day a week from now; who came before has left this weekday to us."""
    host.visit("connections:my_office_hours")
    host.press("Open office hours")
    day = localdate() + timedelta(days=9)
    host.page.locator("#id_weekday").select_option(str(day.weekday()))
    host.page.locator("#id_begins").fill("07:00" if host.language == "en" else "19:00")
    host.page.locator("#id_many").fill("3")
    for part in ("day", "month", "year"):
        host.page.locator(f"#id_from_on_{part}").fill(str(getattr(day, part)))
    host.page.locator("#id_until_on_day").fill(str(day.day))
    host.page.locator("#id_until_on_month").fill(str(day.month))
    host.page.locator("#id_until_on_year").fill(str(day.year))
    host.fill("Where, or a link to join (optional)", "https://example.org/journey-room")
    host.page.locator("#id_methods summary").click()
    host.page.locator("input[name=methods]").first.check()
    host.picture("open-hours-desk")
    host.press("Open them")
    host.sees("Your office hours are open. People can book now.")


def test_somebody_brings_one_question_on_a_phone(someone, academy, language):
    host, guest = someone(language), someone(language, phone=True)
    address, post = "coach2@example.org", academy.post
    academy.speaks(address, language)
    host.sign_in(address)
    opens_hours(host)
    ((_email, hour),) = academy.ask(OPEN, address)

    mine = academy.newcomer(language)
    guest.sign_in(mine)
    guest.visit("connections:office_hours")
    guest.picture("office-hours-phone")
    guest.visit("connections:office_hour", hour)
    guest.picture("office-hour-phone")
    guest.follow_first("connections:book_slot", within="main .c-slots")
    guest.press("Book this time")
    guest.sees("There is a problem")
    guest.fill("What is your one question?", QUESTION)
    guest.picture("book-hour-phone")
    guest.press("Book this time")
    guest.sees("The time is yours. We have sent you a calendar file.")
    guest.sees("https://example.org/journey-room")
    guest.picture("booking-phone")
    number = guest.number()

    letter = post.wait_for(mine, guest.say("Your time in an office hour is booked"))
    theirs = post.wait_for(address, host.say("Somebody comes to your office hour"))
    assert dates_in(letter) == dates_in(theirs)
    assert QUESTION not in letter.as_string() + theirs.as_string()

    host.visit("connections:my_office_hours")
    host.sees(QUESTION)
    host.picture("my-hours-desk")
    host.visit("connections:change_hours", hour)
    host.fill("Where, or a link to join (optional)", "https://example.org/another-room")
    host.press("Keep the changes")
    moved = post.wait_for(mine, guest.say("An office hour is held somewhere else"))
    assert [one[:2] for one in dates_in(moved)] == [(dates_in(letter)[0][0], 1)]

    academy.ask(LATELY, HOURS[language], HOURS[language], number)
    host.visit("connections:my_office_hours")
    host.picture("who-came-desk")
    host.press("Came", within="main section[aria-labelledby=mark]")
    host.sees("Thank you. It is noted.")
    assert academy.one("SELECT came FROM connections_slotbooking WHERE id = %s", number)


def test_a_time_is_given_back_without_scripts(someone, academy, language):
    guest = someone(language, script=False)
    mine = academy.newcomer(language)
    guest.sign_in(mine)
    guest.visit("connections:office_hours")
    guest.page.locator("main .c-slot").first.click()
    guest.fill("What is your one question?", QUESTION)
    guest.press("Book this time")
    letter = academy.post.wait_for(mine, guest.say("Your time in an office hour is booked"))

    guest.go(link_in(letter, guest.stem("connections:slot_booking")))
    guest.follow("Give the time back")
    guest.press("Give it back")
    guest.sees("You have given the time back. Thank you for telling us.")

    gone = academy.post.wait_for(mine, guest.say("You have given back your time in an office hour"))
    ((name, sequence, status, _start),) = dates_in(gone)
    assert (name, sequence, status) == (dates_in(letter)[0][0], 1, "CANCELLED")


def starts_a_circle(host, title):
    host.visit("connections:new_circle")
    host.fill("What is the circle called?", title)
    host.fill("What is it about, and for whom?", "Sampl: misoedd cyntaf / first months")
    host.page.locator("#id_methods summary").click()
    host.page.locator("input[name=methods]").first.check()
    host.page.locator("#id_places").fill("4")
    host.fill("Where, or a link to join (optional)", "https://example.org/journey-circle")
    host.picture("new-circle-desk")
    host.press("Open the circle")
    host.sees("The circle is open. Now give it its first dates.")
    return host.number()


def sets_the_date(host, button, days):
    host.page.locator("#id_day").fill((localdate() + timedelta(days=days)).isoformat())
    host.page.locator("#id_time").fill("12:30")
    host.press(button)


def joins(person, circle):
    person.visit("connections:join_circle", circle)
    person.tick("The others in this circle may see my name")
    person.press("Join")


def fills_it(someone, circle, addresses, language):
    """Everybody joins; answers the last of them, who is in it now."""
    for mine in addresses:
        member = someone(language)
        member.sign_in(mine)
        joins(member, circle)
        member.sees("You are in. We have sent you the dates as a calendar file.")
    member.picture("circle-member-desk")
    member.sees("https://example.org/journey-circle")
    return member


def finds_it_full(last, circle):
    last.visit("connections:circles")
    last.picture("circles-phone")
    last.visit("connections:circle", circle)
    last.picture("circle-full-phone")
    assert "journey-circle" not in last.page.content()
    last.press("Tell me when a place is free")


def moves_the_date(host, circle):
    host.visit("connections:circle", circle)
    host.picture("circle-host-desk")
    host.follow(re.compile(str(host.say("Move this date"))))
    sets_the_date(host, "Move it", 13)


def writes_to_all(host, circle):
    host.visit("connections:write_to_circle", circle)
    host.fill("What would you like to say to everybody?", TO_ALL)
    host.press("Send to everybody")


def test_a_circle_fills_and_a_date_moves(someone, academy, language):
    host, last, post = someone(language), someone(language, phone=True), academy.post
    address = "mentor3@example.org"
    academy.speaks(address, language)
    host.sign_in(address)
    circle = starts_a_circle(host, f"Cylch {language}, sampl")
    host.press("Add a date")
    sets_the_date(host, "Add this date", 12)
    *addresses, waiting = [academy.newcomer(language) for _place in range(5)]

    member = fills_it(someone, circle, addresses, language)
    last.sign_in(waiting)
    finds_it_full(last, circle)
    joined = post.wait_for(addresses[3], host.say("You are in a circle"))
    moves_the_date(host, circle)
    moved = post.wait_for(addresses[3], host.say("A date of your circle"))
    (before,), (after,) = dates_in(joined), dates_in(moved)
    assert (after[0], after[1]) == (before[0], before[1] + 1)
    assert after[3] - before[3] >= timedelta(hours=23)

    writes_to_all(host, circle)
    told = post.wait_for(addresses[3], host.say("The host of your circle has written to you all"))
    assert TO_ALL not in told.as_string()
    member.visit("connections:circle", circle)
    member.sees(TO_ALL)

    member.follow("Leave this circle")
    member.press("Leave")
    member.sees("You have left the circle. Thank you for your time in it.")
    post.wait_for(waiting, host.say("A place is free in a circle"))
    joins(last, circle)
    last.picture("circle-phone")


def test_three_ways_stand_beside_one_another(someone, academy, language):
    for phone in (False, True):
        reader, name = someone(language, phone=phone), "phone" if phone else "desk"
        reader.sign_in(academy.newcomer(language))
        for room in ("ways", "office_hours", "circles"):
            reader.visit(f"connections:{room}")
            reader.picture(f"{room}-{name}")


SIGN_IN = """
from importlib import import_module
from pathlib import Path
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from academy.models import Person
store, keys = import_module(settings.SESSION_ENGINE).SessionStore, []
for person in Person.objects.filter(email__startswith="improver").order_by("-pk")[:{many}]:
    session = store()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    keys.append(session.session_key)
Path({file!r}).write_text(" ".join([settings.SESSION_COOKIE_NAME, *keys]))
"""
FREE = """
    SELECT slot.id FROM connections_slot slot JOIN academy_person host ON host.id = slot.host_id
    WHERE slot.cancelled_at IS NULL AND slot.starts_at > now() + interval '2 days' AND NOT EXISTS
        (SELECT 1 FROM connections_slotbooking booking WHERE booking.slot_id = slot.id)
    ORDER BY slot.starts_at DESC LIMIT 1
"""
HELD = "SELECT count(*) FROM connections_slotbooking WHERE slot_id = %s AND left_at IS NULL"


class Stay(HTTPRedirectHandler):
    """Tell where an answer sends people, and do not go there."""

    def redirect_request(self, *_args):
        return None


def ready_to_book(address, cookie):
    """A person with the form open: what opens it for them, and what they are about to send."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar), Stay())
    browser.addheaders = [("Cookie", cookie)]
    page = browser.open(address).read().decode()
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|token)"[^>]*value="([^"]+)"', page))
    cookies = "; ".join([cookie, *(f"{one.name}={one.value}" for one in jar)])
    sent = urlencode({**fields, "words": QUESTION, "language": "en"}).encode()
    return Request(address, sent, {"Cookie": cookies, "Referer": address})  # noqa: S310 -- our own


def press(request):
    """Status and page of one press of the button, and how long it took."""
    began = time.monotonic()
    try:
        answer = build_opener(Stay()).open(request, timeout=30)
    except HTTPError as other:
        answer = other
    return answer.status, answer.read().decode(), time.monotonic() - began


def test_twenty_people_press_book_for_one_slot_at_once(someone, academy, tmp_path):
    """Over HTTP, at the running product: one has it, the others read why not, nobody sees an error."""
    slot, file = academy.one(FREE), tmp_path / "sessions"
    academy.shell(SIGN_IN.format(many=RACERS, file=str(file)))
    name, *keys = file.read_text().split()
    address = f"{academy.url}{someone('en').at('connections:book_slot', slot)}"
    requests = [ready_to_book(address, f"{name}={key}") for key in keys]

    with ThreadPoolExecutor(RACERS) as crowd:
        answers = list(crowd.map(press, requests))

    refused = [page for status, page, _seconds in answers if status == 200]
    assert academy.one(HELD, slot) == 1
    assert sorted(status for status, _page, _seconds in answers) == [200] * (RACERS - 1) + [302]
    assert all("booked this time" in page or "try again" in page for page in refused)
    assert max(seconds for _status, _page, seconds in answers) < LONGEST
