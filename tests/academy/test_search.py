"""One search over everything the reader may see."""

import pytest
from django.db import connection

from academy import hooks, views
from academy.queries import TooSlow, at_most

WEIRD = [
    "'", '"', "%", "\\", "<script>alert(1)</script>", "&", "|", "!", ":*", "a & ", "((", "a<->b",
    "\x00", "\x00\x01", " ", "🙂", "ŵ" * 500, "a" * 5000, "tŷ", "; DROP TABLE academy_person; --",
    "{{ 7|add:7 }}", "{% now %}", "../../etc/passwd", "‮abc", "-", "to:* & x", "1e309",
]  # fmt: skip


@pytest.fixture
def finds(monkeypatch):
    """Put these functions in the place of everybody's."""

    def instead(*functions):
        monkeypatch.setattr(hooks, "searches", list(enumerate(functions)))

    return instead


def ask(visitor, words, code="en"):
    address = {"en": "/en/search/", "cy": "/cy/chwilio/"}[code]
    return visitor.get(address, {"q": words})


def test_results_are_counted_and_grouped_by_kind(visitor, finds):
    finds(
        lambda words, reader: [
            hooks.Hit("Course", "Falls", "/a"),
            hooks.Hit("Mentor", "Ann", "/b"),
        ],
        lambda words, reader: [hooks.Hit("Course", "More falls", "/c", summary="About falls")],
    )

    page = ask(visitor, "falls").content.decode()

    assert "3 results for “falls”" in page
    assert page.index("Falls</a>") < page.index("More falls</a>") < page.index("Ann</a>")
    assert page.count("a-hits__kind") == 2


@pytest.mark.parametrize(
    ("many", "heading"),
    [(1, "1 canlyniad"), (2, "2 ganlyniad"), (3, "3 chanlyniad"), (5, "5 canlyniad")],
)
def test_the_welsh_count_mutates_its_noun(visitor, finds, many, heading):
    finds(lambda words, reader: [hooks.Hit("Cwrs", "Cwympo", "/a")] * many)

    assert f"{heading} ar gyfer “cwympo”" in ask(visitor, "cwympo", "cy").content.decode()


def test_words_in_another_language_say_so(visitor, finds):
    finds(lambda words, reader: [hooks.Hit("Case", "Tŷ bach", "/a", summary="<b>", lang="cy")])

    page = ask(visitor, "tŷ").content.decode()

    assert '<span lang="cy">Tŷ bach</span>' in page
    assert '<span lang="cy">&lt;b&gt;</span>' in page


def test_nothing_found_says_what_to_do_next(visitor, finds):
    finds(lambda words, reader: [])

    page = ask(visitor, "zzzz").content.decode()

    assert "Nothing found for “zzzz”" in page
    assert 'href="/en/ask/"' in page


def test_without_words_nobody_is_asked(visitor, finds):
    def nobody(words, reader):
        raise AssertionError("asked")

    finds(nobody)

    page = ask(visitor, "  ").content.decode()

    assert "Write a word or two" in page


@pytest.mark.parametrize("words", WEIRD)
def test_strange_words_are_only_words(visitor, words):
    answer = ask(visitor, words)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_bytes_that_are_no_text_are_only_words_too(visitor):
    answer = visitor.get("/en/search/?q=%ff%fe%00")

    assert answer.status_code == 200


def test_a_slow_search_is_stopped_and_keeps_what_was_found(visitor, finds, monkeypatch):
    def asleep(words, reader):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    monkeypatch.setattr(views, "SEARCH_MILLISECONDS", 100)
    finds(lambda words, reader: [hooks.Hit("Course", "Falls", "/a")], asleep)

    page = ask(visitor, "falls").content.decode()

    assert "The search took too long" in page
    assert "Falls</a>" in page


@pytest.mark.django_db
def test_the_limit_leaves_the_connection_usable():
    with pytest.raises(TooSlow), at_most(50), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
