"""A whole round in the worker: from the database to drafts and back, and suggestions for one."""

from __future__ import annotations

from typing import Any

from bench.scratch import Scratch
from bench.tables import said, table

ROUND, LARGE = (10_000, 2_000), (100_000, 20_000)
DIRECTORY = (500, 20_000)
WORK, MEGABYTES, LARGE_MEGABYTES, BARE = 5.0, 500, 1_500, 3.0
TITLES = (
    "pool", "load s", "solve s", "reasons s", "write s", "x solve", "goal 5x", "MB", "goal MB",
    "pairs", "% of optimum", "told", "longest silence s",
)  # fmt: skip
ASKED = (
    "profiles", "suggest ms", "bare page ms", "x bare", "goal 3x", "directory ms", "x directory",
)  # fmt: skip


def run(scratch: Scratch, *, large: bool) -> str:
    sizes = [ROUND, LARGE] if large else [ROUND]
    return "\n\n".join((table(TITLES, [whole(scratch, size) for size in sizes]), one(scratch)))


def whole(scratch: Scratch, size: tuple[int, int]) -> tuple[str, ...]:
    """Solving, reasons and writing together against solving alone, all on the wall."""
    academy = scratch.bare(f"round_{size[0]}")
    academy.asked("bench.round_filling", *size)
    found: dict[str, Any] = academy.asked("bench.rounding")
    took = found["seconds"]
    together = took["solve"] + took["reasons"] + took["write"]
    most = MEGABYTES if size == ROUND else LARGE_MEGABYTES
    return (
        f"{size[0]:,} x {size[1]:,}",
        *(f"{took[part]:.1f}" for part in ("load", "solve", "reasons", "write")),
        f"{together / took['solve']:.1f}x",
        said(together / took["solve"], WORK),
        f"{found['megabytes']:.0f}",
        said(found["megabytes"], most),
        f"{found['pairs']:,}",
        "100, proven" if found["proven"] else "not proven",
        f"{found['told']} times",
        f"{found['silence']:.1f}",
    )


def one(scratch: Scratch) -> str:
    academy = scratch.bare(f"directory_{DIRECTORY[1]}")
    academy.asked("bench.round_filling", *DIRECTORY)
    suggested = academy.asked("bench.suggesting")
    row = (
        f"{suggested['mentors']:,}",
        f"{suggested['wall']:.0f}",
        f"{suggested['bare']:.0f}",
        f"{suggested['wall'] / suggested['bare']:.1f}x",
        said(suggested["wall"] / suggested["bare"], BARE),
        f"{suggested['opens']:.0f}",
        f"{suggested['wall'] / suggested['opens']:.1f}x",
    )
    return table(ASKED, [row])
