"""Signing in, its limits, and what stands between a person and a page once they are in."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from academy.models import Person
from academy.sessions import SessionStore
from tests.factories import PersonFactory, StaffFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXP"


def sign_in_with(client, person, password=PASSWORD, **extra):
    return client.post(
        reverse("account_login"), {"login": person.email, "password": password}, **extra
    )


def code_now():
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))


def is_in(client):
    return client.get(reverse("account")).status_code == 200


def test_the_right_password_lets_a_person_in(visitor, person):
    answer = sign_in_with(visitor, person)

    assert answer.url == reverse("home")
    assert is_in(visitor)


def test_a_next_address_elsewhere_is_not_followed(visitor, person):
    answer = visitor.post(
        reverse("account_login") + "?next=https://evil.example/",
        {"login": person.email, "password": PASSWORD, "next": "//evil.example/"},
    )

    assert answer.url == reverse("home")


def test_five_wrong_passwords_lock_the_account_whatever_address_is_claimed(visitor, person):
    for number in range(5):
        page = sign_in_with(visitor, person, "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
        assert "not correct" in page.content.decode()

    page = sign_in_with(visitor, person, PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9")

    assert "Too many" in page.content.decode()
    assert not is_in(visitor)


def test_one_ipv6_network_is_one_knocker(settings, person):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/d/ip"}
    statuses = [
        sign_in_with(Client(REMOTE_ADDR=f"2001:db8::{number}"), person, "wrong").status_code
        for number in (1, 2, 3)
    ]

    assert statuses == [200, 200, 429]


def test_too_many_knocks_are_answered_in_the_reader_s_language(settings, person):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/d/ip"}
    client = Client()
    said = {"login": person.email, "password": "wrong"}
    client.post("/cy/cyfrif/mewngofnodi/", said)

    answer = client.post("/cy/cyfrif/mewngofnodi/", said)

    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "Arhoswch ychydig" in answer.content.decode()


def test_an_unconfirmed_address_does_not_sign_in(visitor, person):
    EmailAddress.objects.update(verified=False)

    answer = sign_in_with(visitor, person)

    assert answer.url == reverse("account_email_verification_sent")
    assert not is_in(visitor)


def test_a_person_with_an_authenticator_app_is_asked_for_its_code(visitor, person):
    TOTP.activate(person, SECRET)

    first = sign_in_with(visitor, person)
    assert first.url == reverse("mfa_authenticate")
    assert not is_in(visitor)

    visitor.post(first.url, {"code": code_now()})
    assert is_in(visitor)


def test_a_code_works_once(person):
    TOTP.activate(person, SECRET)
    one, two = Client(), Client()
    code = code_now()
    for client in (one, two):
        sign_in_with(client, person)
        client.post(reverse("mfa_authenticate"), {"code": code})

    assert (is_in(one), is_in(two)) == (True, False)


def test_staff_without_a_second_factor_reach_enrolment_and_little_else(sign_in):
    curator = StaffFactory(role="curator")
    Authenticator.objects.all().delete()
    client = sign_in(curator)

    for name in ("home", "account", "admin:index", "notifications"):
        assert client.get(reverse(name)).url == reverse("mfa_index"), name
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("contact")).status_code == 200


def test_a_role_given_in_the_middle_of_a_session_asks_for_a_second_factor_at_once(sign_in, person):
    client = sign_in(person)
    assert client.get(reverse("account")).status_code == 200

    person.groups.add(Group.objects.get_or_create(name="coordinator")[0])

    assert client.get(reverse("account")).url == reverse("mfa_index")


def test_losing_a_role_ends_the_session_it_was_used_in():
    lead = StaffFactory(role="organisation_lead")
    Authenticator.objects.all().delete()
    TOTP.activate(lead, SECRET)
    client = Client()
    sign_in_with(client, lead)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert is_in(client)

    lead.groups.clear()

    assert client.get(reverse("account")).url.startswith(reverse("account_login"))


def test_a_closed_account_is_out_at_once_though_the_cookie_is_good(sign_in, person):
    client = sign_in(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert "/sign-in/" in client.get(reverse("account")).url


def test_a_changed_password_ends_every_other_session(sign_in, person):
    here, elsewhere = Client(), sign_in(person)
    sign_in_with(here, person)

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "three unlikely walnuts"},
    )

    assert (is_in(here), is_in(elsewhere)) == (True, False)


def age(client, **names):
    store = SessionStore(client.session.session_key)
    data = {**store.load(), **{name: at.timestamp() for name, at in names.items()}}
    row = store.model.objects.get(pk=store.session_key)
    row.session_data = store.encode(data)
    row.save()


@pytest.mark.parametrize(
    ("role", "idle", "stays"),
    [("curator", 29, True), ("curator", 31, False), (None, 31, True), (None, 481, False)],
)
def test_an_idle_session_ends_sooner_for_staff(sign_in, role, idle, stays):
    client = sign_in(StaffFactory(role=role) if role else PersonFactory())
    age(client, seen_at=datetime.now(UTC) - timedelta(minutes=idle))

    assert is_in(client) is stays


def test_a_session_in_use_still_ends_one_day(sign_in, person):
    client = sign_in(person)
    age(client, began_at=datetime.now(UTC) - timedelta(days=8))

    assert not is_in(client)


def test_signing_in_again_leads_back_to_the_page_that_was_asked_for(sign_in, person):
    client = sign_in(person)
    age(client, seen_at=datetime.now(UTC) - timedelta(hours=9))
    door = client.get(reverse("conflicts")).url

    answer = client.post(
        door, {"login": person.email, "password": PASSWORD, "next": reverse("conflicts")}
    )

    assert "next=" in door
    assert answer.url == reverse("conflicts")


def test_what_was_typed_into_an_ended_session_is_given_back(sign_in, person):
    client = sign_in(person)
    age(client, seen_at=datetime.now(UTC) - timedelta(hours=9))

    page = client.post(reverse("my_details"), {"name": "A new name, long thought about"})

    assert "A new name, long thought about" in page.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize(
    "path", ["/en/", "/en/nowhere/", "/en/account/", "/en/account/sign-in/", "/health/live"]
)
def test_every_answer_carries_its_headers(visitor, path):
    answer = visitor.get(path)

    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "X-Request-ID",
    ):
        assert answer[name], name
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_cookies_of_a_session_are_closed_to_scripts_and_other_sites(visitor, person):
    sign_in_with(visitor, person)

    for name in ("session", "csrf"):
        cookie = visitor.cookies.get(name)
        if cookie is not None:
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_the_doors_carry_the_academy_s_own_name(visitor, name):
    page = visitor.get(reverse(name)).content.decode()

    assert "Improvement Academy" in page.split("<header")[1]
    assert "testserver" not in page.split("<body")[1]


def test_the_admin_has_no_door_of_its_own(visitor):
    for path in ("/admin/", "/admin/login/"):
        assert "/account/sign-in/" in visitor.get(path, follow=True).redirect_chain[-1][0]
    assert visitor.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


@pytest.mark.parametrize(("site", "session"), [("https", "__Host-session"), ("http", "session")])
def test_cookies_are_bound_to_the_host_under_https(site, session):
    """Settings are read once, so another process reads them here."""
    ask = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    )
    env = {**os.environ, "SITE_URL": f"{site}://academy.example"}

    said = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True)

    assert said.stdout.split() == [session, *[str(site == "https")] * 4]
