"""A person's own account: details, language, people to keep apart, taking data, going."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from academy import hooks, leaving
from academy.models import AuditEvent, Conflict, Notification, Person
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def confirmed(person):
    """A client whose person has just given their password."""
    client = Client()
    said = {"login": person.email, "password": "correct horse battery"}
    client.post(reverse("account_login"), said)
    client.post(reverse("account_reauthenticate"), said)
    return client


def test_a_person_says_where_they_work_now(sign_in, person):
    MembershipFactory(person=person)
    new = OrganisationFactory()
    said = {"name": "Eleri", "job_role": "Nurse", "organisation": new.pk, "team": "A&E"}

    sign_in(person).post(reverse("my_details"), said)

    person.refresh_from_db()
    assert (person.name, person.job_role) == ("Eleri", "Nurse")
    assert person.memberships.current().get().organisation == new
    assert person.memberships.count() == 2


def test_a_person_chooses_the_language_of_messages(sign_in, person):
    sign_in(person).post(reverse("choose_language"), {"language": "cy"})

    person.refresh_from_db()
    assert (person.language, person.language_chosen_at is not None) == ("cy", True)


def test_naming_somebody_to_keep_apart_says_the_same_whether_or_not_they_are_here(sign_in, person):
    PersonFactory(email="boss@wales.nhs.uk")
    client = sign_in(person)

    pages = [
        client.post(reverse("conflicts"), {"email": address}, follow=True).content
        for address in ("boss@wales.nhs.uk", "nobody@wales.nhs.uk")
    ]

    heart = [page.split(b"<main")[1].split(b"csrfmiddleware")[0] for page in pages]
    assert heart[0] == heart[1]
    assert Conflict.objects.get().other.email == "boss@wales.nhs.uk"

    client.post(reverse("conflicts"), {"email": "BOSS@wales.nhs.uk", "take_back": "1"})
    assert not Conflict.objects.exists()


def test_taking_one_s_data_asks_for_the_password_first(sign_in, person):
    answer = sign_in(person).get(reverse("export"))

    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_a_person_takes_everything_every_part_of_the_academy_holds(person):
    MembershipFactory(person=person, team="Ward 9")

    answer = confirmed(person).get(reverse("export"))

    data = json.loads(answer.content)
    assert set(data) == set(hooks.exports)
    assert data["academy"]["memberships"][0]["team"] == "Ward 9"
    assert "attachment" in answer["Content-Disposition"]


def test_closing_an_account_asks_first_and_then_signs_out_for_good(person):
    client = confirmed(person)

    assert "Your places" in client.get(reverse("deactivate")).content.decode()
    person.refresh_from_db()
    assert person.is_active

    client.post(reverse("deactivate"))

    person.refresh_from_db()
    assert not person.is_active
    assert "/sign-in/" in client.get(reverse("account")).url
    assert Notification.objects.get(kind="academy.account_closed").address == person.email


def test_deletion_waits_for_the_days_of_grace(person):
    confirmed(person).post(reverse("ask_for_deletion"))
    asked = Person.objects.get(pk=person.pk).deletion_asked_at

    assert leaving.erase_due(at=asked + timedelta(days=13)) == 0
    assert Person.objects.get(pk=person.pk).name == person.name
    assert leaving.erase_due(at=asked + timedelta(days=14)) == 1
    assert leaving.erase_due(at=asked + timedelta(days=15)) == 0


def test_one_who_cannot_be_erased_stops_nobody_else(monkeypatch):
    stuck, free = PersonFactory(), PersonFactory()
    for one in (stuck, free):
        one.ask_for_deletion(at=AT)

    def refuse(one, *, at):
        if one.pk == stuck.pk:
            raise LookupError

    monkeypatch.setattr(leaving.hooks, "erasers", [(1, refuse), *leaving.hooks.erasers])

    with pytest.raises(LookupError):
        leaving.erase_due(at=AT + leaving.GRACE)

    assert Person.objects.get(pk=free.pk).email == f"erased-{free.pk}@invalid"
    assert Person.objects.get(pk=stuck.pk).email == stuck.email


def test_an_erased_person_leaves_no_name_and_no_address_behind(person):
    MembershipFactory(person=person, line_manager_email="boss@example.org")
    Conflict.objects.create(person=PersonFactory(), other=person, declared_at=AT)
    person.ask_for_deletion(at=AT)

    leaving.erase_due(at=AT + leaving.GRACE)

    person.refresh_from_db()
    assert (person.email, person.is_active, person.has_usable_password()) == (
        f"erased-{person.pk}@invalid",
        False,
        False,
    )
    assert not person.memberships.exists()
    assert not person.emailaddress_set.exists()
    assert not Conflict.objects.exists()
    assert AuditEvent.objects.filter(verb="erased", object_id=str(person.pk)).exists()


def test_an_eraser_that_fails_leaves_the_person_whole(person, monkeypatch):
    def broken(person, *, at):
        raise RuntimeError

    monkeypatch.setattr(hooks, "erasers", [*hooks.erasers, (999, broken)])
    MembershipFactory(person=person)
    person.ask_for_deletion(at=AT)

    with pytest.raises(RuntimeError):
        leaving.erase_due(at=AT + leaving.GRACE)

    assert person.memberships.exists()


@pytest.mark.parametrize("code", ["en", "cy"])
@pytest.mark.parametrize(
    "name",
    [
        "account",
        "my_details",
        "choose_language",
        "conflicts",
        "account_privacy",
        "account_email",
        "account_change_password",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "usersessions_list",
        "socialaccount_connections",
        "account_logout",
        "deactivate",
        "ask_for_deletion",
    ],
)
def test_each_page_of_an_account_opens_in_both_languages(person, name, code):
    client = confirmed(person)
    with override(code):
        path = reverse(name)

    answer = client.get(path)

    assert answer.status_code == 200, getattr(answer, "url", "")
    assert f'lang="{code}"' in answer.content.decode()
    assert "style=" not in answer.content.decode().split("<main")[1]
