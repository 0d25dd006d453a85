"""The directory: one statement finds the mentors and counts every facet, one draws the page.

Nobody is ranked: those with a free place come first, then by name; with words, the nearest first.
Counts of a long list are kept for a minute; its cards are always fresh (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from academy.models import Organisation
from academy.queries import Kept, at_most
from academy.welsh import forms, words_of
from connections.models.directory_sql import FILTERS, SAME, SHOWN, STATEMENT, TICKED, WORK
from connections.models.fit import Setting
from connections.models.profiles import MentorProfile

MOST = 1000  # who is counted; the page says so when there are more
SIZE = 20
LONG = 500  # mentors in a list whose counts are kept
LONGEST = 2000  # milliseconds
PREFIX_FROM = 4  # letters a word needs before it also finds longer words
CODES: dict[str, set[str] | None] = {
    "kind": {"mentoring", "coaching"},
    "language": {"cy", "en"},
    "format": {"online", "in_person"},
    "setting": set(Setting.values),
    "method": None,
    "service": None,
    "region": set(Organisation.Region.values),
    "organisation": None,
    "free": {"1"},
}


@dataclass(frozen=True)
class Question:
    """What a reader asked of the directory; anything unknown has been left out."""

    words: str = ""
    ticked: dict[str, list[str]] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def read(cls, lists: Mapping[str, list[str]]) -> Question:
        ticked = {name: _known(lists.get(name, []), codes) for name, codes in CODES.items()}
        number = (lists.get("page") or ["1"])[-1]
        return cls(
            words=" ".join(words_of((lists.get("q") or [""])[-1])),
            ticked={name: values for name, values in ticked.items() if values},
            page=min(int(number), 100)
            if number.isascii() and number.isdigit() and int(number)
            else 1,
        )


def _known(values: list[str], codes: set[str] | None) -> list[str]:
    if codes is None:
        return [
            value for value in values[:20] if value.replace("-", "").isalnum() and len(value) < 61
        ]
    return sorted(codes.intersection(values))


@dataclass(frozen=True)
class Counted:
    """Who is found, in order, and how many there are of each kind: all but the cards of a page."""

    mentors: list[int]
    capped: bool
    facets: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Answer:
    rows: list[dict[str, Any]]
    total: int
    capped: bool
    facets: dict[str, list[dict[str, Any]]]


KEPT: Kept[Counted] = Kept()


def ask(question: Question, *, language: str, size: int = SIZE) -> Answer:
    """The page a reader asked for, with its facets; TooSlow after two seconds."""
    code, at = "cy" if language == "cy" else "en", now()
    with at_most(LONGEST), connection.cursor() as cursor:
        found = KEPT.get(_key(question, code), at=at) or count(cursor, question, code, at=at)
        start = (question.page - 1) * size
        cursor.execute(SHOWN.format(language=code), {"ids": found.mentors[start : start + size]})
        (rows,) = cursor.fetchone()
    pattern = reverse("connections:mentor", args=[0])
    for row in rows:
        row["url"] = pattern.replace("0", str(row["id"]))
    total = len(found.mentors)
    return Answer(rows, min(total, MOST), found.capped or total > MOST, found.facets)


def count(cursor: Any, question: Question, code: str, *, at: datetime) -> Counted:
    """Counted now. A long list without words is kept: its numbers hardly change in a minute."""
    cursor.execute(*statement(question, language=code))
    mentors, listed, capped = cursor.fetchone()
    facets: dict[str, list[dict[str, Any]]] = {}
    for name, value, label, number in listed:
        facets.setdefault(name, []).append({"value": value, "label": label, "count": number})
    found = Counted(mentors, capped, facets)
    if len(mentors) >= LONG and not question.words:
        KEPT.put(_key(question, code), found, at=at)
    return found


def _key(question: Question, code: str) -> tuple[object, ...]:
    return (code, *sorted((name, *values) for name, values in question.ticked.items()))


def statement(question: Question, *, language: str) -> tuple[str, dict[str, Any]]:
    ticked = question.ticked
    params: dict[str, Any] = {name: ticked.get(name, []) for name in FILTERS} | {"most": MOST}
    asked = _asked(question.words, params)
    wide = {"region", "organisation"} & set(ticked)
    flags = ", ".join(f"NOT {FILTERS[name]} AS no_{name}" for name in ticked)
    missed = " + ".join(f"x.no_{name}::int" for name in ticked)
    by_name = "closed, shown_name, id"
    order = f"rank DESC, {by_name}" if asked else by_name
    texts = {
        "language": language,
        "matching": f"p.vector @@ ({asked})" if asked else "true",
        "rank": f"ts_rank(p.vector, ({asked}))" if asked else "0::real",
        "order": order,
    }
    all_of = " AND ".join(FILTERS[name] for name in ticked)
    found = TICKED.format(**texts, all=all_of, joined=WORK if wide else "") if ticked else SAME
    sql = STATEMENT.format(
        **texts,
        found=found,
        flags=flags or "0 AS nothing",
        nearly=f"{missed} <= 1" if len(ticked) > 1 else "true",
        looked="p.closed, p.shown_name, p.id" if ticked or not asked else f"rank DESC, {by_name}",
        **{f"but_{name}": _but(name, list(ticked)) for name in FILTERS},
    )
    return sql, params


def _but(name: str, ticked: list[str]) -> str:
    """Meets every filter that is ticked, this one aside: so a tick more never shows nobody."""
    return " AND ".join(f"NOT no_{other}" for other in ticked if other != name) or "true"


def _asked(words: str, params: dict[str, Any]) -> str:
    """Each word in English by its stem or in Welsh in every mutated shape; all of them."""
    parts = []
    for number, word in enumerate(words_of(words)):
        params[f"english{number}"] = _lexeme(word)
        params[f"welsh{number}"] = " | ".join(sorted(map(_lexeme, forms(word))))
        parts.append(
            f"(to_tsquery('english_unaccented', %(english{number})s)"
            f" || to_tsquery('welsh', %(welsh{number})s))"
        )
    return " && ".join(parts)


def _lexeme(word: str) -> str:
    """Letters and digits only (see words_of), so nothing of it can be query syntax."""
    return f"{word}:*" if len(word) >= PREFIX_FROM else word


def found_by(words: str, reader: Any) -> list[MentorProfile]:
    """At most ten, for the search over everything."""
    asked = words_of(words)
    if not asked:
        return []
    query = reduce(and_, (_word(word) for word in asked))
    found = MentorProfile.objects.visible_to(reader).listed().filter(vector=query)
    shown = found.only(
        "shown_name", "about_help", "written_in", "offers_coaching", "offers_mentoring"
    )
    return list(shown.order_by("closed", "shown_name", "pk")[:10])


def _word(word: str) -> Any:
    welsh = " | ".join(sorted(map(_lexeme, forms(word))))
    english = SearchQuery(_lexeme(word), config="english_unaccented", search_type="raw")
    return english | SearchQuery(welsh, config="welsh", search_type="raw")
