"""Databases of sample academies, and the product served over them; `make bench` gives the servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from typing import Any
from urllib.parse import urlsplit

import psycopg

from devkit import commands, processes
from devkit.supervisor import local

HOUSE = Path(__file__).resolve().parent.parent
WORKERS = "2"
PARENTS: dict[int, int] = {}
PATIENCE = 60  # seconds until a server must answer


def other_database(name: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def manage(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=HOUSE, env=env, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


@dataclass(frozen=True)
class Academy:
    """One sample academy: how many people, the environment that names its database, its seeding."""

    people: int
    env: dict[str, str]
    seeded: str = ""

    def postmaster(self) -> int:
        """The process that is the parent of every connection's process."""
        if self.people not in PARENTS:
            with psycopg.connect(self.env["DATABASE_URL"]) as server:
                pid = server.info.backend_pid
                status = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                PARENTS[self.people] = int(status[1])
        return PARENTS[self.people]

    def asked(self, module: str, *words: object) -> Any:
        """What the main() of a module of ours finds, run inside this academy."""
        command = [sys.executable, "-m", "bench.inside", module, *map(str, words)]
        said = subprocess.run(command, cwd=HOUSE, env=self.env, check=True, stdout=subprocess.PIPE)
        return json.loads(said.stdout.splitlines()[-1])


class Scratch:
    """Each size of academy is made once in a run; static files are published into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.env = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_POOL": "6",
            "PYTHONWARNINGS": "ignore",
        }
        self.folder = folder
        self.made: dict[int, Academy] = {}
        self.ready = False

    def academy(self, people: int) -> Academy:
        if people not in self.made:
            self.made[people] = self.seed(people)
        return self.made[people]

    def bare(self, name: str) -> Academy:
        """One with reference data alone, for a measurement that makes its own people."""
        return Academy(0, self.database(name))

    def database(self, name: str) -> dict[str, str]:
        """The environment of a new database, a copy of one that is migrated."""
        if not self.ready:
            manage(self.env, "collectstatic", "--noinput", "-v0")
            manage(self.env, "migrate", "--noinput", "-v0")
            manage(self.env, "load_reference")
            self.ready = True
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            # a name of our own making
            server.execute(f"CREATE DATABASE academy_{name} TEMPLATE academy")
        return {**self.env, "DATABASE_URL": other_database(f"academy_{name}")}

    def seed(self, people: int) -> Academy:
        env = self.database(str(people))
        started = time.monotonic()
        said = manage(env, "seed_sample", "--people", str(people)).strip()
        seconds = time.monotonic() - started
        with psycopg.connect(env["DATABASE_URL"], autocommit=True) as server:
            server.execute("VACUUM ANALYZE")  # what autovacuum would do in the first hour
        return Academy(
            people, env, f"{people:,} people seeded in {seconds:.0f} s\n{indented(said)}"
        )

    @contextmanager
    def served(self, academy: Academy) -> Iterator[Server]:
        """The product as `make run` starts it, with two workers."""
        port = processes.free_port()
        host = f"http://127.0.0.1:{port}"
        env = {**academy.env, "SITE_URL": host, "ALLOWED_HOSTS": "127.0.0.1"}
        env["GUNICORN_CMD_ARGS"] = f"--bind 127.0.0.1:{port} --workers {WORKERS} --keep-alive 30"
        log = self.folder / f"web-{academy.people}.log"
        child = processes.start(local(commands.WEB), log=log, env=env, cwd=HOUSE)
        try:
            wait_for(f"{host}/health/live", child, log)
            yield Server(academy, port, child.pid)
        finally:
            processes.end(child, SIGTERM, 12)


@dataclass(frozen=True)
class Server:
    academy: Academy
    port: int
    pid: int


def wait_for(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"The server does not answer: {log.read_text()[-2000:]}")


def indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
