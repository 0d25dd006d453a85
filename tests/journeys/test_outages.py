"""Something is always broken somewhere: nothing is lost, nothing comes twice, pages go on."""

import json
import signal
import time
from collections import Counter

import pytest

from devkit import commands
from devkit.services import Valkey
from tests.journeys.running import running_academy

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")

PATIENCE = 150  # seconds; a wait ends as soon as what it waits for is there
CANCEL = """
from django.utils.timezone import now
from academy.models import Person
from capability.models import Cohort
curator = Person.objects.get(email="curator1@example.org")
rows = Cohort.objects.filter(cancelled_at=None, places_taken__gte=3, starts_at__gt=now())
for cohort in rows.order_by("pk")[:2]:
    cohort.cancel(by=curator, at=now())
"""
KNOCK_TWICE = """
from academy.celery import app
for _time in range(2):
    app.send_task("connections.tasks.watch_requests")
    app.send_task("academy.tasks.sweep_outbox")
"""
OPEN = """
    SELECT id FROM capability_cohort WHERE published AND cancelled_at IS NULL
      AND closes_at > now() AND places_taken < places ORDER BY id LIMIT 1
"""


class Breakable(Valkey):
    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def crash(self):
        self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = Breakable(tmp_path_factory.mktemp("broker"), commands.BROKER, "The broker")
    broker.url = broker.start()
    yield broker
    broker.thaw()
    broker.stop()


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    cache = Breakable(tmp_path_factory.mktemp("cache"), commands.CACHE, "The cache")
    cache.url = cache.start()
    yield cache
    cache.thaw()
    cache.stop()


@pytest.fixture(scope="module")
def academy(tmp_path_factory, worker_id, shared_folder, broker, cache):
    """An academy of its own, with a broker and a cache that can be broken, and with two beats."""
    folder, urls = (
        tmp_path_factory.mktemp("broken"),
        {"REDIS_URL": broker.url, "CACHE_URL": cache.url},
    )
    with running_academy(folder, f"broken_{worker_id}", shared=shared_folder, **urls) as running:
        running.start("beat", as_well="beat-2")
        running.ask("INSERT INTO academy_heartbeat (name, beaten_at) VALUES ('worker', now())")
        yield running


def until(true, *, what, academy=None):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        if academy is not None:
            academy.revive()
        time.sleep(0.2)


def waiting(academy):
    return academy.one(
        "SELECT count(*) FROM academy_notification WHERE state IN ('waiting', 'sending')"
    )


def time_passes(academy):
    """Leases run out and waits are over, without the minutes they take."""
    academy.ask("UPDATE academy_notification SET leased_until = now() WHERE state = 'sending'")
    academy.ask("UPDATE academy_notification SET due_at = now() WHERE state = 'waiting'")


def twice(academy):
    """Letters that arrived more than once, by what makes a message itself."""
    seen = Counter(letter["Message-ID"] for letter in academy.post.letters)
    return [key for key, times in seen.items() if times > 1]


def ready(academy):
    _status, text, seconds = academy.get("/health/ready")
    assert seconds < 3
    return json.loads(text)


class Clock:
    """How long each page let its reader wait."""

    def __init__(self, page):
        self.waits = []
        page.on("requestfinished", self.note)

    def note(self, request):
        if request.resource_type == "document":
            self.waits.append((round(request.timing["responseStart"]), request.method, request.url))

    def slowest(self):
        return max(self.waits)


def books(person, academy):
    cohort = academy.one(OPEN)
    person.visit("capability:book", cohort)
    person.fill("What do you hope to change?", "Sampl")
    person.press("Book my place")
    person.sees("You have a place")


def visits_and_books(person, academy):
    """A round of the house and a place, with no page that keeps its reader waiting."""
    for address in ("home", "capability:courses", "connections:mentors", "notifications"):
        person.visit(address)
    books(person, academy)
    assert person.clock.slowest()[0] < 3000, person.clock.waits


