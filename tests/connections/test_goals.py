"""Two or three goals: reached, let go, or taken up again; a place is free when one is let go."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import override

from academy import hooks
from connections.actions import handing
from connections.models import Goal, Relationship
from connections.models.caseload import desk_of
from connections.models.mistakes import written_by
from tests.factories import PersonFactory
from tests.factories.connections import MentorProfileFactory
from tests.factories.relationships import goal, task

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def press(client, name, one, **data):
    address = url(name, one.relationship_id, one.pk)
    return client.post(address, data, follow=True).content.decode()


def page_of(client, pair):
    return client.get(url("relationship", pair.pk)).content.decode()


def late_tasks_of(person):
    return sum("is late" in need.text for ask in hooks.needs for need in ask(person, at=now()))


def test_a_goal_that_is_let_go_makes_room_for_another_and_is_not_called_reached(
    pair, mentor, mentee
):
    goals = [goal(pair, f"Goal {number}", at=now()) for number in range(3)]
    said = {"words": "A fourth", "language": "en", "token": str(uuid4())}
    full = mentee.post(url("set_goal", pair.pk), said).content.decode()
    answer = press(mentor, "let_goal_go", goals[0])
    mentee.post(url("set_goal", pair.pk), said)
    page = page_of(mentee, pair)

    assert "Reach one or let one go first" in full
    assert "The goal is let go" in answer
    assert "A fourth" in page
    assert page.count("Let go on") == 1
    assert "Reached on" not in page
    assert page.index("Goal 2") < page.index("A fourth") < page.index("Goal 0")


def test_what_was_let_go_is_taken_up_again_while_there_is_room_and_the_pair_lasts(
    pair, mentor, mentee
):
    first = goal(pair, "Goal", at=now())
    press(mentee, "let_goal_go", first)
    others = [goal(pair, f"Another {number}", at=now()) for number in range(3)]
    full = press(mentee, "let_goal_go", first, again="yes")

    assert "you have enough" in full
    assert Goal.objects.open().count() == 3
    press(mentor, "let_goal_go", others[0])
    assert "taken the goal up again" in press(mentee, "let_goal_go", first, again="yes")
    assert "taken the goal up again" in press(mentee, "let_goal_go", first, again="yes")
    assert first in Goal.objects.open()

    pair.end(by=pair.mentee, at=now())
    over = press(mentee, "let_goal_go", others[0], again="yes")
    assert "This relationship has ended" in over
    assert "Take it up again" not in over
    assert "Let go on" in over


def test_a_goal_called_reached_too_soon_is_taken_up_again_while_there_is_room(pair, mentee):
    first = goal(pair, "Goal", at=now())
    press(mentee, "reach_goal", first)
    assert "Take it up again" in page_of(mentee, pair)
    others = [goal(pair, f"Another {number}", at=now()) for number in range(3)]

    assert "you have enough" in press(mentee, "let_goal_go", first, again="yes")
    press(mentee, "let_goal_go", others[0])
    assert "taken the goal up again" in press(mentee, "let_goal_go", first, again="yes")
    assert first in Goal.objects.open()
    assert "Reached on" not in page_of(mentee, pair)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "as many goals as a pair can keep in mind"), ("cy", "gynifer o nodau")],
)
def test_with_as_many_goals_as_a_pair_keeps_there_is_no_form_for_another(
    pair, mentee, language, words
):
    goals = [goal(pair, f"Goal {number}", at=now()) for number in range(3)]
    with override(language):
        address = url("set_goal", pair.pk)
    full = mentee.get(address).content.decode()
    with override(language):
        assert f'href="{address}"' not in page_of(mentee, pair)
    Goal.objects.reach(goals[0], by=pair.mentee, at=now())
    free = mentee.get(address).content.decode()
    with override(language):
        assert f'href="{address}"' in page_of(mentee, pair)

    assert words in full
    assert "<textarea" not in full
    assert "<textarea" in free
    assert words not in free


def test_letting_go_twice_keeps_the_first_day(pair, mentee):
    one = goal(pair, "Goal", at=now())
    Goal.objects.let_go(one, by=pair.mentee, at=now() - 2 * DAY)
    press(mentee, "let_goal_go", one)

    one.refresh_from_db()
    assert localdate(one.let_go_at) == localdate(now() - 2 * DAY)


def test_a_goal_is_reached_or_let_go_but_never_both(pair, mentor, mentee):
    reached, gone = goal(pair, "Reached", at=now()), goal(pair, "Gone", at=now())
    Goal.objects.reach(reached, by=pair.mentee, at=now())
    Goal.objects.let_go(gone, by=pair.mentee, at=now())

    assert "reached or let go already" in press(mentor, "let_goal_go", reached)
    late = press(mentor, "reach_goal", gone)
    assert "reached or let go already" in late
    assert "Well done" not in late
    assert Goal.objects.get(pk=reached.pk).let_go_at is None
    assert Goal.objects.get(pk=gone.pk).reached_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=gone.pk).update(reached_at=now())


def test_a_stranger_lets_no_goal_go_and_nothing_is_let_go_in_a_pause(pair, mentee, sign_in):
    one = goal(pair, "Goal", at=now())
    stranger = sign_in(PersonFactory()).post(url("let_goal_go", pair.pk, one.pk))
    pair.pause(by=pair.mentor, at=now())
    paused = press(mentee, "let_goal_go", one)

    assert stranger.status_code == 404
    assert "is paused" in paused
    with pytest.raises(Relationship.Paused):
        Goal.objects.let_go(one, by=pair.mentee, at=now())
    assert Goal.objects.open().get() == one


def test_the_desk_and_a_new_task_leave_out_what_was_let_go(pair, mentor):
    gone, kept = goal(pair, "Gone", at=now()), goal(pair, "Kept", at=now())
    Goal.objects.let_go(gone, by=pair.mentor, at=now())
    (row,) = desk_of(pair.mentor, at=now()).rows
    form = mentor.get(url("set_task", pair.pk)).context["form"]

    assert [one.words for one in row.goals] == ["Kept"]
    assert [value for value, _words in form.fields["goal"].choices] == [kept.pk, ""]
    with pytest.raises(Goal.NotOpen):
        task(pair, "For nothing", goal=gone, at=now())
    assert f"goal-{gone.pk}" not in {one.name for one in written_by(pair.mentee, pair, at=now())}


def test_tasks_rest_with_a_goal_that_was_let_go_and_wait_again_with_it(pair, mentee):
    one, yesterday = goal(pair, "Goal", at=now()), localdate(now() - DAY)
    task(pair, "Ask the clerk", goal=one, due_on=yesterday, at=now())
    assert late_tasks_of(pair.mentee) == 1
    press(mentee, "let_goal_go", one)
    page = page_of(mentee, pair)

    assert late_tasks_of(pair.mentee) == 0
    assert "rests while the goal is let go" in page
    assert "c-late" not in page
    assert "/tasks/" not in page.partition("Ask the clerk")[2].partition("</li>")[0]
    for number in range(5):
        task(pair, f"Task {number}", at=now())
    press(mentee, "let_goal_go", one, again="yes")
    assert late_tasks_of(pair.mentee) == 1
    assert "c-late" in page_of(mentee, pair)


def test_a_goal_that_was_let_go_stays_behind_when_a_pair_is_handed_over(pair, mentee):
    gone, open_ = goal(pair, "Gone", at=now()), goal(pair, "Goes along", at=now())
    task(pair, "Was for the goal that goes along", goal=open_, at=now())
    Goal.objects.let_go(gone, by=pair.mentee, at=now())
    new = MentorProfileFactory()
    words = {"words": "", "language": "en", "goals": True, "token": uuid4()}
    one = handing.propose(pair, new, by=pair.mentee, at=now(), **words)
    handing.accept(one, by=new.person, at=now())
    page = page_of(mentee, pair)

    assert [row.relationship_id == pair.pk for row in (gone, Goal.objects.get(pk=open_.pk))] == [
        True,
        False,
    ]
    assert "Let go on" in page
    assert "Was for the goal that goes along" in page


def test_what_one_takes_along_says_which_goals_were_let_go(pair):
    one = goal(pair, "Goal", at=now())
    Goal.objects.let_go(one, by=pair.mentee, at=now())
    (mine,) = hooks.exports["relationships"](pair.mentee)

    assert mine["goals"][0]["let_go_at"] == one.let_go_at


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Use 300 characters or fewer. You have written 301"),
        ("cy", "Defnyddiwch 300 nod neu lai. Rydych wedi ysgrifennu 301"),
    ],
)
def test_a_goal_that_is_too_long_is_told_beside_its_field_and_above_and_kept(
    pair, mentee, language, words
):
    with override(language):
        address = url("set_goal", pair.pk)
    said = {"words": "x" * 301, "language": "en", "token": str(uuid4())}
    page = mentee.post(address, said).content.decode()

    assert page.count(words) == 2
    assert "x" * 301 in page
    assert not Goal.objects.exists()
