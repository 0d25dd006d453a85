"""How is it going? Who is asked when, what an answer does, and who can read it."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.timezone import now

from academy.letters import compose
from academy.models import Notification
from connections.hooks import check_ins as offered
from connections.models import Care, CareRules, CheckIn, Relationship
from connections.models.check_ins import FIT, CheckInQuerySet, Moment
from connections.models.relationships import RelationshipQuerySet
from tests.factories.check_ins import asked, says
from tests.factories.people import LONG_AGO
from tests.factories.relationships import begin, current, met

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def day(number):
    return LONG_AGO + number * DAY


def ask(number):
    return CheckIn.objects.ask_due(at=day(number))


def letters(kind="connections.check_in_asked"):
    return Notification.objects.filter(kind=kind).count()


def occasions(pair, person):
    mine = CheckIn.objects.of(pair).filter(person=person).order_by("asked_at")
    return list(mine.values_list("occasion", flat=True))


MOMENTS = [
    # day, first met, fits asked, last pulse, last asked, what is asked
    (1, None, 0, None, None, None),
    (29, None, 0, None, None, None),
    (30, None, 0, None, None, 30),
    (89, None, 0, 30, 30, None),
    (90, None, 0, 30, 30, 90),
    (149, None, 0, 90, 90, None),
    (150, None, 0, 90, 90, 150),
    (8, 8, 0, None, None, FIT),
    (9, 8, 1, 0, 8, None),
    (30, 8, 1, 0, 8, 30),
    (30, 26, 1, 0, 26, None),  # never two in a week
    (33, 26, 1, 0, 26, 30),
    (50, 50, 0, 30, 30, FIT),  # met late
    (80, 40, 0, 30, 30, None),  # the first meeting is no longer fresh
    (100, None, 0, 30, 30, 90),  # a pause went over the day: asked when it is over
]


@pytest.mark.parametrize(("today", "first_met", "fits", "pulse", "last", "expected"), MOMENTS)
def test_a_pair_is_asked_when_its_moment_comes(today, first_met, fits, pulse, last, expected):
    moment = Moment(
        pk=1,
        agreed_at=LONG_AGO,
        first_met_at=first_met and day(first_met),
        fits=fits,
        pulse=pulse,
        asked_at=last and day(last),
    )

    assert moment.occasion(CareRules(), day(today)) == expected


def test_both_sides_are_asked_once_and_the_older_question_lapses():
    pair = current()
    assert ask(7) == 0
    met(pair, at=day(8))

    assert [ask(9), ask(9), ask(10), ask(30), ask(31), ask(90)] == [1, 0, 0, 1, 0, 1]
    for half in (pair.mentor, pair.mentee):
        assert occasions(pair, half) == [FIT, 30, 90]
        waiting = CheckIn.objects.waiting_for(half).values_list("occasion", flat=True)
        assert list(waiting) == [90]
    assert letters() == 6


def test_who_has_not_agreed_or_has_ended_is_not_asked():
    begin()
    pair = current()
    pair.end(by=pair.mentee, at=day(3))

    assert ask(30) == 0


def test_who_rests_is_not_asked_and_answers_nothing_and_is_asked_when_they_go_on():
    pair = asked()
    pair.pause(by=pair.mentor, at=day(31))

    assert ask(90) == 0
    assert not CheckIn.objects.waiting_for(pair.mentee).exists()
    with pytest.raises(Relationship.Paused):
        says(pair, pair.mentee, "w")
    pair.resume(by=pair.mentee, at=day(100))
    assert ask(101) == 1
    assert occasions(pair, pair.mentee) == [30, 90]


def test_the_rules_say_when():
    CareRules.objects.create(pk=1, pulse_first_days=10, pulse_every_days=5, apart_days=1)
    current()

    assert [ask(9), ask(10), ask(14), ask(15)] == [0, 1, 0, 1]


def test_an_answer_stops_the_asking_and_may_be_changed_for_a_day():
    pair = asked()
    me = pair.mentee
    says(pair, me, "b", at=day(31))
    says(pair, me, "w", at=day(31) + timedelta(hours=23))

    [mine] = CheckIn.objects.visible_to(me)
    assert mine.answer_given() == "w"
    assert not CheckIn.objects.waiting_for(me).exists()
    with pytest.raises(CheckIn.TooLate):
        says(pair, me, "h", at=day(32))
    with pytest.raises(CheckIn.NotAnAnswer):
        says(pair, pair.mentor, "g")


def test_a_question_that_lapsed_or_was_never_asked_takes_no_answer():
    pair = asked()
    asked(pair, occasion=90, at=day(90))

    for occasion in (30, 150):
        with pytest.raises(CheckIn.TooLate):
            says(pair, pair.mentee, "w", occasion=occasion, at=day(91))


def test_after_the_end_nothing_is_answered():
    pair = asked()
    pair.end(by=pair.mentor, at=day(31))

    with pytest.raises(Relationship.Ended):
        says(pair, pair.mentee, "w")


LEVELS = [
    ("w", "w", "calm"),
    ("w", None, "calm"),
    ("b", "w", "watch"),
    ("b", None, "watch"),
    ("h", "w", "help"),
    ("b", "b", "help"),  # so that help does not tell that somebody asked for it
]


@pytest.mark.parametrize(("mentor", "mentee", "level"), LEVELS)
def test_a_pair_comes_to_one_level(mentor, mentee, level):
    pair = asked()
    for person, answer in ((pair.mentor, mentor), (pair.mentee, mentee)):
        if answer:
            says(pair, person, answer)

    assert Care.objects.of(pair).felt == level


def test_nobody_can_read_an_answer_off_the_row():
    """Sealed, of one length, bound to its row, and the level keeps the day alone."""
    pair = asked()
    says(pair, pair.mentor, "h")
    says(pair, pair.mentee, "w")
    first, second = CheckIn.objects.order_by("pk")

    assert len(bytes(first.sealed)) == len(bytes(second.sealed))
    assert bytes(first.sealed) != b"h"
    first.sealed, second.sealed = second.sealed, first.sealed
    assert (first.answer_given(), second.answer_given()) == ("", "")
    felt_at = Care.objects.of(pair).felt_at
    assert (felt_at.hour, felt_at.minute) == (0, 0)


def test_the_database_keeps_one_row_for_each_person_and_occasion():
    pair = asked()
    for occasion in (30, 90):  # the same occasion twice; two questions that wait at once
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckIn.objects.create(
                relationship=pair, person=pair.mentee, occasion=occasion, asked_at=day(40)
            )


def workers_race(pair):
    """Four beats at the same moment; how many of them asked, and how many stumbled."""
    start, done, stumbled = Barrier(4), [], []

    def beat():
        start.wait()
        try:
            done.append(CheckIn.objects.ask_due(at=day(30)))
        except IntegrityError:
            stumbled.append(1)
        finally:
            connection.close()

    racers = [Thread(target=beat) for _racer in range(4)]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    return sum(done), len(stumbled)


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_ask_once():
    pair = current()

    assert workers_race(pair) == (1, 0)
    assert CheckIn.objects.count() == letters() == 2


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_only_the_constraint_stops_the_second(monkeypatch):
    slow = Barrier(4)
    monkeypatch.setattr(RelationshipQuerySet, "locked", lambda rows: rows.order_by("pk"))
    lapse = CheckInQuerySet.open

    def together(rows):
        slow.wait(timeout=10)
        return lapse(rows)

    monkeypatch.setattr(CheckInQuerySet, "open", together)

    assert workers_race(current()) == (1, 3)
    assert CheckIn.objects.count() == 2


def address(pair):
    return reverse("connections:check_in", args=[pair.pk])


def body(response):
    return response.content.decode()


def test_a_link_answers_nothing_and_one_tap_does(sign_in):
    pair = asked(current(at=now() - 40 * DAY), at=now() - DAY)
    client = sign_in(pair.mentee)

    shown = body(client.get(f"{address(pair)}?answer=h&occasion=30"))
    assert "I would like somebody’s help" in shown
    assert f"{pair.mentor.name} never sees your answer" in shown
    assert not CheckIn.objects.answered().exists()

    client.post(address(pair), {"answer": "h", "occasion": "30"})
    [answered] = CheckIn.objects.answered()
    assert (answered.person, answered.answer_given()) == (pair.mentee, "h")
    assert "You have answered" in body(client.get(address(pair)))


@pytest.mark.parametrize("answered", [True, False])
def test_a_pair_that_has_ended_is_asked_nothing_more(sign_in, answered):
    pair = asked(current(at=now() - 40 * DAY), at=now() - DAY)
    if answered:
        says(pair, pair.mentee, "w", at=now())
    pair.end(by=pair.mentor, at=now())
    page = body(sign_in(pair.mentee).get(address(pair)))

    assert "nothing more is asked" in page
    assert "We ask a" not in page


@pytest.mark.parametrize("answered", [True, False])
def test_a_pair_at_rest_reads_that_nothing_is_asked_while_it_pauses(sign_in, answered):
    pair = asked(current(at=now() - 40 * DAY), at=now() - 3 * DAY)
    if answered:
        says(pair, pair.mentee, "w", at=now() - 2 * DAY)
    pair.pause(by=pair.mentor, at=now())
    page = body(sign_in(pair.mentee).get(address(pair)))

    assert ("Thank you, you have answered. While" in page) == answered
    assert "hile the two of you pause, nothing is asked." in page
    assert "We ask a" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"answer": "h"},
        {"answer": "\0", "occasion": "30"},
        {"answer": "w", "occasion": "9" * 30},
    ],
)
def test_what_is_no_answer_is_said_and_kept_nowhere(sign_in, sent):
    pair = asked(current(at=now() - 40 * DAY), at=now() - DAY)
    client = sign_in(pair.mentee)
    answer = client.post(address(pair), sent, follow=True)

    assert answer.status_code == 200
    assert "Press one of the three buttons" in body(answer)
    assert not CheckIn.objects.answered().exists()


def test_a_page_left_open_since_the_last_question_answers_no_newer_one(sign_in):
    pair = asked(current(at=now() - 100 * DAY), at=now() - 60 * DAY)
    asked(pair, occasion=90, at=now() - DAY)
    answer = sign_in(pair.mentee).post(
        address(pair), {"answer": "w", "occasion": "30"}, follow=True
    )

    assert "a newer one has taken its place" in body(answer)
    assert not CheckIn.objects.answered().exists()


def test_a_stranger_finds_no_question(sign_in, person):
    assert sign_in(person).get(address(asked())).status_code == 404


def test_the_letter_loses_its_point_when_answered():
    pair = current(at=now() - 30 * DAY)
    CheckIn.objects.ask_due(at=now())
    one = Notification.objects.of(pair.mentee).get(kind="connections.check_in_asked")

    assert f"How is it going with {pair.mentor.name}?" in compose(one).body
    says(pair, pair.mentee, "w", at=now())
    assert compose(one) is None


def test_what_waits_is_at_home_until_it_is_answered():
    pair = asked(current(at=now() - 40 * DAY), at=now() - DAY)

    def waits(person):
        return [need.url for need in offered.check_ins_to_answer(person, at=now())]

    assert waits(pair.mentor) == waits(pair.mentee) == [address(pair)]
    says(pair, pair.mentee, "w", at=now())
    assert waits(pair.mentee) == []


def test_erasing_a_person_takes_their_answers_and_their_part_of_the_level():
    pair = asked()
    says(pair, pair.mentor, "h")
    says(pair, pair.mentee, "b")
    for _again in range(2):
        CheckIn.objects.erase(pair.mentor, at=day(40))

    assert [one.person for one in CheckIn.objects.all()] == [pair.mentee]
    assert Care.objects.of(pair).felt == "watch"


def test_only_the_answerer_takes_an_answer_along():
    pair = asked()
    says(pair, pair.mentor, "h")

    def taken(person):
        return [one["answer"] for one in offered.my_check_ins(person)]

    assert taken(pair.mentor) == ["I would like somebody’s help"]
    assert taken(pair.mentee) == [""]


def test_the_same_tap_twice_is_once(sign_in):
    pair = asked(current(at=now() - 40 * DAY), at=now() - DAY)
    client = sign_in(pair.mentee)
    for _again in range(2):
        client.post(address(pair), {"answer": "b", "occasion": "30", "token": str(uuid4())})

    assert CheckIn.objects.answered().count() == 1


def test_after_the_first_meeting_the_page_says_that_one_question_comes_and_then_asks_it(sign_in):
    pair, at = current(at=now() - 10 * DAY), now()

    def page(person):
        return sign_in(person).get(pair.get_absolute_url()).content.decode()

    comes = "By tomorrow morning we ask you both one question"
    assert comes not in page(pair.mentee)
    met(pair, at=at)
    assert comes in page(pair.mentor)
    assert comes in page(pair.mentee)
    CheckIn.objects.ask_due(at=now())
    for person in (pair.mentor, pair.mentee):
        assert comes not in page(person)
        assert "One tap is enough" in page(person)
    says(pair, pair.mentee, "g", at=now(), occasion=FIT)
    assert comes not in page(pair.mentee)


def test_no_question_is_announced_that_the_rules_hold_back():
    pair = asked(current(at=now() - 40 * DAY), at=now() - DAY)
    met(pair, at=now())
    pair.refresh_from_db()

    assert not CheckIn.objects.fit_is_due(pair, at=now())
    assert CheckIn.objects.fit_is_due(pair, at=now() + 7 * DAY)
    assert not CheckIn.objects.fit_is_due(pair, at=now() + 40 * DAY)


def test_a_pair_that_rests_or_has_ended_is_promised_no_question(mentee, pair):
    comes = "By tomorrow morning we ask you both one question"
    met(pair, at=now() - DAY)

    def promised():
        pair.refresh_from_db()
        said = comes in body(mentee.get(pair.get_absolute_url()))
        return said, CheckIn.objects.fit_is_due(pair, at=now())

    assert promised() == (True, True)
    pair.pause(by=pair.mentor, at=now())
    assert promised() == (False, False)
    pair.resume(by=pair.mentor, at=now())
    assert promised() == (True, True)
    pair.end(by=pair.mentor, at=now())
    assert promised() == (False, False)
