"""One command for the tests: a browser, scratch servers, then pytest on two cores."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from devkit import commands, keys, processes
from devkit.bootstrap import ROOT, VAR, Trouble, told
from devkit.prepare import Preparation
from devkit.services import HASTE, SITE, Postgres, Valkey
from devkit.supervisor import Supervisor

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "No browser found and no right to install one: apt-get install chromium"
NO_DRIVER = "The browser's driver does not start: apt-get install libatomic1"
GIGABYTE = 1 << 30
# What somebody set for their own academy must not change what is tested.
OURS = re.compile("SITE_|OIDC_|ALLOWED_HOSTS|MAIL_FROM|OPEN_MAIL|DATABASE_POOL|PORT$|VAR_DIR")


def found() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def driver_starts() -> bool:
    """Playwright brings its own Node, which needs a library that a bare Debian lacks."""
    node = SITE / "playwright" / "driver" / "node"
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def install(*packages: str) -> None:
    """With Debian's own tool where we may; whether it went well shows in what is there after."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(packages)} for the tests", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends"]
    nothing = subprocess.DEVNULL
    for words in (["update"], ["install", *packages]):
        command = [*quiet, *words]
        subprocess.run(command, env=env, stdin=nothing, stdout=nothing, check=False)


def browser() -> str:
    """A browser of this machine, else Debian's own where we may install it."""
    if not driver_starts():
        install("libatomic1")
    if not driver_starts():
        raise Trouble(NO_DRIVER)
    here = found()
    if here is None:
        install("chromium", "fonts-liberation")
        here = found()
    if here is None:
        raise Trouble(NO_BROWSER)
    return here


def fast_folder() -> str | None:
    """Memory, where the machine has room in it."""
    room = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
    fits = room.is_dir() and os.access(room, os.W_OK) and shutil.disk_usage(room).free > GIGABYTE
    return str(room) if fits else None


def sweep(where: Path) -> None:
    """What a run that was killed could not remove itself."""
    for folder in where.glob("academy-[0-9]*-*"):
        if not Path("/proc", folder.name.split("-")[1]).exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def scratch(where: str | None, **settings: str) -> Iterator[dict[str, str]]:
    """Servers that live as long as this block, and the environment that names them."""
    processes.die_with_my_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sweep(Path(where or tempfile.gettempdir()))
    with ExitStack() as last:
        mine = tempfile.TemporaryDirectory(prefix=f"academy-{os.getpid()}-", dir=where)
        home = Path(last.enter_context(mine))
        servers: dict[str, Postgres | Valkey] = {
            "DATABASE_URL": Postgres(home / "postgres", max_connections="300", **settings),
            "REDIS_URL": Valkey(home / "broker", commands.BROKER, "The broker"),
            "CACHE_URL": Valkey(home / "cache", commands.CACHE, "The cache"),
        }
        env = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        env |= {name: make() for name, make in keys.MAKERS.items()}
        env["EMAIL_URL"] = "smtp://127.0.0.1:1"  # nobody: what mails, starts its own
        for name, server in servers.items():
            last.callback(server.remove)
            last.callback(server.stop)
            env[name] = server.start()
        yield env


def prepared(env: dict[str, str]) -> None:
    VAR.mkdir(exist_ok=True)
    (VAR / "static").mkdir(exist_ok=True)
    Preparation(Supervisor(env)).words()


def run(*module: str, env: dict[str, str]) -> int:
    command = [*processes.dies_with_parent(signal.SIGTERM), sys.executable, "-m", *module]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def main(words: list[str]) -> int:
    chromium = browser()
    many = [] if any(word.startswith("-n") for word in words) else ["-n", "2", "--dist", "loadfile"]
    with scratch(fast_folder(), **HASTE) as env:
        env |= {"CHROMIUM": chromium, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        prepared(env)
        # The whole server is thrown away: no test waits to drop its database in it.
        return run("pytest", "-p", "no:valkey", "--reuse-db", *many, *words, env=env)


if __name__ == "__main__":
    sys.exit(told(main))
