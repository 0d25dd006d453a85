"""One command to a running academy: servers, database, then every process until Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Protocol

from devkit import commands, keys, probe, processes
from devkit.bootstrap import VAR, Trouble, told
from devkit.prepare import Preparation
from devkit.services import Postgres, Valkey
from devkit.supervisor import Stopped, Supervisor, say

# The sample people to sign in as, and what each of them has to show.
PEOPLE = {
    "improver1": "has a mentor and a coach, a meeting planned and times to choose from",
    "mentor1": "a desk with pairs of every kind, requests, office hours, a circle",
    "coach1": "the same for an improvement coach, with a log and credentials",
    "supervisor1": "leads a supervision group that coaches have booked",
    "manager1": "a line manager: two of a team of three let counts be seen",
}
STAFF = {
    "coordinator1": "rounds, a what-if, fairness, weather, supply, coffee, the register",
    "safeguarding1": "two concerns, one new and one taken",
    "curator1": "courses, dates and who is on them",
    "lead1": "who of one organisation has booked",
    "administrator1": "people, accounts and settings",
}


class Service(Protocol):
    def start(self) -> str: ...
    def alive(self) -> bool: ...
    def stop(self) -> None: ...


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Trouble(f"{name} must be a port number, not {value!r}")
    return int(value)


def free(name: str, default: int) -> int:
    port = number(name, default)
    if processes.port_open(port):
        raise Trouble(f"Port {port} is in use; choose another: {name}={port + 1} make run")
    return port


@contextmanager
def only_one() -> Iterator[None]:
    VAR.mkdir(exist_ok=True)
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble("It is already running from this folder") from None
        yield


class Academy:
    """What one `make run` holds: its settings, its own servers and its processes."""

    def __init__(self) -> None:
        self.port = free("PORT", 8000)
        self.keys = keys.kept()
        here = f"http://localhost:{self.port}"
        given = {"SITE_URL": here, "ALLOWED_HOSTS": "localhost,127.0.0.1"}
        given |= {name: value for name, value in os.environ.items() if value}
        self.env = {**given, **self.keys, "PORT": str(self.port)}
        self.env["GUNICORN_CMD_ARGS"] = f"--bind 127.0.0.1:{self.port}"
        # Root on one's own machine needs no telling at each start.
        self.env["PYTHONWARNINGS"] = "ignore:You're running the worker"
        self.servers: list[Service] = []
        self.inbox = 0 if "EMAIL_URL" in self.env else free("INBOX_PORT", (self.port + 25) % 65536)
        self.own_database = "DATABASE_URL" not in self.env
        self.supervisor = Supervisor(self.env)

    def start_servers(self) -> None:
        wanted: Mapping[str, Service] = {
            "DATABASE_URL": Postgres(VAR / "postgres"),
            "REDIS_URL": Valkey(VAR / "broker", commands.BROKER, "The broker"),
            "CACHE_URL": Valkey(VAR / "cache", commands.CACHE, "The cache"),
        }
        for name, server in wanted.items():
            if name not in self.env:
                self.servers.append(server)
                self.set(name, server.start())
        if self.inbox:
            port = processes.kept_port(VAR / "smtp-port")
            self.set("EMAIL_URL", f"smtp://127.0.0.1:{port}")
            self.set("SMTP_PORT", str(port))
            self.set("INBOX_PORT", str(self.inbox))

    def set(self, name: str, value: str) -> None:
        self.env[name] = self.supervisor.env[name] = value

    def prepare(self) -> None:
        preparation = Preparation(self.supervisor)
        (VAR / "beat").mkdir(exist_ok=True)
        preparation.words()
        preparation.static()
        if self.own_database:
            preparation.own_database(VAR / "postgres")
        else:
            preparation.given_database(self.env["DATABASE_URL"])

    def launch(self) -> None:
        for name, command in commands.RUNNING.items():
            if name != "inbox" or self.inbox:
                self.supervisor.launch(name, command)

    def answers(self) -> bool:
        return 0 < probe.answer(self.port, "/health/live", self.env["SITE_URL"]) < 500

    def watch(self, started: float) -> None:
        ready = False
        while not self.supervisor.stopping.wait(0.2):
            if not ready and self.supervisor.children["web"].poll() is not None:
                raise Trouble("The web server did not start; its own words are above")
            for server in self.servers:
                self.tend(server)
            self.supervisor.tend()
            if not ready and self.answers():
                ready = True
                self.welcome(time.monotonic() - started)

    def tend(self, server: Service) -> None:
        if not server.alive():
            self.supervisor.note_end("run", "a server ended; starting it again")
            server.start()

    def welcome(self, seconds: float) -> None:
        say("run", f"Ready after {seconds:.1f} s: {self.env['SITE_URL'].rstrip('/')}/")
        if self.inbox:
            say("run", f"Every mail it sends: http://localhost:{self.inbox}/")
        say("run", f"Sample sign-ins, password {self.keys['SAMPLE_PASSWORD']}")
        for name, shows in PEOPLE.items():
            say("run", f"  {name}@example.org: {shows}")
        say("run", "With a second factor, whose code make code prints:")
        for name, shows in STAFF.items():
            say("run", f"  {name}@example.org: {shows}")
        say("run", "Ctrl-C stops it")

    def stop(self) -> None:
        since = time.monotonic()
        self.supervisor.stop()
        for server in reversed(self.servers):
            server.stop()
        say("run", f"All stopped in {time.monotonic() - since:.1f} s")


def main(_words: list[str]) -> int:
    started = time.monotonic()
    processes.die_with_my_parent()
    with only_one(), ExitStack() as last:
        academy = Academy()
        academy.supervisor.heed_signals()
        last.callback(academy.stop)
        with suppress(Stopped):
            academy.start_servers()
            academy.prepare()
            academy.launch()
            academy.watch(started)
    return 0


if __name__ == "__main__":
    sys.exit(told(main))
