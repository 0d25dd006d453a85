"""A line manager sees counts a mentee chose to show, and otherwise not even that there is a pair."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from academy import hooks
from academy.letters import compose
from academy.models import Membership, Notification
from connections.models import ManagerConsent, Relationship
from tests.factories import MembershipFactory, PersonFactory
from tests.factories.relationships import current, goal, met, noted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEAM = "connections:team"


@pytest.fixture
def manager():
    return PersonFactory(name="Mererid")


@pytest.fixture
def pair(manager):
    pair = current(at=now() - 60 * DAY)
    MembershipFactory(person=pair.mentee, line_manager=manager)
    met(pair, at=now() - 30 * DAY, minutes=60, summary="CANARY-note")
    met(pair, at=now() - 10 * DAY, minutes=90)
    noted(pair, "CANARY-shared", at=now() - 9 * DAY)
    goal(pair, "CANARY-goal", at=now() - 9 * DAY)
    return pair


def page(client):
    return client.get(reverse(TEAM)).content.decode()


def give(pair, at=None):
    return ManagerConsent.objects.give(pair, by=pair.mentee, at=at or now())


def test_without_a_yes_there_is_nothing_to_see(pair, manager, sign_in):
    assert pair.mentee.name not in page(sign_in(manager))


def test_with_a_yes_they_see_counts_and_nothing_else(pair, manager, sign_in):
    give(pair)
    seen = page(sign_in(manager))

    assert pair.mentee.name in seen
    for shown in (">2<", ">3<", "Mentoring"):
        assert shown in seen
    for hidden in (pair.mentor.name, "CANARY", "check-in", str(pair.get_absolute_url())):
        assert hidden not in seen
    assert sign_in(manager).get(pair.get_absolute_url()).status_code == 404


def test_a_yes_taken_back_leaves_nothing(pair, manager, sign_in):
    client, address = sign_in(pair.mentee), reverse("connections:manager_consent", args=[pair.pk])
    for _twice in range(2):
        client.post(address, {"answer": "yes"})
    assert ManagerConsent.objects.given().count() == 1
    assert "Show nothing any more" in client.get(address).content.decode()
    client.post(address, {"answer": "no"})

    assert pair.mentee.name not in page(sign_in(manager))
    letter = Notification.objects.of(manager).get(kind="connections.manager_may_see")
    assert compose(letter) is None


def test_a_new_line_manager_is_not_told_and_the_old_one_sees_no_more(pair, manager, sign_in):
    give(pair)
    new = PersonFactory()
    Membership.objects.filter(person=pair.mentee).update(line_manager=new)

    assert pair.mentee.name not in page(sign_in(manager))
    assert pair.mentee.name not in page(sign_in(new))
    give(pair)
    assert pair.mentee.name in page(sign_in(new))


def test_the_end_ends_it(pair, manager, sign_in):
    give(pair)
    pair.end(by=pair.mentor, at=now())

    assert pair.mentee.name not in page(sign_in(manager))
    with pytest.raises(Relationship.Ended):
        give(pair)


def test_only_the_mentee_says_yes(pair, sign_in):
    address = reverse("connections:manager_consent", args=[pair.pk])
    for person in (pair.mentor, PersonFactory()):
        assert sign_in(person).post(address, {"answer": "yes"}).status_code == 404
    with pytest.raises(Relationship.Outsider):
        ManagerConsent.objects.give(pair, by=pair.mentor, at=now())
    assert not ManagerConsent.objects.exists()


def test_without_a_known_line_manager_the_page_says_so(sign_in):
    pair = current()
    client, address = sign_in(pair.mentee), reverse("connections:manager_consent", args=[pair.pk])

    assert "We do not know your line manager" in client.get(address).content.decode()
    client.post(address, {"answer": "yes"})
    assert not ManagerConsent.objects.exists()


def test_the_letter_tells_who_and_no_more(pair, manager):
    give(pair)
    letter = compose(Notification.objects.of(manager).get(kind="connections.manager_may_see"))

    assert pair.mentee.name in letter.body
    assert pair.mentor.name not in letter.body


def test_a_colleague_and_the_other_half_see_no_consent(pair, manager, sign_in):
    give(pair)
    for person in (pair.mentor, PersonFactory()):
        assert pair.mentee.name not in page(sign_in(person))
    assert hooks.exports["line_manager_consents"](pair.mentor) == []
    assert len(hooks.exports["line_manager_consents"](pair.mentee)) == 1


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_team_costs_the_same_however_many(manager, sign_in, many, django_assert_num_queries):
    for _number in range(many):
        pair = current(at=now() - 60 * DAY)
        MembershipFactory(person=pair.mentee, line_manager=manager)
        met(pair, at=now() - DAY)
        give(pair)
    client = sign_in(manager)

    with django_assert_num_queries(3):  # session, reader, rows
        assert page(client).count("<tr>") == many + 1
