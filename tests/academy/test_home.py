"""The first page, home, and the small print, in both languages."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from academy import hooks
from academy.models import SupportRequest
from tests.factories import PersonFactory, SupportRequestFactory

SMALL_PRINT = ["accessibility", "cookies", "privacy", "contact"]


def text(response) -> str:
    return response.content.decode()


def test_a_visitor_finds_home_in_both_languages(visitor):
    english, welsh = visitor.get("/en/"), visitor.get("/cy/")

    assert 'lang="en"' in text(english)
    assert 'lang="cy"' in text(welsh)
    assert "I want to start something" in text(english)
    assert "Rwyf am ddechrau rhywbeth" in text(welsh)


def test_the_first_page_offers_both_languages_and_remembers_the_choice(visitor):
    first = visitor.get("/")
    chosen = visitor.post("/", {"language": "cy"})
    again = visitor.get("/")

    assert text(first).index("Cymraeg</button>") < text(first).index("English</button>")
    assert chosen.url == again.url == "/cy/"
    assert chosen.cookies["language"]["httponly"]


def test_a_language_nobody_speaks_leads_back_to_the_choice(visitor):
    answer = visitor.post("/", {"language": "xx"})

    assert "Cymraeg</button>" in text(answer)
    assert "language" not in answer.cookies


def test_every_door_leads_to_a_page_that_is_there(visitor, sign_in, person):
    home = text(visitor.get("/en/"))
    doors = re.findall(r'<h2><a href="([^"]+)"', home)

    answers = [sign_in(person).get(door).status_code for door in doors]

    assert len(doors) == 3
    assert answers == [200] * len(doors)


def test_all_three_pillars_are_on_the_page(visitor):
    home = text(visitor.get("/en/"))

    for pillar in ("Conditions", "Capability", "Connections"):
        assert f"<h3>{pillar}</h3>" in home


def test_a_signed_in_person_reads_first_what_needs_them(sign_in, person):
    home = text(sign_in(person).get("/en/"))

    assert home.index("What needs you today") < home.index('class="a-hero"')
    assert "Nothing is waiting for you" in home


def test_a_coordinator_finds_the_oldest_promise_first(sign_in, staff):
    SupportRequestFactory(words="Newer")
    SupportRequestFactory(asker__name="Ann Old", overdue=True)

    home = text(sign_in(staff("coordinator")).get("/en/"))

    first = home.split('<li class="a-today__item">')[1]
    assert "Ann Old" in first


@pytest.mark.django_db
def test_home_costs_the_same_however_much_is_waiting(sign_in, staff):
    coordinator, costs = sign_in(staff("coordinator")), []
    coordinator.get("/en/")

    for more in (1, 2, 47):
        for asker in PersonFactory.create_batch(more):
            SupportRequestFactory(asker=asker)
        with CaptureQueriesContext(connection) as asked:
            home = text(coordinator.get("/en/"))
        costs.append(len(asked))

    assert len(set(costs)) == 1
    assert home.count("a-today__item") == 10


def test_the_frame_asks_the_database_nothing(visitor, django_assert_num_queries):
    visitor.get("/en/")

    with django_assert_num_queries(0):
        visitor.get(reverse("contact"))


@pytest.mark.parametrize("code", ["en", "cy"])
@pytest.mark.parametrize("name", SMALL_PRINT)
def test_the_small_print_is_real_and_linked_from_every_foot(visitor, name, code):
    with override(code):
        address = reverse(name)

    answer = text(visitor.get(address))
    home = text(visitor.get(f"/{code}/"))

    assert len(re.sub(r"<[^>]+>", "", answer).split()) > 120
    assert f'href="{address}"' in home


def test_the_privacy_notice_says_when_nobody_has_yet_been_named(visitor, settings):
    unnamed = text(visitor.get("/en/privacy/"))
    settings.SITE_CONTROLLER = {"en": "The Sample Trust", "cy": "Yr Ymddiriedolaeth Sampl"}
    named = text(visitor.get("/en/privacy/"))

    assert "This notice is not complete" in unnamed
    assert "The Sample Trust decides how your data is used here" in named
    assert "This notice is not complete" not in named


def test_the_cookies_page_names_every_cookie_a_visit_sets(db):
    visitor = Client()
    visitor.post("/", {"language": "en"})
    visitor.get(reverse("account_login"))
    page = text(visitor.get("/en/cookies/"))

    assert {name for name in visitor.cookies if name not in page} == set()
    assert SupportRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Answer by Friday 11 December"), ("cy", "Atebwch erbyn dydd Gwener 11 Rhagfyr")],
)
def test_a_day_beside_what_waits_is_the_day_to_answer_by(language, words):
    due = datetime(2026, 12, 11, 12, tzinfo=UTC)
    need = hooks.Need("Iwan Smith proposes to hand over", "/", "Read and answer", due)
    with override(language):
        page = render_to_string("academy/_needs.html", {"needs": [need]})
        not_an_answer = replace(need, answers=False)
        other = render_to_string("academy/_needs.html", {"needs": [not_an_answer]})

    assert words in page
    assert words not in other
    assert words.partition(" ")[2].partition(" ")[2] in other
