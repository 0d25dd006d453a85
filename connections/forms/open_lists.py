"""A list of what is open to everybody, narrowed by ticks in its address, with counts beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from academy.facets import Facet, counted_options
from academy.forms import LANGUAGES
from academy.models import Topic
from connections.models import Meeting

MOST = 1000  # rows that are looked at; the page says so when there are more
SIZE = 20
SHOWN_AT_FIRST = 6
LONGEST_TICK = 60


@dataclass(frozen=True)
class Row:
    """One thing of the list: its number, and what it is under each filter."""

    pk: int
    has: dict[str, set[str]]
    full: bool = False

    def meets(self, ticked: Mapping[str, set[str]], *, but: str = "") -> bool:
        return all(self.has[name] & values for name, values in ticked.items() if name != but)


def row(found: Mapping[str, Any]) -> Row:
    """A row of `.values()` with topics, in_welsh, in_english and how."""
    spoken = {code for code, on in (("cy", "in_welsh"), ("en", "in_english")) if found[on]}
    topics = {str(slug) for slug in found["slugs"] if slug}
    has = {"topic": topics, "language": spoken, "how": {found["how"]}}
    return Row(found["pk"], has, full=found.get("full", False))


def ticked(lists: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """What the address asks for; what cannot be a value is left out."""
    asked = {}
    for name in ("topic", "language", "how"):
        values = {value for value in lists.get(name, [])[:20] if _may_be(value)}
        if values:
            asked[name] = values
    return asked


def _may_be(value: str) -> bool:
    plain = value.replace("-", "").replace("_", "")
    return plain.isascii() and plain.isalnum() and len(value) <= LONGEST_TICK


def topic_names(slugs: set[str]) -> dict[str, str]:
    """Topics by their address word, in the reader's language."""
    return {topic.slug: topic.name for topic in Topic.objects.filter(slug__in=slugs)}


def narrowed(rows: list[Row], asked: Mapping[str, set[str]]) -> list[int]:
    return [one.pk for one in rows if one.meets(asked)]


def facets(
    rows: list[Row], asked: Mapping[str, set[str]], topics: Mapping[str, str]
) -> list[Facet]:
    """Every filter that has something to offer; each counts what meets the others."""
    labels = {
        "topic": (_("Topic"), dict(sorted(topics.items(), key=lambda one: one[1].casefold()))),
        "language": (_("Language"), {code: str(label) for code, label in LANGUAGES}),
        "how": (_("How you meet"), {code: str(label) for code, label in Meeting.How.choices}),
    }
    found = []
    for name, (legend, words) in labels.items():
        counts = Counter(
            value for one in rows if one.meets(asked, but=name) for value in one.has[name]
        )
        on = asked.get(name, set())
        values = [value for value in words if counts[value] or value in on]
        counted = {value: {"count": counts[value]} for value in values}
        if values:
            options = counted_options(name, values, words, counted, on)
            found.append(Facet(name, legend, options, SHOWN_AT_FIRST))
    return found
