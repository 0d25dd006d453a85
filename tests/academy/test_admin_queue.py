"""The first page of staff: what waits for this person, oldest first, and nothing of others."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from academy.admin_site import age
from academy.hooks import Queue
from academy.models import Heartbeat, Notification, Organisation
from academy.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    CURATOR,
    ORGANISATION_LEAD,
    SAFEGUARDING_LEAD,
)
from tests.factories import PersonFactory, StaffFactory
from tests.factories.capability import CohortFactory, CourseFactory
from tests.factories.conditions import ApproachFactory

pytestmark = pytest.mark.django_db
FRONT = "/admin/"


def piles(response):
    return {str(pile.label): pile.count for pile, _days in response.context["waiting"]}


def park(*, days):
    at = now() - timedelta(days=days)
    letter = Notification.objects.post(
        "academy.account_open", key=f"parked-{days}", to=PersonFactory(), at=at
    )
    Notification.objects.filter(pk=letter.pk).update(state="parked", why="550")
    return letter


def test_an_administrator_sees_what_could_not_be_sent_and_since_when(sign_in):
    Heartbeat.stamp("worker", at=now())
    park(days=3)
    park(days=1)

    response = sign_in(StaffFactory(role=ADMINISTRATOR)).get(FRONT)

    ((pile, days),) = response.context["waiting"]
    assert (str(pile.label), pile.count, days) == ("Messages that could not be sent", 2, 3)
    assert pile.url in response.text


@pytest.mark.parametrize("month", [7, 11])
def test_what_came_yesterday_evening_is_of_yesterday_at_half_past_midnight(month):
    def wales(day, hour):
        return datetime(2026, month, day, hour, 30, tzinfo=ZoneInfo("Europe/London"))

    pile = Queue("Any", "/", 1, wales(26, 22).astimezone(UTC))

    assert [age(pile, wales(26, 23)), age(pile, wales(27, 0)), age(pile, wales(28, 0))] == [0, 1, 2]


def test_a_silent_worker_is_said(sign_in):
    assert "Messages wait: the worker that sends them is silent" in piles(
        sign_in(StaffFactory(role=ADMINISTRATOR)).get(FRONT)
    )


def test_a_curator_sees_content_that_needs_a_hand_oldest_first(sign_in):
    at = now()
    long_ago = at - timedelta(days=50)
    CourseFactory(published=False, title_cy="", en_changed_at=at - timedelta(days=20))
    ApproachFactory(en_changed_at=at - timedelta(days=9), cy_changed_at=long_ago)
    ApproachFactory(reviewed_on=localdate() - timedelta(days=400))
    CourseFactory(
        title_cy="",
        one_language_until=localdate() - timedelta(days=2),
        one_language_reason="The translator is ill.",
    )

    response = sign_in(StaffFactory(role=CURATOR)).get(FRONT)

    assert [str(pile.label) for pile, _days in response.context["waiting"]] == [
        "Approaches: not reviewed for a year",
        "Courses: Welsh missing",
        "Approaches: Welsh older than the English",
        "Courses: time to add the other language",
    ]
    for pile, _days in response.context["waiting"]:
        found = sign_in(StaffFactory(role=CURATOR)).get(pile.url)
        assert found.context["cl"].result_count == pile.count


def test_a_curator_sees_cohorts_that_fill_slowly(sign_in):
    soon = now() + timedelta(days=10)
    CohortFactory(starts_at=soon, places=10)
    CohortFactory(starts_at=now() + timedelta(days=60), places=10)

    response = sign_in(StaffFactory(role=CURATOR)).get(FRONT)

    assert piles(response) == {"Cohorts that start soon with few bookings": 1}
    url = reverse("admin:capability_cohort_changelist")
    assert sign_in(StaffFactory(role=CURATOR)).get(f"{url}?few=1").context["cl"].result_count == 1


@pytest.mark.parametrize("role", [COORDINATOR, CURATOR, ORGANISATION_LEAD, SAFEGUARDING_LEAD])
def test_nobody_sees_the_piles_of_another_role(sign_in, role):
    park(days=3)

    response = sign_in(StaffFactory(role=role)).get(FRONT)

    assert "Messages that could not be sent" not in piles(response)
    assert "Messages that could not be sent" not in {
        str(pile.label) for pile in response.context["quiet"]
    }


def test_without_work_the_page_says_so(sign_in):
    response = sign_in(StaffFactory(role=ORGANISATION_LEAD)).get(FRONT)

    assert "Nothing waits for you" in response.text


@pytest.mark.parametrize("many", [1, 3])
def test_the_front_page_costs_the_same_however_much_waits(
    sign_in, many, django_assert_max_num_queries
):
    CourseFactory.create_batch(many, published=False, title_cy="")
    client = sign_in(StaffFactory(role=CURATOR))
    client.get(FRONT)

    # session, person, groups, second factor, permissions, four piles of content and courses, log
    with django_assert_max_num_queries(14):
        client.get(FRONT)


def test_whose_language_is_both_chooses_one_for_the_staff_pages(sign_in):
    curator = StaffFactory(role=CURATOR, language="both")
    client = sign_in(curator)
    assert 'lang="en"' in client.get(FRONT).text

    answer = client.post(
        reverse("admin:language"), {"language": "cy", "next": "/admin/academy/topic/"}
    )

    assert answer.url == "/admin/academy/topic/"
    assert '<html lang="cy"' in client.get(FRONT).text


def test_whose_language_is_one_gets_that_one_and_may_switch_until_they_sign_out(sign_in):
    person = StaffFactory(role=CURATOR, language="en")
    client = sign_in(person)

    page = client.get(FRONT).text
    client.post(reverse("admin:language"), {"language": "cy", "next": FRONT})

    assert '<html lang="en"' in page
    assert ">Cymraeg<" in page.replace(" ", "").replace("\n", "")
    assert '<html lang="cy"' in client.get(FRONT).text
    assert '<html lang="en"' in sign_in(person).get(FRONT).text


def test_the_switch_leads_nowhere_else(sign_in):
    client = sign_in(StaffFactory(role=CURATOR, language="both"))

    answer = client.post(
        reverse("admin:language"), {"language": "xx", "next": "https://example.com/"}
    )

    assert answer.url == FRONT
    assert "language" not in answer.cookies
    assert Organisation.objects.count() == 0
