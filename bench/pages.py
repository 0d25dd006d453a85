"""Pages beside a bare one, at two sizes: one client, requests of all pages in turn.

CPU is what the web and database processes spent on the request, read from the kernel: unlike the
time on the wall it hardly changes when the machine is busy with other things.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.goals import BARE, GROWTH
from bench.scratch import Scratch, Server
from bench.tables import said, table

WARM, ROUNDS = 6, 40
TITLES = ("page", "people", "ms", "CPU ms", "kB", "x bare", "goal", "growth", "goal 1.3x")


@dataclass
class Page:
    name: str
    url: str
    signed_in: bool
    goal: float
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0

    def ms(self) -> float:
        return statistics.median(self.wall) * 1000

    def cpu_ms(self) -> float:
        return statistics.median(self.cpu) * 1000


class Client:
    """One reader of one server."""

    def __init__(self, server: Server, session: str) -> None:
        self.server, self.session = server, session
        self.line = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.database = f"academy_{server.academy.people}".encode()

    def get(self, page: Page) -> None:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "en"}
        if page.signed_in:
            headers["Cookie"] = self.session
        before, start = self.spent(), time.perf_counter()
        self.line.request("GET", page.url, headers=headers)
        answer = self.line.getresponse()
        body = answer.read()
        wall = time.perf_counter() - start
        time.sleep(0.002)  # what the server does after its last byte belongs to the request
        cpu = self.spent() - before
        if answer.status != 200:
            raise SystemExit(f"{page.url} answered {answer.status}")
        page.wall.append(wall)
        page.cpu.append(cpu)
        page.size = len(body)

    def spent(self) -> float:
        """Seconds of CPU of the web workers and of the database's processes for this database."""
        return sum(map(seconds, [*children(self.server.pid), *self.backends()]))

    def backends(self) -> Iterator[int]:
        for pid in children(self.server.academy.postmaster()):
            try:
                if self.database in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield pid
            except OSError:
                continue


def children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def seconds(pid: int) -> float:
    """CPU of all threads, in nanoseconds by the kernel's scheduler."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/schedstat"))
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        return 0.0


def run(scratch: Scratch, *, sizes: tuple[int, int], rounds: int = ROUNDS) -> str:
    academies = [scratch.academy(people) for people in sizes]
    with ExitStack() as last:
        servers = [last.enter_context(scratch.served(one)) for one in academies]
        facts = [one.asked("bench.facts") for one in academies]
        clients = [
            Client(server, one["session"]) for server, one in zip(servers, facts, strict=True)
        ]
        pages = [[Page(**page) for page in one["pages"]] for one in facts]
        for number in range(WARM + rounds):
            for pair in zip(*pages, strict=True):
                for client, page in zip(clients, pair, strict=True):
                    if number == WARM:
                        page.wall.clear()
                        page.cpu.clear()
                    client.get(page)
    held = [counted(one) for one in facts]
    seeded = "\n".join(one.seeded for one in academies)
    return f"{seeded}\n\n{' and '.join(held)}\n{shown(*pages, sizes=sizes)}"


def counted(facts: dict[str, Any]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in facts["rows"].items())


def shown(small: list[Page], large: list[Page], *, sizes: tuple[int, int]) -> str:
    rows = []
    for one, many in zip(small, large, strict=True):
        for people, page, all_ in zip(sizes, (one, many), (small, large), strict=True):
            rows.append(line(page, people, bare_of(page, all_), one if page is many else None))
    return table(TITLES, rows)


def bare_of(page: Page, pages: list[Page]) -> Page:
    return next(one for one in pages if one.name == BARE and one.signed_in == page.signed_in)


def line(page: Page, people: int, bare: Page, smaller: Page | None) -> tuple[str, ...]:
    ratio, measured = page.cpu_ms() / bare.cpu_ms(), page is not bare
    growth = page.cpu_ms() / smaller.cpu_ms() if smaller else 0
    return (
        f"{page.name} (signed in)" if page.signed_in else page.name,
        f"{people:,}",
        f"{page.ms():.1f}",
        f"{page.cpu_ms():.1f}",
        f"{page.size / 1000:.1f}",
        f"{ratio:.1f}x" if measured else "",
        f"{page.goal:.0f}x {said(ratio, page.goal)}" if page.goal else "",
        f"{growth:.1f}x" if growth and measured else "",
        said(growth, GROWTH) if growth and page.goal else "",
    )
