"""What a person has reached in one pillar, for another to ask by name: facts cross, imports do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured

Function = TypeVar("Function", bound=Callable[..., bool])


@dataclass(frozen=True)
class Milestone:
    """`url_name` is where somebody goes who has not reached it."""

    name: str
    url_name: str
    reached: Callable[..., bool]


milestones: dict[str, Milestone] = {}


def milestone(name: str, *, url_name: str) -> Callable[[Function], Function]:
    """Register a function (person, at=) that answers whether they have reached it."""
    if name in milestones:
        raise ImproperlyConfigured(f"Two milestones are called {name!r}")

    def register(function: Function) -> Function:
        milestones[name] = Milestone(name, url_name, function)
        return function

    return register


def reached(name: str, person: Any, *, at: datetime) -> bool:
    """Not reached, where no pillar knows of it."""
    known = milestones.get(name)
    return known is not None and known.reached(person, at=at)


def where(name: str) -> str:
    """The route at which it is reached; nothing, where no pillar knows of it."""
    known = milestones.get(name)
    return known.url_name if known else ""
