"""The catalogue: one statement finds the courses and counts every facet, one draws the page.

The words match once, in a CTE of at most MOST rows; each facet is counted with all the others
applied, so that a number always says what a further tick would leave. Counts of a long list are kept for a
minute; its cards, with their places, are always fresh (docs/decisions/0007).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse

from academy.facets import last_page
from academy.models import Organisation, Topic
from academy.queries import Kept, at_most
from academy.welsh import forms, words_of
from capability.models.catalogue_nearest import HELD, held, put_right
from capability.models.catalogue_sql import FACETS, FUZZY, NO_FACETS, ORDER, SHOWN, STATEMENT, WORD
from capability.models.choices import Aspect, Format, Level

MILLISECONDS = 2000  # for the statement; a reader waits no longer
MOST = 2000  # matches that are counted and ranked; the page says so when there are more
SIZE = 20
LONG = 500  # courses in a list whose counts are kept
LIKENESS = 0.5  # how like a word must be when nothing is spelt as typed
PREFIX_FROM = 4  # letters a word needs before it also finds longer words
MONTH = re.compile(r"20[2-9]\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Question:
    """What a reader asked of the catalogue; anything unknown has been left out."""

    words: str = ""
    levels: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    qms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    dated: bool = False
    ended: bool = False
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, Any], lists: Mapping[str, list[str]]) -> Question:
        """From an address: `query` holds single values, `lists` the repeated ones."""
        return cls(
            words=" ".join(words_of(str(query.get("q", "")))),
            levels=_known(lists.get("level"), set(Level.values)),
            formats=_known(lists.get("format"), set(Format.values)),
            topics=tuple(word for word in lists.get("topic", [])[:20] if _slug(word)),
            qms=_known(lists.get("qms"), set(Aspect.values)),
            languages=_known(lists.get("language"), {"cy", "en"}),
            regions=_known(lists.get("region"), set(Organisation.Region.values)),
            hosts=tuple(word for word in lists.get("host", [])[:20] if _slug(word)),
            months=tuple(word for word in lists.get("month", [])[:20] if MONTH.fullmatch(word)),
            dated=query.get("dated") == "1",
            ended=query.get("ended") == "1",
            page=_number(str(query.get("page", "1"))),
        )

    def known(self) -> Question:
        """Without topics and hosts that nobody has: asked of the database only where some are ticked."""
        topics, hosts = self.topics, self.hosts
        if topics:
            topics = tuple(Topic.objects.filter(slug__in=topics).values_list("slug", flat=True))
        if hosts:
            found = Organisation.objects.filter(code__in=hosts)
            hosts = tuple(found.values_list("code", flat=True))
        return replace(self, topics=tuple(sorted(topics)), hosts=tuple(sorted(hosts)))

    @property
    def narrowed(self) -> bool:
        """Anything beyond the plain catalogue was asked."""
        chosen = (self.levels, self.formats, self.topics, self.qms, self.languages)
        return any((*chosen, self.regions, self.hosts, self.months, self.dated, self.words))


@dataclass(frozen=True)
class Counted:
    """What a question finds, in order, and how much: everything but the cards of a page."""

    courses: list[int]
    dates: list[datetime | None]  # the next of each course
    facets: dict[str, list[dict[str, Any]]]
    dated: int
    hidden: int
    capped: bool
    guessed: bool


@dataclass(frozen=True)
class Answer:
    rows: list[dict[str, Any]]
    total: int
    dated: int  # how many of them have dates to come
    hidden: int  # no longer running, and therefore not shown
    capped: bool  # the words match more than are counted
    guessed: bool  # nothing is spelt so; these are the nearest
    page: int = 1  # the one shown: the last, where more was asked for
    facets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def with_dates(self) -> int:
        """What a tick at "with dates" would leave."""
        return sum(int(row["count"]) for row in self.facets.get("dated", []))


KEPT: Kept[Counted] = Kept()


def ask(
    question: Question, *, language: str, at: datetime, size: int = SIZE, facets: bool = True
) -> Answer:
    """The page a reader asked for, with its facets if wanted; TooSlow after two seconds."""
    code = "cy" if language == "cy" else "en"
    with at_most(MILLISECONDS), connection.cursor() as cursor:
        found = KEPT.get(_key(question, code), at=at) or count(
            cursor, question, code, at=at, facets=facets
        )
        page = min(question.page, last_page(len(found.courses), size))
        start = (page - 1) * size
        params: dict[str, Any] = {
            "ids": found.courses[start : start + size],
            "nexts": found.dates[start : start + size],
            "languages": list(question.languages),
            "at": at,
        }
        cursor.execute(SHOWN.format(language=code), params)
        (rows,) = cursor.fetchone()
    for row in rows:
        row["url"] = reverse("capability:course", args=[row["slug"]])
    told = (found.dated, found.hidden, found.capped, found.guessed, page, found.facets)
    return Answer(rows, len(found.courses), *told)


def count(
    cursor: Any, question: Question, code: str, *, at: datetime, facets: bool = True
) -> Counted:
    """Counted now. A long list without words is kept: its numbers hardly change in a minute."""
    asked: dict[str, Any] = {"language": code, "at": at, "facets": facets}
    cursor.execute(*statement(question, **asked))
    found = cursor.fetchone()
    if question.words and not _any(found):
        found = nearest(cursor, question, asked)
    courses, dates, listed, *told = found
    counted: dict[str, list[dict[str, Any]]] = {}
    for facet, value, label, number in listed:
        counted.setdefault(facet, []).append({"value": value, "label": label, "count": number})
    answer = Counted(courses, dates, counted, *told)
    if len(courses) >= LONG and facets and not question.words:
        KEPT.put(_key(question, code), answer, at=at)
    return answer


def nearest(cursor: Any, question: Question, asked: dict[str, Any]) -> Any:
    """Nothing is spelt so: a place or a host may be, then words like it, then words put right."""
    cursor.execute(*statement(question, places=True, **asked))
    found = cursor.fetchone()
    if _any(found):
        return found
    cursor.execute(
        "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKENESS)]
    )
    cursor.execute(*statement(question, guess=True, **asked))
    found = cursor.fetchone()
    if _any(found) or any(number for *_, number in found[2]):  # a filter hides what the words find
        return found
    if better := put_right(cursor, words_of(question.words)):
        cursor.execute(*statement(replace(question, words=" ".join(better)), **asked))
        *told, _guessed = cursor.fetchone()
        found = (*told, True)
    return found


def _any(found: Any) -> bool:
    """Courses, whether shown or no longer running."""
    return bool(found[0] or found[4])


def _key(question: Question, code: str) -> tuple[Question, str]:
    return replace(question, page=1), code


def statement(
    question: Question,
    *,
    language: str,
    at: datetime,
    facets: bool = True,
    guess: bool = False,
    places: bool = False,
) -> tuple[str, dict[str, Any]]:
    """What is spelt as typed; with `guess` also what is spelt much like it, with `places` also what
    is held where a word says."""
    params: dict[str, Any] = {
        "at": at,
        "most": MOST,
        "ended": question.ended,
        "dated": question.dated,
        **{
            name: list(getattr(question, name))
            for name in ("levels", "formats", "qms", "languages", "regions", "hosts", "months")
        },
        "topics": list(question.topics),
        "dates_asked": any((question.languages, question.regions, question.hosts, question.months)),
    }
    words = words_of(question.words)
    exact, like, near = [], [], []
    for number, word in enumerate(words):
        params[f"english{number}"] = _lexeme(word)
        params[f"welsh{number}"] = " | ".join(sorted(map(_lexeme, forms(word))))
        params[f"like{number}"] = word
        exact.append(WORD.format(number=number))
        like.append(f"%(like{number})s <%% c.plain")
        near.append(HELD.format(number=number, word=exact[-1]))
        params[f"held{number}"] = held(word, whole=len(word) < PREFIX_FROM)
    asked = " && ".join(exact) or "''::tsquery"
    sql = STATEMENT.format(
        language=language,
        order=ORDER,
        facets=FACETS if facets else NO_FACETS,
        asked=asked,
        matching=(" AND ".join(near) if places else f"c.search @@ ({asked})") if words else "true",
        rank=f"ts_rank(c.search, ({asked}))" if words else "0::real",
        fuzzy=fuzzy(like, language) if words and guess else "",
    )
    return sql, params


def fuzzy(like: list[str], code: str) -> str:
    nearness = [f"word_similarity(%(like{number})s, c.plain)" for number in range(len(like))]
    branch = FUZZY.format(like=" AND ".join(like), nearness=" + ".join(nearness))
    return branch.format(language=code)


def _lexeme(word: str) -> str:
    """Letters and digits only (see words_of), so nothing of it can be query syntax."""
    return f"{word}:*" if len(word) >= PREFIX_FROM else word


def _known(values: list[str] | None, codes: set[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values or [] if value in codes}))


def _slug(word: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9-]{1,60}", word) is not None


def _number(text: str) -> int:
    return min(int(text), 1000) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else 1
