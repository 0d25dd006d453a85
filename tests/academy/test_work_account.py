"""Signing in with a work account: a stub of the employer's directory stands in for Entra."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from academy.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

MARED = {
    "sub": "a1b2c3",
    "name": "Mared Puw",
    "email": "mared@wales.nhs.uk",
    "email_verified": True,
}


@contextmanager
def directory(says):
    """An OpenID Connect provider that vouches for one person."""

    class Provider(BaseHTTPRequestHandler):
        def answer(self, body):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_GET(self):
            if "openid-configuration" in self.path:
                ends = ("authorization", "token", "userinfo")
                self.answer(
                    {"issuer": url, "jwks_uri": f"{url}/keys"}
                    | {f"{end}_endpoint": f"{url}/{end}" for end in ends}
                )
            else:
                self.answer(says)

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            token = jwt.encode(
                {
                    **says,
                    "iss": says.get("iss", url),
                    "aud": says.get("aud", "academy"),
                    "exp": 4e9,
                },
                "k" * 32,
            )
            self.answer({"access_token": "t", "token_type": "Bearer", "id_token": token})

        def log_message(self, *words):
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Provider)
    url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield url
    server.shutdown()
    server.server_close()


def configured(settings, url):
    app = {
        "provider_id": "staff",
        "name": "Sample directory",
        "client_id": "academy",
        "secret": "s",
        "settings": {"server_url": url, "uid_field": "sub"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }


def come_back(client, door):
    """Through the employer's page and back; answers what was asked there, and the last redirect."""
    asked = parse_qs(urlsplit(client.post(door).url).query)
    callback = urlsplit(asked["redirect_uri"][0]).path
    return asked, client.get(callback, {"code": "c", "state": asked["state"][0]})


@pytest.fixture
def entra(settings):
    with directory(MARED) as url:
        configured(settings, url)
        yield url


def test_the_door_stands_on_the_sign_in_page_when_the_settings_name_one(visitor, entra):
    page = visitor.get("/en/account/sign-in/").content.decode()

    assert "Sample directory" in page
    assert reverse("openid_connect_login", args=["staff"]) in page


def test_without_settings_there_is_no_such_door(visitor):
    assert "work account" not in visitor.get("/en/account/sign-in/").content.decode()
    assert visitor.post("/en/account/sign-in/with/staff/").status_code == 404


def test_one_address_takes_everybody_back_and_keeps_their_language(visitor, entra):
    asked, answer = come_back(visitor, "/cy/cyfrif/mewngofnodi/gyda/staff/")

    assert asked["redirect_uri"] == ["http://testserver/sign-in/staff/callback/"]
    assert asked["code_challenge_method"] == ["S256"]
    assert answer.url == "/cy/cyfrif/cyfrif-gwaith/cofrestru/"


def test_a_newcomer_tells_us_the_rest_and_is_known_by_the_directory_s_own_id(visitor, entra):
    _asked, answer = come_back(visitor, "/en/account/sign-in/with/staff/")
    assert 'value="Mared Puw"' in visitor.get(answer.url).content.decode()

    visitor.post(answer.url, {"name": "Mared Puw", "email": MARED["email"], "language": "both"})

    person = Person.objects.get()
    assert SocialAccount.objects.get(user=person).uid == "a1b2c3"
    assert person.approved_at is not None
    assert visitor.get(reverse("account")).status_code == 200


def test_an_account_with_the_same_address_is_not_handed_over(visitor, entra):
    PersonFactory(email=MARED["email"])
    _asked, answer = come_back(visitor, "/en/account/sign-in/with/staff/")

    visitor.post(answer.url, {"name": "Mared Puw", "email": MARED["email"], "language": "both"})

    assert not SocialAccount.objects.exists()
    assert "/sign-in/" in visitor.get(reverse("account")).url


@pytest.mark.parametrize("lie", [{"iss": "https://elsewhere.example"}, {"aud": "somebody-else"}])
def test_a_token_for_somebody_else_lets_nobody_in(visitor, settings, lie):
    with directory({**MARED, **lie}) as url:
        configured(settings, url)

        _asked, answer = come_back(visitor, "/en/account/sign-in/with/staff/")

    assert not Person.objects.exists()
    assert "did not let us in" in answer.content.decode()


def test_an_answer_nobody_asked_for_lets_nobody_in(visitor, entra):
    answer = visitor.get("/sign-in/staff/callback/", {"code": "c", "state": "made-up"})

    assert "did not let us in" in answer.content.decode()
    assert not Person.objects.exists()


def test_a_directory_that_is_away_says_so_in_words(visitor, settings):
    with directory(MARED) as url:
        configured(settings, url)
    answer = visitor.post("/en/account/sign-in/with/staff/")

    assert answer.status_code == 503
    assert "did not let us in" in answer.content.decode()
