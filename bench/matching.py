"""Matching beside its peers, side by side in one run: `python -m bench.matching`.

Each measurement has a process of its own, so that peaks of memory are its own, and one thread:
more threads for small products cost more than they bring. Absolute times belong to the machine and
the day; the ratios are what is meant.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PEERS = HOUSE / ".venv-bench"
SIZES = {
    (1_000, 300): ("scipy", "greedy", "matching"),
    (10_000, 2_000): ("scipy", "greedy"),
    (100_000, 20_000): (),
}
DIRECTORIES = (10_000, 20_000)
TITLES = ("pool", "way", "CPU seconds", "x ours", "peak MB", "matched", "% of optimum", "proof")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; what does not apply is empty."""

    pool: str
    way: str
    seconds: str
    times_ours: str = ""
    megabytes: str = ""
    matched: str = ""
    of_optimum: str = ""
    proof: str = ""


def run(*, largest: bool = True) -> list[Row]:
    """All rows; without `largest` the pool of 100,000, which takes minutes, is left out."""
    environment()
    rows = []
    for (askers, mentors), peers in SIZES.items():
        if peers or largest:
            rows += compared(askers, mentors, peers)
    for mentors in DIRECTORIES:
        found = ours("suggestions", 1, mentors)
        rows.append(Row(f"1 x {mentors:,}", "ours: suggestions", f"{found['seconds']:.3f}"))
    return rows


def compared(askers: int, mentors: int, peers: tuple[str, ...]) -> list[Row]:
    found = {"ours": ours("round", askers, mentors)}
    with tempfile.TemporaryDirectory() as folder:
        table = str(Path(folder) / "table.npz")
        if peers:
            ours("table", askers, mentors, table)
        for way in peers:
            found[way] = measured(PEERS / "bin/python", "bench.matching_peers", way, table)
    best = found.get("scipy", {}).get("score")
    return [
        Row(
            pool=f"{askers:,} x {mentors:,}",
            way=way,
            seconds=f"{one['seconds']:.3f}",
            times_ours=f"{one['seconds'] / found['ours']['seconds']:.1f}",
            megabytes=f"{one['megabytes']:.0f}",
            matched=f"{one['matched']:,.0f}",
            of_optimum=f"{100 * one['score'] / best:.3f}" if best else "",
            proof=f"at most {one['gap']:.0f} missing" if "gap" in one else "",
        )
        for way, one in found.items()
    ]


def ours(*words: object) -> dict[str, float]:
    return measured(Path(sys.executable), "bench.matching_ours", *words)


def measured(python: Path, module: str, *words: object) -> dict[str, float]:
    """What the process says of itself in its last line."""
    said = subprocess.run(
        [python, "-m", module, *map(str, words)],
        cwd=HOUSE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        stdout=subprocess.PIPE,
    )
    answer: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return answer


def environment() -> None:
    """The peers live in an environment that the product never sees."""
    if not (PEERS / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        locked = ["--require-hashes", "--no-deps", "-r", str(HOUSE / "requirements/bench.txt")]
        subprocess.run(
            [str(PEERS / "bin/python"), "-m", "pip", "install", "-q", *locked], check=True
        )


def table(rows: list[Row]) -> str:
    lines = [TITLES, *(astuple(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


if __name__ == "__main__":
    print(table(run(largest="--small" not in sys.argv)))
