"""One command for the measurements: scratch servers as durable as real ones, then `bench`."""

from __future__ import annotations

import sys

from devkit import test
from devkit.bootstrap import ROOT, VAR, told


def main(words: list[str]) -> int:
    VAR.mkdir(exist_ok=True)
    python = ROOT / ".venv-bench" / "bin" / "python"
    settings = {"shared_buffers": "512MB", "max_wal_size": "4GB"}
    with test.scratch(str(VAR), **settings) as env:
        env |= {"CHROMIUM": test.browser(), "BENCH_PYTHON": str(python)}
        test.prepared(env)
        return test.run("bench", *words, env=env)


if __name__ == "__main__":
    sys.exit(told(main))
