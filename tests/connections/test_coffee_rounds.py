from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils.timezone import now

from academy.models import Conflict, Notification
from connections import tasks
from connections.actions import coffee_rounds
from connections.models import (
    CoffeeGroup,
    CoffeeMember,
    CoffeeRound,
    CoffeeRules,
    CoffeeSeat,
    NotAgain,
)
from connections.models.coffee_counts import Share, went
from connections.models.working_days import bank_holidays, working_day
from connections.pool.coffee import load
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.coffee import (
    DRAW,
    MONTH,
    CoffeeMemberFactory,
    CoffeePromptFactory,
    begun,
    company,
    drawn,
    members,
    seat_of,
)
from tests.factories.connections import MentorProfileFactory
from tests.factories.relationships import begin

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def letters(kind):
    return Notification.objects.filter(kind=f"connections.{kind}")


def groups():
    return sorted(
        sorted(group.seats.values_list("person", flat=True)) for group in CoffeeGroup.objects.all()
    )


def test_everybody_in_sits_with_somebody_and_is_told_once():
    CoffeePromptFactory()
    people = members(7)

    made = drawn()
    for _again in range(2):
        tasks.tell_coffee(round=made.pk)

    assert (made.state, made.people, made.groups_made, made.threes) == ("drawn", 7, 3, 1)
    assert made.share == 100
    assert sorted(one for group in groups() for one in group) == [one.pk for one in people]
    assert sorted(letters("coffee_drawn").values_list("person", flat=True)) == [
        one.pk for one in people
    ]
    assert all(group.prompt_id for group in CoffeeGroup.objects.all())


def test_who_skips_pauses_has_left_or_closed_their_account_sits_with_nobody():
    keen = members(2)
    CoffeeMemberFactory(skipped_month=MONTH)
    CoffeeMemberFactory(paused=True)
    CoffeeMemberFactory(left_at=DRAW, reach="")
    CoffeeMemberFactory(person__is_active=False)

    drawn()

    assert groups() == [[one.pk for one in keen]]


def test_who_skipped_one_month_is_in_again_the_next():
    members(1)
    CoffeeMemberFactory(skipped_month=date(2026, 9, 1))

    assert drawn().people == 2


def test_a_team_a_manager_a_conflict_a_pair_and_a_quiet_no_keep_people_apart():
    board, one = OrganisationFactory(), PersonFactory()
    team = {"organisation": board, "team": "Ward 4"}
    mate = CoffeeMemberFactory(work=team).person
    manager, other, mentor, avoided = members(4)
    CoffeeMemberFactory(person=one, work={**team, "line_manager": manager})
    Conflict.objects.create(person=other, other=one, declared_at=DRAW)
    begin(profile=MentorProfileFactory(person=mentor), mentee=one)
    NotAgain.objects.declare(avoided, other=one, at=DRAW)

    pool = load(CoffeeMember.objects.in_for(MONTH), month=MONTH, rounds=12)
    made = drawn()

    assert len(pool) == 6
    assert company(one) == []
    assert made.alone == 1
    assert letters("coffee_alone").get().person == one
    assert mate.pk in {person for group in groups() for person in group}


def test_nobody_meets_again_within_the_rounds_of_the_rules():
    people = members(4)
    first = drawn(month=date(2026, 8, 1), at=DRAW - 60 * DAY)
    second = drawn(month=date(2026, 9, 1), at=DRAW - 30 * DAY)
    third = drawn()

    pairs = [frozenset(group) for group in groups()]
    assert len(set(pairs)) == len(pairs) == 6
    assert [one.repeats for one in (first, second, third)] == [0, 0, 0]

    fourth = drawn(month=date(2026, 11, 1), at=DRAW + 30 * DAY)

    assert (fourth.repeats, fourth.window) == (2, 2)
    again = {seat_of(people[0], fourth).group.pk}
    oldest = {one.pk for one in company(people[0])}
    assert again
    assert oldest == set(
        seat_of(people[0], first)
        .group.seats.exclude(person=people[0])
        .values_list("person", flat=True)
    )


def test_the_same_seed_draws_the_same_groups():
    members(12)
    drawn()
    before = groups()
    CoffeeRound.objects.all().delete()

    drawn()

    assert groups() == before


def test_a_round_says_when_more_organisations_were_not_possible():
    board = OrganisationFactory()
    for ward in range(8):
        CoffeeMemberFactory(work={"organisation": board, "team": f"Ward {ward}"})
    members(1)

    made = drawn()

    assert (made.share, made.reached, made.possible) == (25, False, False)


def test_a_worker_that_dies_half_way_leaves_no_half_round(monkeypatch):
    members(4)
    made = begun()
    claimed = coffee_rounds.claim(made.pk, at=DRAW)

    def dies(*_args, **_facts):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(CoffeeSeat.objects, "bulk_create", dies, raising=False)
        with pytest.raises(SystemExit):
            coffee_rounds.compute(claimed, at=DRAW)

    made.refresh_from_db()
    assert (made.state, CoffeeGroup.objects.count(), Notification.objects.count()) == (
        "drawing",
        0,
        0,
    )
    later = DRAW + timedelta(minutes=11)
    assert coffee_rounds.compute(coffee_rounds.claim(made.pk, at=later), at=later)
    assert CoffeeGroup.objects.count() == 2


