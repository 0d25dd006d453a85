"""The register of coaches says how many hours of CPD each has logged, and nothing of the words."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from connections.models import LogLine
from connections.models.log import first_of_april, year_of
from connections.models.register import dated, lines, visible_to
from tests.factories import PersonFactory
from tests.factories.coaches import coach, logged, supervisor
from tests.factories.people import LONG_AGO as AT

pytestmark = pytest.mark.django_db
HIDDEN = "What weighed on me"


@pytest.fixture
def learner():
    """A coach who has logged an hour and a half since April, and an hour before it."""
    person, april = coach(name="A"), first_of_april(year_of(localdate()))
    logged(person, HIDDEN, kind="supervision", minutes=60, done_on=april)
    logged(person, HIDDEN, kind="alone", minutes=30, done_on=localdate())
    logged(person, HIDDEN, kind="alone", minutes=60, done_on=april - timedelta(days=1))
    return person


def cells(page, label):
    """What stands in this column of the register, row by row."""
    return [part.partition("</td>")[0] for part in page.split(f'data-label="{label}">')[1:]]


def test_every_kind_of_learning_counts_as_cpd_in_the_working_year_alone():
    busy, idle, leads = coach(name="A"), coach(name="B"), supervisor(name="Z")
    year = year_of(localdate(AT))
    for number, kind in enumerate(LogLine.Kind.values):
        logged(busy, "x", kind=kind, minutes=20 + number, done_on=date(year, 4, 1))
    logged(busy, "x", kind="alone", minutes=600, done_on=date(year, 3, 31))
    logged(busy, "x", kind="alone", minutes=600, done_on=date(year + 1, 4, 1))
    logged(leads, "x", kind="alone", minutes=100, done_on=date(year, 5, 1))

    first, second, third = lines(dated(visible_to(leads), at=AT).order_by("name"), at=AT)

    assert [one.person for one in (first, second, third)] == [busy, idle, leads]
    assert [one.cpd for one in (first, second, third)] == [20 + 21 + 22 + 23, 0, 100]
    assert [one.cpd_hours for one in (first, second, third)] == [1.43, 0, 1.67]
    assert first.cpd == LogLine.objects.totals(busy, year=year).all


@pytest.mark.parametrize("role", ["coordinator", "supervisor"])
def test_whoever_cares_for_coaches_reads_their_cpd_hours_and_no_word_of_it(
    sign_in, staff, learner, role
):
    client = sign_in(staff(role) if role == "coordinator" else supervisor(name="Z"))
    addresses = (
        reverse("connections:register"),
        reverse("connections:coach", args=[learner.pk]),
        reverse("connections:register_export"),
    )

    table, page, file = (client.get(one).content.decode("utf-8-sig") for one in addresses)
    rows = {row["Name"]: row["CPD hours since April"] for row in csv.DictReader(io.StringIO(file))}

    assert cells(table, "CPD since April")[0] == "1 h 30 min"
    assert "CPD in all: 1 h 30 min" in page
    assert rows["A"] == "1.5"
    assert not any(HIDDEN in one for one in (table, page, file))


def test_a_coach_reads_the_same_cpd_hours_on_their_own_pages(sign_in, learner):
    client = sign_in(learner)

    for name in ("practice", "log"):
        said = client.get(reverse(f"connections:{name}")).content.decode()
        assert "<dt>CPD in all</dt><dd>1 h 30 min</dd>" in said


def test_nobody_else_reads_a_coachs_cpd_hours(sign_in, learner):
    for reader in (PersonFactory(), coach(name="B"), learner):
        client = sign_in(reader)
        for name, args in (("register", []), ("register_export", []), ("coach", [learner.pk])):
            assert client.get(reverse(f"connections:{name}", args=args)).status_code in (403, 404)
