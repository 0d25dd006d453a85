"""Everything a machine can judge without running the product; two judges at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devkit import keys
from devkit.bootstrap import ROOT, VAR, told

BIN = Path(sys.executable).parent
JUDGES = {
    "types": ("mypy", "."),
    "style": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "imports": ("lint-imports",),
    "templates": ("djlint", "templates", "--lint"),
    "migrations": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "Welsh": ("python", "-m", "devkit.words", "check"),
    "deployment": ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}
# As in production, with servers nobody answers at: no judge needs one.
PRODUCTION = {
    "SITE_URL": "https://academy.example.org",
    "ALLOWED_HOSTS": "academy.example.org",
    "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/academy",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


def judge(command: tuple[str, ...]) -> tuple[int, str]:
    first, *rest = command
    env = {**os.environ, **PRODUCTION, **{name: make() for name, make in keys.MAKERS.items()}}
    done = subprocess.run(
        [str(BIN / first), *rest],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def main(names: list[str]) -> int:
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    chosen = {name: JUDGES[name] for name in names or JUDGES}
    failed = []
    with ThreadPoolExecutor(2) as two:
        for name, (status, words) in zip(chosen, two.map(judge, chosen.values()), strict=True):
            print(f"{'ok  ' if status == 0 else 'FAIL'}  {name}", flush=True)
            if status:
                failed.append(name)
                print(words, flush=True)
    if failed:
        print(f"make check: {', '.join(failed)} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(told(main))
