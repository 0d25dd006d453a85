"""Limits that cannot be counted close the doors they guard, and nothing else."""

import socket
import time
from contextlib import closing, contextmanager

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@contextmanager
def dead():
    """A port nobody listens on."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def silent():
    """A server that takes the call and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def without_cache(settings, port):
    cache = settings.CACHES["default"]
    settings.CACHES = {"default": {**cache, "LOCATION": f"redis://127.0.0.1:{port}/0"}}


@pytest.mark.parametrize("outage", [dead, silent])
@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("/en/account/sign-in/", "We cannot do that just now"),
        ("/cy/cyfrif/mewngofnodi/", "Ni allwn"),
        ("/en/account/sign-up/", "We cannot do that just now"),
        ("/cy/cyfrif/cyfrinair/ailosod/", "Ni allwn"),
    ],
)
def test_a_door_says_try_again_within_three_seconds(settings, person, outage, door, words):
    said = {"login": person.email, "email": person.email, "password": "x", "name": "y"}
    with outage() as port:
        without_cache(settings, port)
        started = time.monotonic()

        answer = Client().post(door, said)

    assert time.monotonic() - started < 3
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert words in answer.content.decode()


@pytest.mark.parametrize("outage", [dead, silent])
def test_people_who_are_in_go_on(settings, sign_in, person, outage):
    client = sign_in(person)
    with outage() as port:
        without_cache(settings, port)

        page = client.get(reverse("account"))
        saved = client.post(reverse("choose_language"), {"language": "cy"})

    assert (page.status_code, saved.status_code) == (200, 302)


def test_the_page_of_the_door_still_opens(settings):
    with dead() as port:
        without_cache(settings, port)

        assert Client().get(reverse("account_login")).status_code == 200
