"""When nothing is spelt as typed: where courses are held, then words with a slip put right."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from academy.welsh import forms, radicals

LIKENESS = 0.75  # of 1; lower, and short words turn into each other
LETTERS = 4  # a shorter word is not guessed at

# Courses with a date to come at a place, or with a host, so called. Places are few: each is read once.
HELD = """(c.search @@ {word} OR c.id IN (
    SELECT d.course_id FROM capability_cohort d JOIN (
        SELECT h.place_en, h.place_cy, h.organisation_id
        FROM (
            SELECT DISTINCT place_en, place_cy, organisation_id FROM capability_cohort
            WHERE published AND cancelled_at IS NULL AND closes_at > %(at)s
        ) h LEFT JOIN academy_organisation o ON o.id = h.organisation_id
        WHERE plain_words(concat_ws(' ', h.place_en, h.place_cy, o.name_en, o.name_cy))
            ~ %(held{number})s
    ) s ON s.place_en = d.place_en AND s.place_cy = d.place_cy
        AND s.organisation_id IS NOT DISTINCT FROM d.organisation_id
    WHERE d.published AND d.cancelled_at IS NULL AND d.closes_at > %(at)s
))"""

KNOWN = """
    SELECT DISTINCT word FROM capability_course c,
        regexp_split_to_table(c.plain, '[^[:alnum:]]+') AS word
    WHERE c.published AND length(word) >= %s
"""


def held(word: str, *, whole: bool) -> str:
    """A pattern for the beginning of a word in any mutated shape; words hold letters and digits only."""
    shapes = "|".join(sorted(forms(word)))
    return rf"\m({shapes})\M" if whole else rf"\m({shapes})"


def put_right(cursor: Any, words: list[str]) -> list[str]:
    """The words with each slip replaced by the nearest word of the titles and topics; or nothing."""
    cursor.execute(KNOWN, [LETTERS])
    known = {word for (word,) in cursor.fetchall()}
    better = [word if word in known else _nearest(word, known) for word in words]
    return better if better != words else []


def _nearest(word: str, known: set[str]) -> str:
    """A mutated word may have a slip too: fesr is looked for as mesr."""
    if len(word) < LETTERS:
        return word
    for shape in sorted(radicals(word), key=lambda shape: shape != word):
        found = get_close_matches(shape, known, n=1, cutoff=LIKENESS)
        if found:
            return found[0]
    return word
