"""The written content the product starts with: whole, in both languages, and honest."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|that|which|from|what|are|were|have|they|when|not)\b", re.I
)
WELSH = re.compile(r"\b(yn|yr|mae|gyda|eich|chi|neu|nid|hyn|eu|wedi|ond|pan|sydd)\b", re.I)
NAMES = re.compile(
    r"Institute for Healthcare Improvement|Billions Institute|NHS Education for Scotland"
    r"|Transforming Care|Gwella Ansawdd Gyda’n Gilydd"
)

APPROACHES = "conditions/data/approaches.json"
PROGRAMMES = "capability/data/programmes.json"
COURSES = "capability/data/sample_courses.json"
WORDS = "academy/data/sample_words.json"


def read(path: str) -> Any:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def entries(path: str) -> list[dict[str, Any]]:
    (rows,) = (value for value in read(path).values() if isinstance(value, list))
    return rows


def table(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def public(row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each public text of an entry: its name, its English, its Welsh."""
    for key, english in row.items():
        if key.endswith("_en"):
            yield key.removesuffix("_en"), english, row[key.removesuffix("_en") + "_cy"]


def strays(text: str, language: re.Pattern[str]) -> list[str]:
    return language.findall(NAMES.sub("", text))


def pairs_of_words() -> list[dict[str, str]]:
    every = [row for rows in read(WORDS).values() if isinstance(rows, list) for row in rows]
    return [row for row in every if "cy" in row]


def texts_people_typed() -> Iterator[tuple[str, str]]:
    for name, rows in read(WORDS).items():
        if name in {"first_names", "surnames"} or not isinstance(rows, list):
            continue
        for row in rows:
            if "language" in row:
                words = [
                    row[part] for part in ("text", "who", "help", "work", "enjoy") if part in row
                ]
                yield row["language"], " ".join(words)


@pytest.mark.parametrize("path", [APPROACHES, PROGRAMMES, COURSES])
def test_every_public_text_is_there_in_both_languages(path):
    for row in entries(path):
        for name, english, welsh in public(row):
            may_be_empty = name in {"effect_note", "strength_note"}

            assert bool(english) == bool(welsh), (row["slug"], name)
            assert english.strip() or may_be_empty, (row["slug"], name)


@pytest.mark.parametrize("path", [APPROACHES, PROGRAMMES, COURSES])
def test_no_language_strays_into_the_other(path):
    for row in entries(path):
        for name, english, welsh in public(row):
            proper = name == "title" and row.get("title_cy_source") == "proper name"

            assert not strays(english, WELSH), (row["slug"], name)
            assert proper or not strays(welsh, ENGLISH), (row["slug"], name)
            assert proper or english != welsh or "Q Lab" in english or not english, row["slug"]


def test_words_of_the_sample_academy_are_in_the_language_they_say():
    for language, text in texts_people_typed():
        assert text.strip()
        assert not strays(text, WELSH if language == "en" else ENGLISH), text

    for row in pairs_of_words():
        assert row["en"].strip() and row["cy"].strip()
        assert not strays(row["cy"], ENGLISH), row


@pytest.mark.parametrize("path", [APPROACHES, PROGRAMMES, COURSES])
def test_codes_topics_and_slugs_are_ones_the_product_knows(path):
    codes = read(path)["codes"]
    topics = {row["slug"] for row in table("academy/data/topics.csv")}
    slugs = [row["slug"] for row in entries(path)]

    assert len(slugs) == len(set(slugs))
    for row in entries(path):
        assert re.fullmatch(r"[a-z0-9-]{3,50}", row["slug"])
        assert set(row["topics"]) <= topics, row["slug"]
        assert len(row["title_en"]) <= 150 and len(row["title_cy"]) <= 150
        for name, allowed in codes.items():
            said = row[name] if isinstance(row[name], list) else [row[name]]
            assert set(said) <= set(allowed), (row["slug"], name)


def test_all_the_approaches_of_the_evidence_table_and_all_the_programmes_are_here():
    assert len(entries(APPROACHES)) == 23
    assert all(row["sources"] and row["level"] and row["topics"] for row in entries(APPROACHES))
    assert len(entries(PROGRAMMES)) == 23
    assert all(row["sources"] and row["status_note_en"] for row in entries(PROGRAMMES))


def test_a_sample_says_so_in_both_languages_and_a_real_programme_does_not():
    venues = {row["slug"]: row for row in read(WORDS)["venues"]}

    for row in [
        *venues.values(),
        *({"en": c["title_en"], "cy": c["title_cy"]} for c in entries(COURSES)),
    ]:
        assert row["en"].endswith("(sample)") and row["cy"].endswith("(sampl)"), row
    assert not any("sampl" in row["title_en"] + row["title_cy"] for row in entries(PROGRAMMES))
    assert {place for row in entries(COURSES) for place in row["places"]} <= set(venues)


def test_a_sample_course_keeps_its_weekday_and_has_a_room_if_people_meet():
    for row in entries(COURSES):
        pattern = row["sessions"]

        assert pattern["count"] >= 1 and pattern["gap_days"] % 7 == 0, row["slug"]
        assert re.fullmatch(r"\d\d:\d\d", pattern["start"]) and pattern["minutes"] >= 60
        assert bool(row["places"]) == (row["format"] != "online_live"), row["slug"]
        assert 3 <= len(row["outcomes_en"].split("\n")) <= 4
        assert len(row["outcomes_en"].split("\n")) == len(row["outcomes_cy"].split("\n"))


def test_organisations_and_topics_have_both_names_and_say_where_the_welsh_is_from():
    for path in ("academy/data/organisations.csv", "academy/data/topics.csv"):
        for row in table(path):
            assert row["name_en"].strip() and row["name_cy"].strip(), row
            assert row["cy_source"] in {"published", "own", "unverified"}, row


def test_path_words_of_the_glossary_are_plain():
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", glossary, re.MULTILINE)
    welsh = [word for _, word in rows]

    assert len(rows) > 80
    assert all(re.fullmatch(r"[a-z-]+", word) for word in welsh)
    assert len(dict(rows)) == len(rows)