@pytest.fixture
def booker(someone, academy):
    address = academy.newcomer("en")
    person = someone("en", script=False)
    person.sign_in(address)
    person.address, person.clock = address, Clock(person.page)
    return person


def test_a_worker_killed_while_it_sends_loses_nothing_and_repeats_nothing(academy):
    academy.post.slow.set()
    try:
        academy.shell(CANCEL)
        until(lambda: academy.post.arriving, what="the worker begins to send")
        academy.kill("worker")
        until(lambda: not academy.post.receiving, what="the relay notices and drops the letter")
    finally:
        academy.post.slow.clear()
    academy.ask("UPDATE academy_heartbeat SET beaten_at = now() - interval '1 hour'")
    assert ready(academy)["degraded"]
    assert waiting(academy) >= 6
    time_passes(academy)
    academy.start("worker")

    until(lambda: not waiting(academy), what="everything is sent", academy=academy)
    owed = academy.ask(
        "SELECT person.email, count(*) FROM academy_notification sent"
        " JOIN academy_person person ON person.id = sent.person_id"
        " WHERE sent.kind = 'capability.cohort_cancelled' GROUP BY 1"
    )
    for address, number in owed:
        letters = [one for one in academy.post.to(address) if one["Message-ID"]]
        assert len(letters) >= number, f"{address} heard {len(letters)} of {number}"
    assert not twice(academy)


def test_mail_waits_while_the_relay_is_away(academy, booker):
    academy.close_relay()
    books(booker, academy)
    put_back = "SELECT count(*) FROM academy_notification WHERE state = 'waiting' AND tries > 0"
    until(lambda: academy.one(put_back), what="the worker has tried")

    academy.open_relay()
    time_passes(academy)
    academy.post.wait_for(booker.address, "You have a place", seconds=PATIENCE)
    assert not twice(academy)


@pytest.mark.parametrize(
    ("breaks", "mends"), [("crash", "start"), ("freeze", "thaw")], ids=["gone", "silent"]
)
def test_people_go_on_while_the_broker_is(academy, broker, booker, breaks, mends):
    academy.ask("UPDATE academy_heartbeat SET beaten_at = now()")
    until(lambda: not ready(academy)["degraded"], what="all is well at first")

    getattr(broker, breaks)()
    try:
        assert not ready(academy)["broker"]
        assert ready(academy)["degraded"]
        visits_and_books(booker, academy)
    finally:
        getattr(broker, mends)()

    until(
        lambda: academy.post.to(booker.address, "You have a place"),
        what="the sweep finds what nobody rang for",
        academy=academy,
    )
    assert not twice(academy)
    until(lambda: ready(academy)["broker"], what="the broker answers again")


def test_a_silent_cache_stops_nobody_who_is_inside(academy, cache, booker, someone):
    cache.freeze()
    try:
        visits_and_books(booker, academy)
        for code in ("en", "cy"):
            comer = someone(code, script=False)
            comer.visit("account_login")
            comer.page.locator("#id_login").fill("improver1@example.org")
            comer.page.locator("#id_password").fill("not the password")
            comer.press("Sign in")
            comer.reads("We cannot do that just now")
    finally:
        cache.thaw()


def test_two_beats_and_a_task_that_comes_twice_remind_once(academy):
    asked = academy.one("SELECT id FROM connections_mentoringrequest WHERE state = 'asked' LIMIT 1")
    academy.ask(
        "UPDATE connections_mentoringrequest SET remind_at = now() - interval '1 hour',"
        " closes_at = now() + interval '3 days' WHERE id = %s",
        asked,
    )

    academy.shell(KNOCK_TWICE)

    reminded = (
        "SELECT count(*) FROM academy_notification WHERE kind = 'connections.request_reminder'"
    )
    until(lambda: academy.one(reminded), what="somebody is reminded", academy=academy)
    until(lambda: not waiting(academy), what="everything is sent", academy=academy)
    assert not twice(academy)
