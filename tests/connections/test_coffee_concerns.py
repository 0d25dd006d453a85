"""Coffee that goes wrong: a concern reaches the lead alone, and whoever cannot come reads what follows."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from connections.actions import coffee_seats
from connections.models import Concern
from tests.factories import PersonFactory
from tests.factories.coffee import CoffeeMemberFactory, seat_of, together

pytestmark = pytest.mark.django_db
PAGES = ("coffee", "coffee_choices", "leave_coffee", "cannot_come")


def url(name):
    return reverse(f"connections:{name}")


def text(response):
    return response.content.decode()


def having_coffee(*names):
    people = [CoffeeMemberFactory(person__name=name).person for name in names]
    together(*people, at=now())
    return people


def told(about):
    return {"about": about, "words": "It was not right", "language": "en", "token": str(uuid4())}


def test_a_concern_about_whom_one_had_coffee_with_reaches_the_safeguarding_lead(sign_in, staff):
    mair, tom = having_coffee("Mair", "Tom")
    mairs, lead = sign_in(mair), staff("safeguarding_lead")

    for name in PAGES:
        assert f'href="{url("report_from_coffee")}"' in text(mairs.get(url(name))), name
    assert "Tom" in text(mairs.get(url("report_from_coffee")))
    sent = mairs.post(url("report_from_coffee"), told(tom.pk))

    concern = Concern.objects.get()
    assert sent["Location"] == url("my_concerns")
    assert (concern.about, concern.reporter, concern.came_from) == (tom, mair, "coffee")
    assert "A coffee" in text(mairs.get(url("my_concerns")))
    page = text(sign_in(lead).get(reverse("connections:concern", args=[concern.pk])))
    assert "It was not right" in page
    assert "A coffee" in page


def test_nobody_is_named_whom_the_reporter_had_no_coffee_with(sign_in):
    mair, _tom = having_coffee("Mair", "Tom")
    stranger = CoffeeMemberFactory(person__name="Stranger").person
    client = sign_in(mair)

    page = text(client.get(url("report_from_coffee")))
    refused = client.post(url("report_from_coffee"), told(stranger.pk))
    client.post(url("report_from_coffee"), told(""))

    assert "Stranger" not in page
    assert refused.status_code == 200
    assert Concern.objects.get().about is None


@pytest.mark.parametrize(
    ("others", "follows"),
    [
        (["Tom"], "Tom would have nobody for coffee this month."),
        (["Tom", "Ann"], "The others still have their coffee, with each other."),
    ],
)
def test_whoever_cannot_come_reads_what_becomes_of_the_others(sign_in, others, follows):
    mair, *_others = having_coffee("Mair", *others)

    page = text(sign_in(mair).get(url("cannot_come")))

    assert follows in page
    assert ("would have nobody" in page) == (len(others) == 1)


@pytest.mark.parametrize("why", ["no seat", "given up", "alone", "met"])
def test_who_has_no_coffee_to_give_up_is_led_back(sign_in, why):
    mair, tom = having_coffee("Mair", "Tom")
    if why == "given up":
        coffee_seats.give_up(mair, at=now())
    elif why == "alone":
        coffee_seats.give_up(tom, at=now())
    elif why == "met":
        seat_of(mair).answer(met=True, at=now())
    client = sign_in(PersonFactory() if why == "no seat" else mair)

    assert client.get(url("cannot_come"))["Location"] == url("coffee")
