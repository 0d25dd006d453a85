"""The filters of the catalogue: which there are, how many courses each leaves, what is ticked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from academy.facets import Chosen, Facet, address, counted_options
from academy.facets import chosen as ticks
from academy.models import Organisation, Topic
from capability.models.catalogue import Answer, Question
from capability.models.choices import Aspect, Format, Level, Taught

MOST_OPTIONS = 40  # the rarest are left to the search box


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
        labels = {value: counted[value]["label"] for value in values if value in counted}
        if label is not None:
            labels = {value: label(value) for value in values}
        elif uncounted := [value for value in values if value not in labels]:
            labels |= _names(name, uncounted)
        options = counted_options(name, values, labels, counted, ticked)
        if options:
            found.append(Facet(name, legend, options))
    return found


def _names(facet: str, codes: list[str]) -> dict[str, str]:
    """What is ticked and leaves nothing still goes by its name."""
    if facet == "topic":
        return {topic.slug: topic.name for topic in Topic.objects.filter(slug__in=codes)}
    return {host.code: host.name for host in Organisation.objects.filter(code__in=codes)}


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
    """What is ticked, each with the address that takes it away; words and dates among it."""
    more = []
    if question.dated:
        more.append(("dated", "1", str(_("With dates"))))
    if question.ended:
        more.append(("ended", "1", str(_("Also those that no longer run"))))
    if question.words:
        more.append(("q", query.get("q", ""), f"“{question.words}”"))
    others = [Chosen(label, address(query, drop=(name, value))) for name, value, label in more]
    return [*ticks(query, groups), *others]
