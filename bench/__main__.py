"""`make bench`: all parts; `make bench ARGS="pages weight"`: those. `--quick` is smaller.

Only what stands in one run side by side may be compared: times belong to the machine and the day.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench import caseload, coffee, matching, outbox, pages, rounds, suggestions, weight
from bench.scratch import Scratch

SAMPLE = 400


@dataclass(frozen=True)
class Size:
    people: int = 100_000
    messages: int = 10_000
    rounds: int = 40
    visits: int = 3
    largest_pool: bool = False


QUICK = Size(people=10_000, messages=500, rounds=15, visits=1)
Part = Callable[[Scratch, Size], str]
PARTS: dict[str, tuple[str, Part]] = {
    "pages": (
        "Pages beside a bare page of 20 rows on the same server and data",
        lambda scratch, size: pages.run(scratch, sizes=(SAMPLE, size.people), rounds=size.rounds),
    ),
    "caseload": (
        "The desk with 200 people beside one with three, and a bare page on the same server",
        lambda scratch, size: caseload.run(scratch, people=SAMPLE, rounds=size.rounds),
    ),
    "weight": (
        "Weight and largest contentful paint on a slow 4G line, in Chromium",
        lambda scratch, size: weight.run(scratch, people=SAMPLE, visits=size.visits),
    ),
    "outbox": (
        "Messages from the outbox to a mail server",
        lambda scratch, size: outbox.run(scratch, people=SAMPLE, many=size.messages),
    ),
    "suggestions": (
        "Suggestions for one request, from the database and back",
        lambda scratch, size: suggestions.run(scratch, people=size.people),
    ),
    "coffee": (
        "A coffee round beside a shuffle that keeps the hard rules",
        lambda _scratch, _size: coffee.run(sizes=(100, 1_000, 10_000)),
    ),
    "rounds": (
        "A whole round in the worker, and suggestions beside a bare page",
        lambda scratch, size: rounds.run(scratch, large=size.largest_pool),
    ),
    "matching": (
        "Matching beside its peers",
        lambda scratch, size: matching.table(matching.run(largest=size.largest_pool)),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="10,000 people, few repetitions")
    parser.add_argument("--large", action="store_true", help="also a matching pool of 100,000")
    asked = parser.parse_args()
    size = replace(QUICK if asked.quick else Size(), largest_pool=asked.large)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        scratch = Scratch(Path(folder))
        for name, (title, part) in PARTS.items():
            if name in asked.parts or not asked.parts:
                started = time.monotonic()
                said = part(scratch, size)
                print(
                    f"\n{title}\n\n{said}\n\n({name}: {time.monotonic() - started:.0f} s)",
                    flush=True,
                )


if __name__ == "__main__":
    main()
