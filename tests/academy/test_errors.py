"""Pages that say what went wrong: in the reader's language, and with nothing lost."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.utils.translation import override

from academy import errors, hooks


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "welsh"),
    [
        (errors.bad_request, 400, "Ni allem ddarllen y cais hwnnw"),
        (errors.forbidden, 403, "Nid yw’r dudalen hon ar agor i chi"),
        (errors.not_found, 404, "Ni allwn ddod o hyd i’r dudalen honno"),
        (errors.too_many, 429, "Arhoswch ychydig"),
        (errors.unavailable, 503, "Ni allwn wneud hynny ar hyn o bryd"),
    ],
)
def test_each_error_speaks_welsh_and_asks_nothing(
    visitor, view, status, welsh, django_assert_num_queries
):
    request = RequestFactory().get("/cy/")

    with override("cy"), django_assert_num_queries(0):
        answer = view(request)

    assert answer.status_code == status
    assert welsh in text(answer)
    assert 'lang="cy"' in text(answer)
    assert "<main" in text(answer)


def test_a_page_that_is_not_there_keeps_the_way_home(visitor):
    answer = visitor.get("/en/nothing-here/")

    assert answer.status_code == 404
    assert "We cannot find that page" in text(answer)
    assert 'href="/en/"' in text(answer)


def test_a_broken_page_speaks_both_languages_without_database_or_cache(
    visitor, monkeypatch, settings, django_assert_num_queries
):
    def broken(request):
        raise ZeroDivisionError

    panel = hooks.Panel("x.html", broken, "now", 0)
    monkeypatch.setattr(hooks, "panels", [panel])
    visitor.raise_request_exception = False
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    cache.close()

    with django_assert_num_queries(0):
        answer = visitor.get("/en/")

    assert answer.status_code == 500
    assert "Something went wrong" in text(answer)
    assert "Aeth rhywbeth o’i le" in text(answer)
    assert "ZeroDivisionError" not in text(answer)


def test_the_broken_page_stands_when_the_connection_is_gone(monkeypatch):
    monkeypatch.setattr(type(connection), "cursor", lambda _connection: 1 / 0, raising=False)

    answer = errors.broken(RequestFactory().get("/cy/"))

    assert "Ein bai ni yw hyn" in text(answer)


def test_a_form_that_waited_too_long_gives_back_what_was_typed(person):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)

    answer = strict.post(
        "/cy/gofyn/",
        {"words": "Fy nghwestiwn <b>hir</b>", "password1": "secret-secret", "token": "a-token"},
    )

    assert answer.status_code == 403
    assert "Fy nghwestiwn &lt;b&gt;hir&lt;/b&gt;" in text(answer)
    assert "secret-secret" not in text(answer)
    assert "a-token" not in text(answer)
    assert 'href="/cy/gofyn/"' in text(answer)


def test_errors_carry_the_same_headers_as_pages(visitor):
    answer = visitor.get("/en/nothing-here/")

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("address", "above", "words"),
    [
        ("/en/mentoring/weather/nudge/", "/en/mentoring/weather/", "Nothing was sent"),
        ("/cy/mentora/7/nodau/2/wedi-gorffen/", "/cy/mentora/7/", "Ni anfonwyd dim"),
    ],
)
def test_whoever_opens_the_address_of_a_button_is_led_to_the_page_with_the_button(
    client, person, address, above, words
):
    client.force_login(person)

    answer = client.get(address)

    assert answer.status_code == 405
    assert words in text(answer)
    assert f'href="{above}"' in text(answer)
