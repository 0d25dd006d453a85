"""Timed work over many rows: one that fails stops nobody else, and the trouble is told at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any


def each(keys: Iterable[int], verb: Callable[..., Any], *, at: datetime) -> int:
    """Do one thing for every key; how many it was done for. Raises the first trouble, last."""
    done, troubles = 0, []
    for key in list(keys):
        try:
            done += bool(verb(key, at=at))
        except Exception as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return done
