"""Notifications written by one process and sent by the product's own worker to a mail sink."""

from __future__ import annotations

import time
from contextlib import contextmanager
from signal import SIGTERM
from typing import Any

import psycopg
from aiosmtpd.controller import Controller

from bench.scratch import HOUSE, Academy, Scratch
from bench.tables import table
from devkit import commands, processes
from devkit.supervisor import local

PATIENCE = 1800
TITLES = ("way", "messages", "seconds", "messages a second", "mails at the sink")


class Sink:
    """A mail server on this machine that counts and forgets."""

    def __init__(self) -> None:
        self.count = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        self.count += 1
        return "250 OK"


def run(scratch: Scratch, *, people: int, many: int) -> str:
    academy = scratch.academy(people)
    sink = Sink()
    port = processes.free_port()
    door = Controller(sink, hostname="127.0.0.1", port=port)
    door.start()
    env = {**academy.env, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    ours = Academy(people, env)
    try:
        rows = [by_worker(scratch, ours, sink, many), by_sweep(ours, sink, many // 5)]
    finally:
        door.stop()
    return table(TITLES, rows)


def by_worker(scratch: Scratch, academy: Academy, sink: Sink, many: int) -> tuple[str, ...]:
    """The doorbell's way: one task for each message, two processes."""
    with worker(scratch, academy):
        sink.count = 0
        written = academy.asked("bench.posting", "post", many)
        start = time.monotonic() - written["seconds"]
        wait_until_sent(academy, PATIENCE)
        seconds = time.monotonic() - start
    return line("written and sent at once, by the worker", many, seconds, sink)


def by_sweep(academy: Academy, sink: Sink, many: int) -> tuple[str, ...]:
    """The sweep's way, when the doorbell was not heard: one connection, one process."""
    sink.count = 0
    said = academy.asked("bench.posting", "sweep", many)
    return line("found by the sweep, one process", said["sent"], said["seconds"], sink)


def line(way: str, many: int, seconds: float, sink: Sink) -> tuple[str, ...]:
    return (way, f"{many:,}", f"{seconds:.1f}", f"{many / seconds:.0f}", f"{sink.count:,}")


@contextmanager
def worker(scratch: Scratch, academy: Academy) -> Any:
    log = scratch.folder / "worker.log"
    child = processes.start(local(commands.WORKER), log=log, env=academy.env, cwd=HOUSE)
    try:
        processes.wait_until(lambda: "ready" in log.read_text(), child, "The worker", log)
        yield
    finally:
        processes.end(child, SIGTERM, 15)


def wait_until_sent(academy: Academy, seconds: float) -> None:
    end = time.monotonic() + seconds
    waiting = "SELECT count(*) FROM academy_notification WHERE state IN ('waiting', 'sending')"
    with psycopg.connect(academy.env["DATABASE_URL"], autocommit=True) as server:
        while (left := server.execute(waiting).fetchone()) and left[0]:
            if time.monotonic() > end:
                raise SystemExit(f"{left[0]} messages are still waiting")
            time.sleep(0.2)
