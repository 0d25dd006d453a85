"""Filters of a list, kept in its address: what is ticked, how many each tick leaves, what pages follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict


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
    legend: Any  # lazy
    options: list[Option]
    few: int = 8  # shown at first; the rest folds away, but for what is ticked

    def first(self) -> list[Option]:
        ticked = [option for option in self.options[self.few :] if option.on]
        return self.options[: self.few] + ticked

    def rest(self) -> list[Option]:
        return [option for option in self.options[self.few :] if not option.on]


@dataclass(frozen=True)
class Chosen:
    """One ticked filter, and the address without it."""

    label: str
    without: str


def counted_options(
    name: str, values: list[str], labels: dict[str, str], counted: dict[str, Any], ticked: set[str]
) -> list[Option]:
    """One option for each value; what nobody counted stays, at nought."""
    return [
        Option(
            name,
            value,
            labels.get(value, value),
            counted.get(value, {}).get("count", 0),
            value in ticked,
        )
        for value in values
    ]


def chosen(query: QueryDict, groups: list[Facet]) -> list[Chosen]:
    """What is ticked, each with the address that takes it away."""
    return [
        Chosen(option.label, address(query, drop=(option.name, option.value)))
        for group in groups
        for option in (*group.first(), *group.rest())
        if option.on
    ]


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


def turns(query: QueryDict, *, number: int, last: int) -> dict[str, Any]:
    """What academy/_pages.html needs: this page, the last, and the addresses beside this one."""
    here = address(query)
    joint = "&" if len(here) > 1 else ""
    before = min(number - 1, last)
    return {
        "number": number,
        "last": last,
        "previous": f"{here}{joint}page={before}" if before else "",
        "next": f"{here}{joint}page={number + 1}" if number < last else "",
    }


def last_page(total: int, size: int) -> int:
    return max(-(-total // size), 1)
