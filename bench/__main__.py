"""`make bench`: all parts; `make bench ARGS="pages weight"`: those; `--large`: 100,000 people.

Only what stands in one run side by side may be compared: times belong to the machine and the day.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import matching, outbox, pages, suggestions, weight
from bench.scratch import Scratch

SAMPLE, MIDDLE, LARGE = 400, 10_000, 100_000
Part = Callable[[Scratch, bool], str]
PARTS: dict[str, tuple[str, Part]] = {
    "pages": (
        "Pages beside a bare page of 20 rows on the same server and data",
        lambda scratch, large: pages.run(scratch, sizes=(SAMPLE, LARGE if large else MIDDLE)),
    ),
    "weight": (
        "Weight and largest contentful paint on a slow 4G line, in Chromium",
        lambda scratch, large: weight.run(scratch, people=SAMPLE),
    ),
    "outbox": (
        "Messages from the outbox to a mail server, by the running worker",
        lambda scratch, large: outbox.run(scratch, people=SAMPLE),
    ),
    "suggestions": (
        "Suggestions for one request, from the database and back",
        lambda scratch, large: suggestions.run(scratch, people=LARGE if large else MIDDLE),
    ),
    "matching": (
        "Matching beside its peers",
        lambda scratch, large: matching.table(matching.run(largest=large)),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--large", action="store_true", help="100,000 people; takes minutes")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        scratch = Scratch(Path(folder))
        for name, (title, part) in PARTS.items():
            if name in asked.parts or not asked.parts:
                started = time.monotonic()
                said = part(scratch, asked.large)
                print(f"\n{title}\n\n{said}\n\n({name}: {time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
