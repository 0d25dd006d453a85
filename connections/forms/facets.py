"""The filters of the directory: which there are, how many mentors each leaves, what is ticked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from academy.models import Organisation
from connections.forms.fit import FORMATS
from connections.forms.words import LANGUAGES
from connections.models import Setting
from connections.models.directory import Answer, Question

SHOWN_AT_FIRST = 6  # of a long list; the rest folds away


@dataclass(frozen=True)
class Option:
    name: str
    value: str
    label: str
    count: int
    on: bool

    @property
    def id(self) -> str:
        return f"f-{self.name}-{self.value}"


@dataclass(frozen=True)
class Facet:
    name: str
    legend: Any
    first: list[Option]
    rest: list[Option]


@dataclass(frozen=True)
class Chosen:
    """One ticked filter, and the address without it."""

    label: str
    without: str


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
            shown = options[:SHOWN_AT_FIRST] + [o for o in options[SHOWN_AT_FIRST:] if o.on]
            rest = [option for option in options[SHOWN_AT_FIRST:] if not option.on]
            found.append(Facet(name, legend, shown, rest))
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
    return [
        Option(
            name,
            value,
            words.get(value, value),
            counted.get(value, {}).get("count", 0),
            value in ticked,
        )
        for value in values
    ]


def chosen(query: QueryDict, groups: list[Facet]) -> list[Chosen]:
    """What is ticked, each with the address that takes it away."""
    return [
        Chosen(option.label, _without(query, option.name, option.value))
        for group in groups
        for option in (*group.first, *group.rest)
        if option.on
    ]


def address(query: QueryDict, **more: Any) -> str:
    """This very page with something changed; None takes it away, and the page number goes."""
    made = query.copy()
    made.pop("page", None)
    for name, value in more.items():
        made.pop(name, None)
        if value is not None:
            made[name] = value
    return f"?{made.urlencode()}"


def _without(query: QueryDict, name: str, value: str) -> str:
    made = query.copy()
    made.pop("page", None)
    made.setlist(name, [one for one in made.getlist(name) if one != value])
    return f"?{made.urlencode()}"
