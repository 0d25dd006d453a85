"""Whom a round found somebody for: by group, and never so small that it is about somebody."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connections import tasks
from connections.actions import asking, publishing, rounds
from connections.models import StillThere, fairness
from connections.models.fairness import SMALL, SMALLEST, Group, grouped
from connections.views.fairness import _tables as tables
from tests.factories import MembershipFactory, OrganisationFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import LONG_AGO as AT


def people(**sizes):
    return [(key, number % 2 == 0) for key, many in sizes.items() for number in range(many)]


def test_groups_of_eight_stand_alone_and_smaller_ones_together():
    told = grouped(people(large=20, middle=8, small=5, smaller=4))

    assert [(group.key, group.asked) for group in told] == [
        ("large", 20), ("middle", 8), (SMALL, 9),
    ]  # fmt: skip


def test_one_small_group_cannot_be_worked_out_from_the_rest():
    told = grouped(people(large=20, middle=9, small=3))

    assert [(group.key, group.asked) for group in told] == [("large", 20), (SMALL, 12)]


def test_where_only_one_group_could_be_shown_none_is():
    assert grouped(people(large=20, small=3)) == []
    assert grouped(people(all=20)) == []
    assert grouped(people(a=3, b=4)) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(st.integers(1, 30), max_size=8))
def test_every_row_and_the_rest_beside_it_are_of_eight_or_more(sizes):
    told = grouped(people(**{f"g{number}": many for number, many in enumerate(sizes)}))

    total = sum(sizes)
    assert all(min(group.asked, total - group.asked) >= SMALLEST for group in told)
    assert not told or sum(group.asked for group in told) == total


@pytest.mark.parametrize(
    ("asked", "found", "share"),
    [(200, 199, 99), (200, 200, 100), (1000, 1, 1), (1000, 0, 0), (22, 14, 64), (30, 10, 33)],
)
def test_all_is_only_all_none_is_only_none_and_the_rest_is_rounded_to_the_nearest(
    asked, found, share
):
    assert Group("a", asked, found).share == share


@pytest.fixture
def spring(db, staff):
    """Twelve of one board asked and were found; ten of another, most of them left out."""
    topic, coordinator = TopicFactory(), staff("coordinator")
    north, south = OrganisationFactory(name_en="North"), OrganisationFactory(name_en="South")
    for number in range(22):
        board, offered = (north, topic) if number < 12 else (south, TopicFactory())
        request = MentoringRequestFactory(methods=[topic if number < 14 else offered])
        MembershipFactory(person=request.mentee, organisation=board, team="")
        request.mentee.job_role = "Nurse " if number % 2 else "nurse"
        request.mentee.save(update_fields=["job_role"])
    MentorProfileFactory.create_batch(7, methods=[topic], capacity=2)
    made = rounds.draw_up("Spring", by=coordinator, seed=7, at=AT)
    rounds.start(made, by=coordinator, at=AT)
    tasks.solve_round(round=made.pk)
    made.refresh_from_db()
    return made


def shown(report, dimension):
    return [
        (str(getattr(report.names.get(g.key), "name", g.key)), g.asked, g.found)
        for g in report.groups[dimension]
    ]


def test_a_report_counts_who_asked_and_for_whom_somebody_was_found(spring):
    report = fairness.report(spring)

    assert (report.everybody.asked, report.everybody.found) == (22, 14)
    assert shown(report, "organisation") == [("North", 12, 12), ("South", 10, 2)]
    assert report.groups["job_role"] == report.groups["language"] == []


def test_once_published_who_had_gone_on_by_themselves_is_neither_found_nor_missed(
    spring, staff, sign_in
):
    lost, herself = spring.pairs.order_by("pk").first(), spring.left_outs.order_by("pk").first()
    asking.withdraw(lost.request, at=AT)
    asking.ask(herself.request, MentorProfileFactory(), at=AT)
    full = spring.pairs.order_by("pk").last().profile
    full.__class__.objects.filter(pk=full.pk).update(places_taken=full.capacity)
    theirs = spring.pairs.filter(profile=full).exclude(pk=lost.pk).count()

    coordinator = staff("coordinator")
    publishing.publish(spring, by=coordinator, at=AT)
    tasks.publish_round(round=spring.pk)
    spring.refresh_from_db()
    page = sign_in(coordinator).get(reverse("connections:fairness", args=[spring.pk]))

    everybody = fairness.report(spring).everybody
    assert (everybody.asked, everybody.found) == (20, 13 - theirs)
    assert "Whoever had found somebody themselves" in page.content.decode()


def test_a_coordinator_sees_the_report_and_downloads_the_same_rows(spring, staff, sign_in):
    desk = sign_in(staff("coordinator"))

    page = desk.get(reverse("connections:fairness", args=[spring.pk])).content.decode()
    file = desk.get(reverse("connections:fairness_export", args=[spring.pk])).content

    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert "22 people asked; somebody was found for 14." in page
    assert "2 of 10" in page
    assert ">All 12<" in page
    assert page.count('class="c-bar__taken" width="240"') == 1
    assert rows[1:] == [
        ["Everybody", "", "22", "14", "64"],
        ["By organisation", "North", "12", "12", "100"],
        ["By organisation", "South", "10", "2", "20"],
    ]


def test_of_a_few_people_nothing_is_shown_and_nothing_downloaded(db, staff, sign_in):
    coordinator, topic = staff("coordinator"), TopicFactory()
    MentoringRequestFactory.create_batch(7, methods=[topic])
    made = rounds.draw_up("Few", by=coordinator, at=AT)
    rounds.start(made, by=coordinator, at=AT)
    tasks.solve_round(round=made.pk)
    desk = sign_in(coordinator)

    page = desk.get(reverse("connections:fairness", args=[made.pk])).content.decode()
    file = desk.get(reverse("connections:fairness_export", args=[made.pk])).content

    assert "nothing is shown" in page
    assert file.decode("utf-8-sig").count("\n") == 1


@pytest.mark.parametrize("many", [9, 27])
def test_the_report_costs_the_same_however_many(db, staff, many, django_assert_num_queries):
    coordinator = staff("coordinator")
    MentoringRequestFactory.create_batch(many)
    made = rounds.draw_up("Many", by=coordinator, at=AT)
    rounds.start(made, by=coordinator, at=AT)
    tasks.solve_round(round=made.pk)
    made.refresh_from_db()

    with django_assert_num_queries(1):  # people; organisations only where there are any
        fairness.report(made)


def test_a_bar_is_as_long_as_the_share_that_is_told():
    """Of 150 one was left out: the bar is not full, and as long as the 99 of the file says."""
    named = {name: [Group(fairness.UNKNOWN, 150, 149)] for name in fairness.DIMENSIONS}
    report = fairness.Report(Group("", 150, 149), named, {})

    bars = {row["bar"] for table in tables(report) for row in table["rows"]}

    assert bars == {240 * 99 // 100}


def test_who_asked_and_who_was_asked_are_two_words_in_welsh(spring, staff, sign_in):
    desk = sign_in(staff("coordinator"))
    StillThere.objects.create(profile=MentorProfileFactory(), asked_at=now())

    with override("cy"):
        fair = desk.get(reverse("connections:fairness", args=[spring.pk])).content.decode()
        quiet = desk.get(reverse("connections:quiet_mentors")).content.decode()

    assert '<th scope="col">Wedi gofyn</th>' in fair
    assert '<th scope="col">Gofynnwyd</th>' in quiet
    assert "Wedi gofyn" not in quiet
