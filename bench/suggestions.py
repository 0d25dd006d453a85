"""Suggestions for one request among all mentors of an academy: claim, load, score, keep."""

from __future__ import annotations

from bench.scratch import Scratch
from bench.tables import table

TITLES = ("mentors", "ms", "CPU ms", "queries", "found")


def run(scratch: Scratch, *, people: int) -> str:
    said = scratch.academy(people).asked("bench.suggesting")
    row = (
        f"{said['mentors']:,}",
        f"{said['wall']:.0f}",
        f"{said['cpu']:.0f}",
        str(said["queries"]),
        str(said["found"]),
    )
    return table(TITLES, [row])
