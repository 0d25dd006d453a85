"""Making an account: what the pages say, what they must not say, and what the mail carries."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from academy.letters import compose
from academy.models import Notification, Person
from academy.sign_in_mail import CHANGES
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "three unlikely walnuts"
NEWCOMER = {
    "name": "Mared Puw",
    "email": "mared@wales.nhs.uk",
    "password1": PASSWORD,
    "language": "cy",
}


def sign_up(client, **said):
    return client.post(reverse("account_signup"), {**NEWCOMER, **said})


def link_in(notification):
    return re.search(r"https?://[^/\s]+(/\S+)", compose(notification).body).group(1)


def test_a_newcomer_makes_an_account_and_reads_about_it_in_the_language_they_chose(visitor):
    organisation = OrganisationFactory()

    answer = sign_up(visitor, organisation=organisation.pk, team="Ward 4", line_manager_email="")

    person = Person.objects.get(email="mared@wales.nhs.uk")
    letter = Notification.objects.get()
    assert answer.url == reverse("account_email_verification_sent")
    assert (person.name, person.language, person.approved_at) == ("Mared Puw", "cy", None)
    assert person.memberships.get().organisation == organisation
    assert (letter.kind, letter.listed, letter.languages()) == (
        "academy.confirm_address",
        False,
        ["cy"],
    )
    assert link_in(letter).startswith("/cy/cyfrif/ebost/cadarnhau/")


def test_no_key_stands_in_the_outbox(visitor):
    sign_up(visitor)

    assert Notification.objects.get().facts == {"address": EmailAddress.objects.get().pk}


def test_opening_the_link_confirms_nothing_and_the_button_does(visitor):
    sign_up(visitor)
    link = link_in(Notification.objects.get())
    scanner, reader = Client(), Client()

    scanner.get(link)
    scanner.head(link)
    page = reader.get(link)

    assert not EmailAddress.objects.get().verified
    assert "mared@wales.nhs.uk" in page.content.decode()

    reader.post(link)

    assert EmailAddress.objects.get().verified
    assert Person.objects.get().approved_at is not None


def test_a_second_sign_up_looks_like_the_first_and_the_mail_tells_the_holder(visitor):
    PersonFactory(email="mared@wales.nhs.uk")

    known = sign_up(visitor)
    unknown = sign_up(Client(), email="somebody.new@wales.nhs.uk")
    told = Notification.objects.get(address="mared@wales.nhs.uk")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert visitor.get(known.url).content.count(b"<p") > 0
    assert told.kind == "academy.account_exists"
    assert Person.objects.filter(email="mared@wales.nhs.uk").count() == 1


def test_asking_for_a_new_password_never_says_whether_there_is_an_account(visitor):
    PersonFactory(email="mared@wales.nhs.uk")

    known = visitor.post(reverse("account_reset_password"), {"email": "mared@wales.nhs.uk"})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@wales.nhs.uk"})

    kinds = set(Notification.objects.values_list("kind", flat=True))
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert kinds == {"academy.reset_password", "academy.no_account"}


def test_the_link_to_a_new_password_is_made_when_it_is_sent_and_works_once(visitor):
    person = PersonFactory(email="mared@wales.nhs.uk")
    visitor.post(reverse("account_reset_password"), {"email": person.email})
    letter = Notification.objects.get()
    link = link_in(letter)

    form = visitor.get(link, follow=True).redirect_chain[-1][0]
    visitor.post(form, {"password1": PASSWORD})
    person.refresh_from_db()
    again = Client().get(link, follow=True)

    assert letter.facts == {}
    assert person.check_password(PASSWORD)
    assert "used or is too old" in again.content.decode()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12"),
        ("password123456", "common"),
        ("mared@wales.nhs.uk", "similar"),
        ("ImprovementCwtsh1", "name of this site"),
        ("x" * 129, "128"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_in_words(visitor, password, why):
    page = sign_up(visitor, password1=password)

    assert why in page.content.decode()
    assert not Person.objects.exists()


def test_a_refused_form_gives_back_what_was_typed(visitor):
    page = sign_up(visitor, password1="tooeasy", team="Uned Gofal Dwys").content.decode()

    assert 'value="Mared Puw"' in page
    assert 'value="Uned Gofal Dwys"' in page
    assert "tooeasy" not in page


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("a@wales.nhs.uk", True),
        ("a@nhs.uk", True),
        ("a@fakenhs.uk", False),
        ("a@nhs.uk.example.com", False),
        ("a@example.org", False),
    ],
)
def test_only_known_mail_domains_open_an_account_at_once(visitor, address, opens):
    sign_up(visitor, email=address)
    key = EmailConfirmationHMAC(EmailAddress.objects.get()).key

    visitor.post(reverse("account_confirm_email", args=[key]))

    assert (Person.objects.get().approved_at is not None) is opens


@pytest.mark.parametrize("code", ["en", "cy"])
@pytest.mark.parametrize(
    "kind", ["confirm_address", "reset_password", "account_exists", "no_account"]
)
def test_each_message_about_signing_in_can_be_made_in_both_languages(kind, code):
    person = PersonFactory(language=code)
    EmailAddress.objects.update(verified=False)
    facts = {"address": EmailAddress.objects.get().pk}
    letter = Notification.objects.post(
        f"academy.{kind}", key="1", to=person, facts=facts, at=person.joined_at
    )

    mail = compose(letter)

    assert f"/{code}/" in mail.body
    with override(code):
        assert mail.subject


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_what_is_missing_is_named(visitor, name):
    page = visitor.post(reverse(name), {}).content.decode()

    assert "This field is required" not in page
    assert "Enter your e-mail address" in page


def test_every_notice_allauth_can_send_has_its_words():
    folder = Path(allauth.__file__).parent / "templates"
    notices = {
        file.name.removesuffix("_message.txt")
        for file in folder.rglob("*_message.txt")
        if "base_notification" in file.read_text()
    }

    assert notices <= set(CHANGES)


def test_a_change_to_an_account_is_told_by_mail(sign_in):
    person = PersonFactory(language="en")
    said = {"oldpassword": "correct horse battery", "password1": PASSWORD}

    sign_in(person).post(reverse("account_change_password"), said)

    letter = Notification.objects.get(kind="academy.account_changed")
    assert letter.facts == {"what": "password_changed"}
    assert "Your password was changed." in compose(letter).body


def test_who_came_to_book_arrives_there_after_confirming_and_signing_in(visitor):
    course = "/courses/falls/book/"
    visitor.post(f"{reverse('account_signup')}?next={course}", {**NEWCOMER, "next": course})
    link = link_in(Notification.objects.get())
    elsewhere = Client()

    shown = elsewhere.get(link)
    confirmed = elsewhere.post(
        link.partition("?")[0], {"next": shown.context["redirect_field_value"]}
    )
    with override("cy"):
        signing_in = f"{reverse('account_login')}?next=%2Fcourses%2Ffalls%2Fbook%2F"
    said = {"login": NEWCOMER["email"], "password": PASSWORD, "next": course}

    assert confirmed.url == signing_in
    assert elsewhere.post(confirmed.url, said).url == course


@pytest.mark.parametrize(
    "next_",
    ["https://evil.example/", "//evil.example/", "evil", "/\\evil.example", "/" + "x" * 400],
)
def test_no_other_address_travels_with_the_mail(visitor, next_):
    sign_up(visitor, next=next_)

    assert "then" not in Notification.objects.get().facts
    assert "next=" not in link_in(Notification.objects.get())


def test_two_wrong_addresses_are_told_apart(visitor):
    page = sign_up(visitor, email="mared", line_manager_email="boss")

    wrong = page.context["form"].errors
    assert "line manager" in wrong["line_manager_email"][0]
    assert "line manager" not in wrong["email"][0]