def test_a_worker_that_slept_past_its_lease_keeps_nothing():
    members(4)
    made = begun()
    slow = coffee_rounds.claim(made.pk, at=DRAW)
    quick = coffee_rounds.claim(made.pk, at=DRAW + timedelta(minutes=11))

    assert coffee_rounds.compute(quick, at=DRAW)
    assert not coffee_rounds.compute(slow, at=DRAW)
    assert CoffeeGroup.objects.count() == 2


def test_a_round_that_kills_its_workers_fails_and_can_be_drawn_again(staff):
    members(2)
    made = begun(month=now().date().replace(day=1))
    for hour in range(5):
        coffee_rounds.claim(made.pk, at=DRAW + timedelta(hours=hour))
    assert CoffeeRound.objects.failed().get() == made

    again = coffee_rounds.draw_now(by=staff("coordinator"), at=now())

    assert (again.pk, again.state, again.tries) == (made.pk, "drawing", 0)


def test_who_leaves_while_the_worker_draws_sits_nowhere_and_their_partner_waits():
    one, other = members(2)
    made = begun()
    claimed = coffee_rounds.claim(made.pk, at=DRAW)
    pool = load(CoffeeMember.objects.in_for(MONTH), month=MONTH, rounds=12)
    found = coffee_rounds.coffee.draw(pool, seed=1)
    CoffeeMember.objects.filter(person=one).leave(at=DRAW)

    coffee_rounds.keep(claimed, found, at=DRAW)

    assert seat_of(one) is None
    assert seat_of(other).group is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_draw_one_round():
    members(6)
    made, start = begun(), Barrier(2)

    def work():
        try:
            start.wait()
            tasks.draw_coffee(round=made.pk)
            tasks.tell_coffee(round=made.pk)
        finally:
            connection.close()

    racers = [Thread(target=work) for _one in range(2)]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    tasks.tell_coffee(round=made.pk)

    assert (CoffeeGroup.objects.count(), CoffeeSeat.objects.count()) == (3, 6)
    assert letters("coffee_drawn").count() == 6


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_begin_one_round():
    members(2)
    start, begun_ = Barrier(2), []

    def beat():
        try:
            start.wait()
            begun_.append(coffee_rounds.begin_due(at=DRAW))
        finally:
            connection.close()

    racers = [Thread(target=beat) for _one in range(2)]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]

    assert CoffeeRound.objects.count() == 1
    assert sum(one is not None for one in begun_) == 1


@pytest.mark.parametrize(
    ("day", "hour", "begins"),
    [(1, 6, False), (1, 9, True), (6, 9, True), (8, 9, False), (30, 9, False)],
)
def test_a_round_begins_by_itself_on_the_first_working_day(day, hour, begins):
    members(2)

    made = coffee_rounds.begin_due(at=datetime(2026, 10, day, hour, tzinfo=UTC))

    assert (made is not None) == begins


def test_the_day_is_the_administrators_to_choose():
    CoffeeRules.objects.create(pk=1, working_day=5)
    members(2)

    assert coffee_rounds.begin_due(at=DRAW) is None
    assert coffee_rounds.begin_due(at=datetime(2026, 10, 7, 9, tzinfo=UTC)).month == MONTH


def test_working_days_leave_out_weekends_and_bank_holidays():
    assert working_day(date(2027, 1, 1), 1) == date(2027, 1, 4)
    assert working_day(date(2026, 5, 1), 2) == date(2026, 5, 5)
    assert working_day(date(2028, 5, 31), 1) == date(2028, 5, 2)
    assert working_day(date(2026, 8, 19), 1) == date(2026, 8, 3)
    assert bank_holidays(2026) == {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 28),
    }
    assert {date(2027, 12, 27), date(2027, 12, 28), date(2027, 3, 29)} <= bank_holidays(2027)


def test_a_month_has_one_round_whoever_asks(staff):
    members(2)
    coordinator = staff("coordinator")
    made = coffee_rounds.draw_now(by=coordinator, at=DRAW)

    with pytest.raises(CoffeeRound.DrawnAlready):
        coffee_rounds.draw_now(by=coordinator, at=DRAW + DAY)
    assert coffee_rounds.begin_due(at=DRAW) is None
    assert made.begun_by == coordinator


def test_counts_are_told_from_eight_and_hide_the_few():
    shown = [
        Share(some, all, 8).shown for some, all in ((5, 7), (0, 8), (7, 20), (8, 20), (13, 20))
    ]

    assert shown == ["none", "few", "few", "exact", "most"]


def test_a_present_round_tells_no_answers_to_anybody(django_assert_num_queries):
    members(18)
    past = drawn(month=date(2026, 9, 1), at=DRAW - 30 * DAY)
    drawn()
    for place, seat in enumerate(CoffeeSeat.objects.order_by("pk")):
        seat.answer(met=place % 2 == 0, again=place % 4 == 0, at=DRAW)

    with django_assert_num_queries(3):  # rounds, rules, counts
        newest, before = went(CoffeeRound.objects.newest_first())

    assert newest.present
    assert not before.present
    assert (before.round, before.met.some, before.met.all) == (past, 9, 18)


@pytest.mark.parametrize("many", [2, 6, 60])
def test_loading_costs_the_same_however_many_they_are(many, django_assert_num_queries):
    members(many)
    drawn(month=date(2026, 9, 1), at=DRAW - 30 * DAY)

    # members, memberships, pairs, conflicts, not again, rounds, groups
    with django_assert_num_queries(7):
        pool = load(CoffeeMember.objects.in_for(MONTH), month=MONTH, rounds=12)

    assert len(pool) == many
    assert len(pool.met) == many // 2
