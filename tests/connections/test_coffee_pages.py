from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from academy import hooks, leaving
from academy.letters import compose
from academy.models import Notification
from connections.actions import coffee_rounds, coffee_seats
from connections.models import CoffeeGroup, CoffeeMember, CoffeeRound, CoffeeSeat, NotAgain
from connections.models.coffee_rounds import CoffeeRoundQuerySet
from tests.factories import PersonFactory
from tests.factories.coffee import (
    DRAW,
    CoffeeMemberFactory,
    begun,
    company,
    drawn,
    members,
    seat_of,
    together,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
JOINING = {"languages": ["en"], "formats": ["online"], "reach": "me@example.org"}


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def letters(kind, person=None):
    found = Notification.objects.filter(kind=f"connections.{kind}")
    return found.filter(person=person) if person else found


def words_of(letter):
    return str(compose(letter, None).body)


@pytest.fixture
def two():
    """Two people who have coffee this month."""
    people = [CoffeeMemberFactory(person__name=name).person for name in ("Mair", "Tom")]
    together(*people, at=now())
    return people


def test_joining_is_one_press_with_what_the_account_says(sign_in):
    person = PersonFactory(language="both")
    client = sign_in(person)
    form = client.get(url("coffee")).context["form"]

    client.post(url("coffee_choices"), form.initial)

    member = CoffeeMember.objects.get(person=person)
    assert (member.in_welsh, member.in_english, member.online, member.in_person) == (
        True,
        True,
        True,
        False,
    )
    assert member.reach == person.email
    assert "You are in. We put people together on" in text(client.get(url("coffee")))


def test_a_choice_that_is_missing_is_said_beside_the_field_and_the_rest_kept(sign_in):
    client = sign_in(PersonFactory())

    page = text(client.post(url("coffee_choices"), {**JOINING, "languages": []}))

    assert "Choose at least one language" in page
    assert "me@example.org" in page
    assert not CoffeeMember.objects.exists()


def test_the_page_says_that_it_is_not_proven(sign_in):
    assert "it is not proven" in text(sign_in(PersonFactory()).get(url("coffee")))


def test_partners_see_what_the_other_agreed_to_share_and_words_to_begin_with(two, sign_in):
    mair, tom = two
    CoffeeMember.objects.filter(person=tom).update(reach="029 2000 0000")

    page = text(sign_in(mair).get(url("coffee")))

    assert "029 2000 0000" in page
    assert tom.email not in page
    assert "What makes a good day?" in page
    assert "Hello Tom!" in page
    assert f"mailto:{mair.email}?subject=" in text(sign_in(tom).get(url("coffee")))


def test_how_to_reach_somebody_is_for_their_month_alone(two, sign_in):
    mair, tom = two
    CoffeeRound.objects.update(drawn_at=now() - 50 * DAY, month=datetime(2026, 9, 1, tzinfo=UTC))

    page = text(sign_in(mair).get(url("coffee")))

    assert "Tom" in page
    assert tom.email not in page


def test_what_somebody_answers_is_shown_to_nobody_else(two, sign_in, staff):
    mair, tom = two
    tom_sees = text(sign_in(tom).get(url("coffee")))
    client = sign_in(mair)

    client.post(url("answer_coffee"), {"met": "yes"})
    client.post(url("answer_coffee"), {"met": "yes", "again": "no"})

    seat = seat_of(mair)
    assert (seat.met, seat.again) == (True, False)
    again = text(sign_in(tom).get(url("coffee")))
    assert strip(again) == strip(tom_sees)
    desk = text(sign_in(staff("coordinator")).get(url("coffee_rounds")))
    assert "Mair" not in desk
    assert "Counted when the next round is drawn." in desk
    answered = {name: take(tom) for name, take in hooks.exports.items()}
    assert answered["coffee"]["coffees"][0]["would_meet_again"] is None
    assert hooks.exports["coffee"](mair)["coffees"][0]["would_meet_again"] is False


def strip(page):
    """A page but for the tokens of its forms."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_nonsense_and_strangers_change_nothing(two, sign_in):
    mair, _tom = two
    stranger = sign_in(PersonFactory())
    for data in ({}, {"met": "perhaps"}, {"met": "\x00"}, {"met": "no", "again": "yes"}):
        assert sign_in(mair).post(url("answer_coffee"), data).status_code == 302
        assert stranger.post(url("answer_coffee"), {"met": "yes"}).status_code == 302
    for name in ("skip_coffee", "pause_coffee", "resume_coffee", "another_coffee", "cannot_come"):
        assert stranger.post(url(name)).status_code == 302
    for pk in (seat_of(mair).pk, 10**12):
        assert stranger.get(url("not_again", pk)).status_code == 404

    assert seat_of(mair).again is None
    assert CoffeeMember.objects.count() == 2


def test_not_this_person_again_is_kept_in_silence(two, sign_in):
    mair, tom = two
    before = Notification.objects.count()

    sign_in(mair).post(url("not_again", seat_of(tom).pk))

    assert NotAgain.objects.get().other == tom
    assert Notification.objects.count() == before
    CoffeeRound.objects.all().delete()
    assert drawn().alone == 2


def test_skip_pause_and_come_back(sign_in):
    member = CoffeeMemberFactory()
    client = sign_in(member.person)

    client.post(url("skip_coffee"))
    skipping = text(client.get(url("coffee")))
    assert "You skip " in skipping
    assert "Pause until I come back" in skipping
    client.post(url("resume_coffee"))
    client.post(url("pause_coffee"))
    assert "You are paused" in text(client.get(url("coffee")))
    client.post(url("resume_coffee"))

    member.refresh_from_db()
    assert (member.skipped_month, member.paused, member.left_at) == (None, False, None)


def test_every_page_of_the_coffee_rounds_says_where_to_turn(two, sign_in):
    client = sign_in(two[0])
    names = ("coffee", "coffee_choices", "leave_coffee", "cannot_come")
    pages = [text(client.get(url(name))) for name in names]

    assert all("If something happened that should not have" in page for page in pages)


def test_who_leaves_is_forgotten_and_their_partner_is_told_kindly(two, sign_in):
    mair, tom = two

    sign_in(mair).post(url("leave_coffee"))

    assert CoffeeMember.objects.get(person=mair).reach == ""
    letter = letters("coffee_partner_left").get()
    assert letter.person == tom
    assert "Mair cannot come this month. It has nothing to do with you." in words_of(letter)
    page = text(sign_in(tom).get(url("coffee")))
    assert "Look for others I could join" in page
    assert "Mair" not in page


def test_who_had_met_already_leaves_without_a_word(two):
    mair, _tom = two
    seat_of(mair).answer(met=True, at=now())

    coffee_seats.leave(mair, at=now())

    assert not letters("coffee_partner_left").exists()
    assert seat_of(mair).gave_up_at is None


def alone_beside_pairs(many):
    """One whose partner cannot come, and so many pairs."""
    people = members(2 * many + 2)
    drawn()
    gone, left = people[0], company(people[0])[0]
    coffee_seats.give_up(gone, at=DRAW + DAY)
    return left, people


def test_who_is_left_alone_joins_a_pair_and_they_are_told():
    left, _people = alone_beside_pairs(1)

    coffee_seats.join_another(left, at=DRAW + DAY)
    coffee_seats.join_another(left, at=DRAW + DAY)

    assert len(company(left)) == 2
    assert set(letters("coffee_joined").values_list("person", flat=True)) == {
        one.pk for one in company(left)
    }
    assert sorted(CoffeeGroup.objects.values_list("seats_taken", flat=True)) == [0, 3]


def test_two_who_are_left_alone_find_each_other_before_they_make_threes():
    left, people = alone_beside_pairs(3)
    other = next(one for one in people if one not in (left, people[0]) and company(one))
    second = company(other)[0]
    coffee_seats.give_up(other, at=DRAW + DAY)

    coffee_seats.join_another(left, at=DRAW + DAY)

    assert company(left) == [second]


def test_when_nobody_has_a_chair_the_page_says_so(sign_in, two):
    mair, tom = two
    coffee_seats.give_up(mair, at=now())

    answer = sign_in(tom).post(url("another_coffee"), follow=True)

    assert "Nobody could be found this month" in text(answer)


def race(many):
    """So many are left alone at once, and one pair has one chair."""
    people = members(2 * many + 2)
    drawn()
    pairs = {frozenset((one.pk, company(one)[0].pk)) for one in people}
    leaving_, waiting, troubles = [], [], []
    for pair in sorted(pairs, key=sorted)[:many]:
        first, second = sorted(pair)
        leaving_.append(first)
        waiting.append(second)
    by_pk = {one.pk: one for one in people}
    for pk in leaving_:
        coffee_seats.give_up(by_pk[pk], at=DRAW + DAY)
    start = Barrier(many)

    def join(person):
        try:
            start.wait()
            coffee_seats.join_another(person, at=DRAW + DAY)
        except (CoffeeGroup.NoRoom, DatabaseError) as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    racers = [Thread(target=join, args=[by_pk[pk]]) for pk in waiting]
    [racer.start() for racer in racers]
    [racer.join() for racer in racers]
    return troubles, [by_pk[pk] for pk in waiting]


def seats_and_counters():
    return sorted(
        (group.seats_taken, group.seats.filter(gave_up_at=None).count())
        for group in CoffeeGroup.objects.all()
    )


@pytest.mark.django_db(transaction=True)
def test_six_who_look_at_once_all_find_company_and_no_table_is_too_full():
    troubles, waiting = race(6)

    assert not troubles
    assert all(taken == there <= 3 for taken, there in seats_and_counters())
    assert all(company(one) for one in waiting)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_some_sit_at_a_table_nobody_is_at(monkeypatch):
    monkeypatch.setattr(CoffeeRoundQuerySet, "held", lambda rows: list(rows.newest_first()[:2]))
    wrong = False
    for _try in range(5):
        CoffeeRound.objects.all().delete()
        CoffeeMember.objects.all().delete()
        troubles, waiting = race(6)
        fine = not troubles and all(taken == there for taken, there in seats_and_counters())
        wrong = wrong or not (fine and all(company(one) for one in waiting))

    assert wrong


def test_a_reminder_comes_once_to_who_has_not_answered():
    people = members(6)
    drawn()
    quiet = next(one for one in people if one not in company(people[0]) and one != people[0])
    seat_of(people[0]).answer(met=True, at=DRAW + DAY)
    seat_of(quiet).answer(met=False, at=DRAW + DAY)

    reminded = [coffee_seats.remind_due(at=DRAW + days * DAY) for days in (13, 14, 14, 40)]

    assert reminded == [0, 3, 0, 0]
    told = set(letters("coffee_reminder").values_list("person", flat=True))
    assert told == {one.pk for one in people} - {
        people[0].pk,
        company(people[0])[0].pk,
        quiet.pk,
    }


def test_letters_come_in_the_readers_language_with_names_and_the_question():
    people = [CoffeeMemberFactory(person__language="both").person for _one in range(3)]
    drawn()
    prompt = together(people[0], people[1], at=now()).prompt
    seat = CoffeeSeat.objects.get(group__prompt=prompt, person=people[0])
    coffee_rounds.tell("coffee_drawn", seat, mark="x", at=now())

    said = words_of(letters("coffee_drawn", people[0]).latest("pk"))

    assert people[1].name in said
    assert prompt.text_en in said
    assert prompt.text_cy in said


def test_a_letter_about_a_seat_that_was_given_up_is_not_sent(two):
    mair, tom = two
    for kind in ("coffee_drawn", "coffee_reminder", "coffee_joined"):
        coffee_rounds.tell(kind, seat_of(mair), at=now())
    coffee_seats.give_up(tom, at=now())

    assert [compose(one, None) for one in letters("coffee_drawn", mair)] == [None]
    assert [compose(one, None) for one in letters("coffee_reminder", mair)] == [None]
    assert [compose(one, None) for one in letters("coffee_joined", mair)] == [None]


def test_the_home_page_says_with_whom_and_asks_until_it_is_answered(two, sign_in):
    mair, _tom = two
    client = sign_in(mair)
    home = text(client.get(reverse("home")))
    assert "Your coffee this month: Tom" in home
    assert "Say hello" in home

    later = [need.text for need in hooks_needs(mair, now() + 15 * DAY)]
    assert later == ["Your coffee this month: Tom. Have you met?"]

    seat_of(mair).answer(met=True, at=now())
    assert hooks_needs(mair, now()) == []


def hooks_needs(person, at):
    find = next(need for need in hooks.needs if need.__name__ == "coffees_waiting")
    return list(find(person, at=at))


def test_a_round_that_failed_waits_for_a_coordinator(staff):
    coordinator = staff("coordinator")
    begun(at=now())
    CoffeeRound.objects.update(state="failed")
    find = next(q for q in hooks.queues if q.__name__ == "coffee_rounds_that_failed")

    assert next(iter(find(coordinator, at=now()))).count == 1
    assert list(find(PersonFactory(), at=now())) == []


def test_closing_an_account_and_erasing_it_leave_no_choice_and_no_answer(two):
    mair, tom = two
    NotAgain.objects.declare(tom, other=mair, at=now())
    seat_of(mair).answer(met=True, again=True, at=now())
    leaving.ask_for_deletion(mair, at=now())
    assert not CoffeeMember.objects.joined().filter(person=mair).exists()

    leaving.erase_due(at=now() + 15 * DAY)

    assert not CoffeeMember.objects.filter(person=mair).exists()
    assert not NotAgain.objects.exists()
    assert (seat_of(mair).met, seat_of(mair).again) == (None, None)


def test_a_coordinator_previews_and_draws(staff, sign_in):
    people = members(9)
    CoffeeMemberFactory(paused=True)
    client = sign_in(staff("coordinator"))

    preview = text(client.get(url("coffee_rounds"), {"preview": "1"}))
    assert "4 groups." in preview
    assert "All are across organisations." in preview
    assert not CoffeeRound.objects.exists()

    client.post(url("draw_coffee"))
    again = client.post(url("draw_coffee"), follow=True)

    assert "has been drawn" in text(again)
    assert CoffeeRound.objects.get().begun_by is not None
    assert len(people) == 9


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_however_long_the_list(many, sign_in, django_assert_num_queries):
    person = CoffeeMemberFactory().person
    for month in range(many + 1):
        at = now() - (many - month) * 31 * DAY
        together(person, CoffeeMemberFactory().person, at=at)
    client = sign_in(person)
    client.get(url("coffee"))

    # session, reader, member, seat, company, where they work, rules, newest round, past, with whom
    with django_assert_num_queries(10):
        page = text(client.get(url("coffee")))

    assert page.count("Only you see this list.") == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_coordinators_page_costs_the_same_however_many_rounds(
    many, staff, sign_in, django_assert_num_queries
):
    for month in range(many):
        together(*members(2), at=now() - (many - month) * 31 * DAY)
    client = sign_in(staff("coordinator"))
    client.get(url("coffee_rounds"))

    # session, reader, roles, second factor; rules twice, newest month, how many are in, this month,
    # rounds; counts
    with django_assert_num_queries(10):
        client.get(url("coffee_rounds"))


def test_pages_speak_welsh(two, sign_in):
    mair, _tom = two
    with override("cy"):
        address = url("coffee")

    page = text(sign_in(mair).get(address))

    assert address == "/cy/coffi/"
    assert "Beth sy’n gwneud diwrnod da?" in page
