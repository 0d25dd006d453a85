"""The filters of the catalogue: which there are, how many courses each leaves, what is ticked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from academy.models import Organisation
from capability.models.catalogue import Answer, Question
from capability.models.choices import Aspect, Format, Level, Taught

SHOWN_AT_FIRST = 8  # of a long list; the rest folds away
MOST_OPTIONS = 40  # the rarest are left to the search box


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
    legend: str | Promise
    options: list[Option]

    def first(self) -> list[Option]:
        ticked = [option for option in self.options[SHOWN_AT_FIRST:] if option.on]
        return self.options[:SHOWN_AT_FIRST] + ticked

    def rest(self) -> list[Option]:
        return [option for option in self.options[SHOWN_AT_FIRST:] if not option.on]


@dataclass(frozen=True)
class Chosen:
    """One ticked filter, and the address without it."""

    label: str
    without: str


Labels = Callable[[str], str]
LEGENDS: list[tuple[str, str, str | Promise, Labels | None]] = [
    ("language", "languages", _("Taught in"), lambda code: str(Taught(code).label)),
    ("level", "levels", _("Level"), lambda code: str(Level(code).label)),
    ("format", "formats", _("How"), lambda code: str(Format(code).label)),
    ("month", "months", _("When"), lambda code: month_name(code)),
    ("region", "regions", _("Where"), lambda code: str(Organisation.Region(code).label)),
    ("topic", "topics", _("Topic"), None),
    ("qms", "qms", _("Quality management"), lambda code: str(Aspect(code).label)),
    ("host", "hosts", _("Hosted by"), None),
]


def month_name(code: str) -> str:
    year, month = code.split("-")
    return date_format(date(int(year), int(month), 1), "F Y")


def facets(question: Question, answer: Answer) -> list[Facet]:
    """Every facet that has something to offer; a ticked option stays, even at nought."""
    found = []
    for name, field, legend, label in LEGENDS:
        ticked = set(getattr(question, field))
        counted = {row["value"]: row for row in answer.facets.get(name, [])}
        values = list(counted)[:MOST_OPTIONS]
        values += sorted(ticked - set(values))
        if label is not None and name != "month":
            values.sort(key=_declared(name).index)
        elif name == "month":
            values.sort()
        options = [
            Option(
                name,
                value,
                label(value) if label else counted.get(value, {}).get("label", value),
                counted.get(value, {}).get("count", 0),
                value in ticked,
            )
            for value in values
        ]
        if options:
            found.append(Facet(name, legend, options))
    return found


def _declared(name: str) -> list[str]:
    choices: dict[str, Any] = {
        "language": Taught,
        "level": Level,
        "format": Format,
        "region": Organisation.Region,
        "qms": Aspect,
    }
    return list(choices[name].values)


def chosen(query: QueryDict, groups: list[Facet], question: Question) -> list[Chosen]:
    """What is ticked, each with the address that takes it away."""
    ticked = [
        (option.name, option.value, option.label)
        for group in groups
        for option in group.options
        if option.on
    ]
    if question.dated:
        ticked.append(("dated", "1", str(_("With dates"))))
    if question.ended:
        ticked.append(("ended", "1", str(_("Also those that no longer run"))))
    if question.words:
        ticked.append(("q", query.get("q", ""), f"“{question.words}”"))
    return [Chosen(label, address(query, drop=(name, value))) for name, value, label in ticked]


def address(query: QueryDict, *, drop: tuple[str, str] | None = None, **put: str) -> str:
    """The page's own address, with one value gone or another put in; always from page one."""
    changed = query.copy()
    changed.pop("page", None)
    if drop is not None:
        kept = [value for value in changed.getlist(drop[0]) if value != drop[1]]
        changed.setlist(drop[0], kept)
    for name, value in put.items():
        changed[name] = value
    return f"?{changed.urlencode()}"
