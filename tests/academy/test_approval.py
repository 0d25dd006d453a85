"""People of mail domains we do not know: what they see while they wait, and how they are answered."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from academy import approvals
from academy.models import AuditEvent, Notification, Person
from tests.factories import MembershipFactory, PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db):
    return PersonFactory(email="new@elsewhere.example", approved_at=None, name="Newcomer Nest")


def test_a_person_who_waits_reads_what_visitors_read_and_keeps_their_account(sign_in, newcomer):
    client = sign_in(newcomer)

    home = client.get(reverse("home"))
    assert home.context["user"].is_authenticated is False
    assert reverse("account") in home.content.decode()
    assert client.get(reverse("notifications")).url == reverse("waiting")
    assert "looking at your account" in client.get(reverse("waiting")).content.decode()
    for name in ("account", "my_details", "choose_language", "account_privacy", "account_email"):
        assert client.get(reverse(name)).status_code == 200, name


def test_signing_in_tells_a_person_who_waits_that_they_do(visitor, newcomer):
    said = {"login": newcomer.email, "password": "correct horse battery"}

    assert visitor.post(reverse("account_login"), said).url == reverse("waiting")


def test_an_approved_person_has_no_waiting_page(sign_in, person):
    assert sign_in(person).get(reverse("waiting")).url == reverse("home")


def test_an_administrator_lets_a_person_in_and_they_hear_of_it(sign_in, newcomer, staff):
    MembershipFactory(person=newcomer)
    administrator = staff("administrator")
    client = sign_in(administrator)
    assert "Newcomer Nest" in client.get(reverse("approvals")).content.decode()

    client.post(reverse("approve", args=[newcomer.pk]))
    client.post(reverse("approve", args=[newcomer.pk]))

    newcomer.refresh_from_db()
    assert newcomer.approved_at is not None
    assert Notification.objects.get(person=newcomer).kind == "academy.account_open"
    assert AuditEvent.objects.get(verb="approved").actor_id == administrator.pk
    assert sign_in(newcomer).get(reverse("notifications")).status_code == 200


def test_an_administrator_turns_a_person_away_kindly(sign_in, newcomer, staff):
    client = sign_in(staff("administrator"))

    client.post(reverse("turn_away", args=[newcomer.pk]), {"reason": "Sells training"})

    newcomer.refresh_from_db()
    letter = Notification.objects.get(kind="academy.account_not_opened")
    assert not newcomer.is_active
    assert letter.address == newcomer.email
    assert "Sells training" not in str(letter.facts)
    assert AuditEvent.objects.get(verb="turned away").reason == "Sells training"


@pytest.mark.parametrize("role", ["curator", "coordinator", "organisation_lead"])
def test_other_staff_neither_see_nor_answer_the_queue(sign_in, newcomer, staff, role):
    client = sign_in(staff(role))

    assert client.get(reverse("approvals")).status_code == 403
    assert client.post(reverse("approve", args=[newcomer.pk])).status_code == 403
    newcomer.refresh_from_db()
    assert newcomer.approved_at is None


def test_the_queue_counts_only_confirmed_addresses(newcomer):
    PersonFactory(approved_at=None).emailaddress_set.update(verified=False)
    administrator = StaffFactory(role="administrator")

    [pile] = approvals.people_waiting(administrator, at=newcomer.joined_at)

    assert (pile.count, pile.oldest_at) == (1, newcomer.joined_at)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_queue_costs_the_same_however_long(sign_in, staff, many, django_assert_num_queries):
    for person in PersonFactory.create_batch(many, approved_at=None):
        MembershipFactory(person=person)
    client = sign_in(staff("administrator"))

    with django_assert_num_queries(5):  # session, reader, count, people, where they work
        answer = client.get(reverse("approvals"))

    assert answer.content.decode().count("<tr>") == many + 1


def test_who_closed_their_account_can_come_back_while_their_data_is_there(person, staff):
    administrator, at = staff("administrator"), now()
    person.ask_for_deletion(at=at)

    assert approvals.reopen(person, by=administrator, at=at)
    assert not approvals.reopen(person, by=administrator, at=at)

    assert person.is_active
    assert person.deletion_asked_at is None
    assert AuditEvent.objects.get(verb="reopened").actor == administrator


def test_who_was_erased_does_not_come_back(person, staff):
    Person.objects.filter(pk=person.pk).update(is_active=False, email=f"erased-{person.pk}@invalid")

    assert not approvals.reopen(person, by=staff("administrator"), at=now())
