"""Mentors who do not answer are asked, reminded, then paused kindly; any sign of life stops it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from academy.letters import compose
from academy.models import AuditEvent, Notification
from connections.actions import answering, asking, still_there
from connections.models import MentoringRequest, MentorProfile, StillThere, StillThereRules
from connections.models.profiles import MentorProfileQuerySet
from connections.models.still_there import quiet_mentors
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def day(number):
    return LONG_AGO + number * DAY


def let_close(profile, *, asked=0):
    """Somebody asks, and the days go by without an answer."""
    request = MentoringRequestFactory(asked_at=day(asked))
    asking.ask(request, profile, at=day(asked))
    answering.close_due(at=day(asked + 15))


def decline(profile, *, on):
    request = asking.ask(MentoringRequestFactory(asked_at=day(on)), profile, at=day(on))
    told = {"words": "Not now", "language": "en"}
    answering.decline(request, profile.person, at=day(on), **told)


@pytest.fixture
def quiet():
    """A mentor who has let two requests close; the second on day 15."""
    profile = MentorProfileFactory()
    let_close(profile)
    let_close(profile)
    return profile


def rounds(*days):
    return [still_there.go_round(at=day(one)) for one in days]


def letters(profile):
    kinds = Notification.objects.of(profile.person).filter(kind__startswith="connections.still")
    return [one.kind.rpartition(".")[2] for one in kinds.order_by("pk")]


def test_a_quiet_mentor_is_asked_reminded_and_paused_kindly(quiet):
    assert rounds(16, 16, 22, 23, 23, 29, 30, 31) == [1, 0, 0, 1, 0, 0, 1, 0]
    assert letters(quiet) == ["still_there", "still_there_reminder", "still_there_paused"]
    quiet.refresh_from_db()
    assert quiet.paused
    assert AuditEvent.objects.filter(verb="connections.mentor_paused_kindly").count() == 1


def test_one_unanswered_request_is_no_reason_to_ask():
    profile = MentorProfileFactory()
    let_close(profile)

    assert rounds(16, 40) == [0, 0]


def test_only_requests_in_a_row_count():
    profile = MentorProfileFactory()
    let_close(profile)
    decline(profile, on=16)
    let_close(profile, asked=20)

    assert rounds(40) == [0]
    let_close(profile, asked=41)
    assert rounds(60) == [1]


def test_the_rules_say_how_many_and_when():
    StillThereRules.objects.create(pk=1, unanswered=1, remind_days=1, pause_days=3)
    let_close(MentorProfileFactory())

    assert rounds(15, 16, 17, 18) == [1, 1, 0, 1]


def test_who_was_away_for_weeks_is_still_reminded_before_the_pause(quiet):
    """The beat did not run for a month: the reminder comes first, and the pause a week after it."""
    assert rounds(16, 50, 51, 57) == [1, 1, 0, 1]


SIGNS = {
    "answers a request": lambda profile: decline(profile, on=20),
    "presses yes": lambda profile: still_there.answer(profile, here=True, at=day(20)),
    "opens the page": lambda profile: StillThere.objects.heard_from(profile.person, at=day(20)),
    "changes the offer": lambda profile: profile.show_in_directory(True, at=day(20)),
    "pauses": lambda profile: profile.pause(until=None, at=day(20)),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_life_stops_it(quiet, sign):
    rounds(16)
    SIGNS[sign](quiet)

    assert rounds(23, 30, 60) == [0, 0, 0]
    assert letters(quiet) == ["still_there"]
    assert not StillThere.objects.open().exists()


def test_after_an_answer_only_new_silence_counts(quiet):
    rounds(16)
    still_there.answer(quiet, here=True, at=day(17))
    let_close(quiet, asked=20)
    assert rounds(40) == [0]
    let_close(quiet, asked=41)
    assert rounds(60) == [1]


def test_who_waits_for_a_paused_mentor_is_helped_to_somebody_else(quiet):
    rounds(16, 23)
    waiting = MentoringRequestFactory(asked_at=day(29))
    asking.ask(waiting, quiet, at=day(29))
    rounds(30)
    answering.close_due(at=day(30))

    waiting.refresh_from_db()
    assert waiting.state == MentoringRequest.State.EXPIRED
    assert waiting.suggest_from is not None  # others are looked for


def test_the_letter_says_how_to_come_back_and_one_press_does(quiet, sign_in):
    rounds(16, 23, 30)
    paused = Notification.objects.get(kind="connections.still_there_paused")
    address = reverse("connections:still_there")
    letter = compose(paused)
    assert "press the one button" in letter.body
    assert address in letter.body

    client = sign_in(quiet.person)
    assert "Take new requests again" in client.get(address).content.decode()
    client.post(address, {"answer": "here"})
    quiet.refresh_from_db()
    assert not quiet.paused
    assert compose(paused) is None


def test_opening_the_page_pauses_nobody_and_a_press_does(quiet, sign_in):
    client, address = sign_in(quiet.person), reverse("connections:still_there")
    client.get(f"{address}?answer=pause")
    client.post(address, {"answer": "perhaps\0"})
    quiet.refresh_from_db()
    assert not quiet.paused
    for _twice in range(2):
        client.post(address, {"answer": "pause"})
    quiet.refresh_from_db()
    assert quiet.paused


def test_who_makes_no_offer_has_no_such_page(person, sign_in):
    assert sign_in(person).get(reverse("connections:still_there")).status_code == 404


def test_coordinators_see_who_is_asked_and_who_was_paused_until_they_come_back(
    quiet, staff, sign_in
):
    client, address = sign_in(staff("coordinator")), reverse("connections:quiet_mentors")

    def seen():
        return quiet.person.name in client.get(address).content.decode()

    assert not seen()
    rounds(16)
    assert seen()
    rounds(23, 30)
    assert seen()
    still_there.answer(quiet, here=True, at=day(31))
    assert not seen()


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_list_costs_the_same_however_many(staff, sign_in, many, django_assert_num_queries):
    for _number in range(many):
        StillThere.objects.create(profile=MentorProfileFactory(), asked_at=day(1))
    client = sign_in(staff("coordinator"))

    with django_assert_num_queries(4):  # session, reader, count, rows
        page = client.get(reverse("connections:quiet_mentors")).content.decode()
    assert page.count("<tr>") == many + 1


def test_the_database_keeps_one_question_for_each(quiet):
    rounds(16)
    with pytest.raises(IntegrityError), transaction.atomic():
        StillThere.objects.create(profile=quiet, asked_at=day(17))


def beats(at):
    """Three beats at the same moment; how many letters they made and how often one stumbled."""
    start, done, stumbled = Barrier(3), [], []

    def beat():
        start.wait()
        try:
            done.append(still_there.go_round(at=at))
        except IntegrityError:
            stumbled.append(1)
        finally:
            connection.close()

    racers = [Thread(target=beat) for _racer in range(3)]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    return sum(done), len(stumbled)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_ask_remind_and_pause_once():
    profile = MentorProfileFactory()
    let_close(profile)
    let_close(profile)

    assert [beats(day(one)) for one in (16, 23, 30)] == [(1, 0)] * 3
    assert letters(profile) == ["still_there", "still_there_reminder", "still_there_paused"]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_constraint_alone_stops_the_second(monkeypatch):
    profile = MentorProfileFactory()
    let_close(profile)
    let_close(profile)
    together, found = Barrier(3), quiet_mentors
    monkeypatch.setattr(MentorProfileQuerySet, "locked", lambda rows: rows.order_by("pk"))

    def slowly():
        keys = list(found().values_list("pk", flat=True))
        together.wait(timeout=10)  # all have found the same before anybody asks
        return MentorProfile.objects.filter(pk__in=keys)

    monkeypatch.setattr(still_there, "quiet_mentors", slowly)

    assert beats(day(16)) == (1, 2)
    assert MentorProfile.objects.filter(still_there__isnull=False).count() == 1
