from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conditions.models import Approach, Effect, Level, Strength

FACETS: dict[str, tuple[Any, Any]] = {
    "effect": (_("What it does"), Effect),
    "level": (_("Who can change it"), Level),
    "strength": (_("How sure we are"), Strength),
}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list[Option]


def values(approach: Approach, facet: str) -> set[str]:
    if facet == "level":
        return set(approach.levels)
    return {str(getattr(approach, facet))}


class Wish:
    """What a reader asked of the library: words, and ticks in any number of facets."""

    def __init__(self, asked: QueryDict) -> None:
        self.words = " ".join(asked.get("q", "").replace("\x00", "").split())[:200]
        self.chosen = {
            name: {value for value in asked.getlist(name) if value in map(str, choices.values)}
            for name, (_label, choices) in FACETS.items()
        }

    def fits(self, approach: Approach, *, but: str = "") -> bool:
        """Whether the approach answers every facet with a tick, `but` one left out of account."""
        return all(
            not wanted or name == but or wanted & values(approach, name)
            for name, wanted in self.chosen.items()
        )

    def found(self, approaches: Iterable[Approach]) -> list[Approach]:
        return [approach for approach in approaches if self.fits(approach)]

    def facets(self, approaches: list[Approach]) -> list[Facet]:
        """Each option with the number of approaches a tick in it would show."""
        facets = []
        for name, (label, choices) in FACETS.items():
            options = [self._option(name, one, approaches) for one in list(choices)]
            facets.append(Facet(name, str(label), options))
        return facets

    def _option(self, name: str, choice: Any, approaches: list[Approach]) -> Option:
        value = str(choice.value)
        fitting = (one for one in approaches if self.fits(one, but=name))
        count = sum(value in values(one, name) for one in fitting)
        return Option(value, str(choice.label), count, value in self.chosen[name])

    def asks_something(self) -> bool:
        return bool(self.words) or any(self.chosen.values())
