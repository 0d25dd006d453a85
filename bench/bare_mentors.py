"""Pages of twenty mentors for somebody who is signed in, asked through the whole product."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.test import Client
from django.urls import reverse

from academy.models import Person


def pages() -> dict[str, Callable[[], None]]:
    """What asks for a bare page of the directory, and for the directory as it opens."""
    reader = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    reader.force_login(Person.objects.order_by("pk")[0])
    urls = {"bare": reverse("bench_mentors"), "opens": reverse("connections:mentors")}
    return {name: partial(ask, reader, url) for name, url in urls.items()}


def ask(reader: Client, url: str) -> None:
    answer = reader.get(url, headers={"accept-language": "en"})
    assert answer.status_code == 200, f"{answer.status_code} {answer.headers}"
