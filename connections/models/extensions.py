"""A later end: one of the two proposes a day, the other agrees with one press."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from academy.models.base import Refusal
from connections.models.relationships import Relationship


class NotLater(Refusal):
    """The day must be after the end they have agreed, and still to come."""


class Changed(Refusal):
    """The other proposes another day by now, or none."""


@transaction.atomic
def propose(pair: Relationship, *, until: date, by: Any, at: datetime) -> None:
    """Ask the other for more time. When they have asked for the same day, it is agreed."""
    here = pair.locked_for(by, even_paused=True)
    if until <= max(here.ends_on, localdate(at)):
        raise NotLater
    if (here.later_on, here.later_by_id) == (until, here.other(by).pk):
        _lengthen(here, by=by, at=at)
    elif (here.later_on, here.later_by_id) != (until, by.pk):
        here.later_on, here.later_by = until, by
        here.save(update_fields=["later_on", "later_by"])
        here.tell("extension_proposed", here.other(by), at=at, mark=f"{until}:{at.timestamp()}")
    pair.refresh_from_db()


@transaction.atomic
def agree(pair: Relationship, *, until: date, by: Any, at: datetime) -> None:
    """Say yes to the very day one has read. Twice is once."""
    here = pair.locked_for(by, even_paused=True)
    if here.later_on is None and here.ends_on == until:
        return
    if here.later_on != until or here.later_by_id == by.pk:
        raise Changed
    _lengthen(here, by=by, at=at)
    pair.refresh_from_db()


def _lengthen(pair: Relationship, *, by: Any, at: datetime) -> None:
    until = pair.later_on
    assert until is not None  # noqa: S101 -- for the type checker: its callers have looked
    pair.ends_on, pair.later_on, pair.later_by = until, None, None
    pair.save(update_fields=["ends_on", "later_on", "later_by"])
    pair.tell("extension_agreed", pair.other(by), at=at, mark=f"{until}:{at.timestamp()}")


@transaction.atomic
def set_aside(pair: Relationship, *, by: Any, at: datetime) -> None:
    """Take it back, or leave the end as it was: no reason needed. Twice is once."""
    here = pair.locked_for(by, even_paused=True)
    asked_by, here.later_on, here.later_by = here.later_by, None, None
    if asked_by is not None:
        here.save(update_fields=["later_on", "later_by"])
    if asked_by is not None and asked_by != by:
        here.tell("extension_kept", asked_by, at=at, mark=f"{at.timestamp()}")
    pair.refresh_from_db()
