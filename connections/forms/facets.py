"""The filters of the directory: which there are, how many mentors each leaves, what is ticked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from academy.facets import Facet, Option, counted_options
from academy.forms import LANGUAGES
from academy.models import Organisation
from connections.forms.fit import FORMATS
from connections.models import Setting
from connections.models.directory import Answer, Question

SHOWN_AT_FIRST = 6  # of a long list; the rest folds away


def _pairs(pairs: list[tuple[str, Any]]) -> Callable[[], dict[str, str]]:
    return lambda: {code: str(label) for code, label in pairs}


# The name of a facet, its legend, and its labels; those of topics and organisations are rows.
LEGENDS: list[tuple[str, Any, Callable[[], dict[str, str]] | None]] = [
    ("free", _("Places"), _pairs([("1", _("With a place free now"))])),
    (
        "kind",
        _("What they offer"),
        _pairs([("mentoring", _("Mentoring")), ("coaching", _("Coaching"))]),
    ),
    ("language", _("Language"), _pairs(LANGUAGES)),
    ("method", _("Improvement skills"), None),
    ("service", _("Services and patient safety"), None),
    ("format", _("Where to meet"), _pairs(FORMATS)),
    ("setting", _("Where they work"), _pairs(list(Setting.choices))),
    ("region", _("Region"), _pairs(list(Organisation.Region.choices))),
    ("organisation", _("Organisation"), None),
]


def facets(question: Question, answer: Answer) -> list[Facet]:
    """Every facet that has something to offer; a ticked option stays, even at nought."""
    found = []
    for name, legend, labels in LEGENDS:
        options = _options(name, labels, set(question.ticked.get(name, [])), answer)
        if options:
            found.append(Facet(name, legend, options, SHOWN_AT_FIRST))
    return found


def _options(
    name: str,
    labels: Callable[[], dict[str, str]] | None,
    ticked: set[str],
    answer: Answer,
) -> list[Option]:
    counted = {row["value"]: row for row in answer.facets.get(name, [])}
    values = [*counted, *sorted(ticked - set(counted))]
    words = labels() if labels else {value: row["label"] for value, row in counted.items()}
    if labels:
        order = list(words)
        values = sorted((value for value in values if value in words), key=order.index)
    return counted_options(name, values, words, counted, ticked)
