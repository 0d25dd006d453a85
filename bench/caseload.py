"""The desk of a mentor with 200 people beside one with three, and beside a bare page."""

from __future__ import annotations

from bench.goals import BARE
from bench.pages import WARM, Client, Page
from bench.scratch import Scratch
from bench.tables import table

TITLES = ("page", "people", "queries", "ms", "CPU ms", "kB", "x bare", "x smallest")


def run(scratch: Scratch, *, people: int, rounds: int) -> str:
    academy = scratch.academy(people)
    facts = academy.asked("bench.desks")
    desks = facts["desks"]
    with scratch.served(academy) as server:
        clients = [Client(server, one["session"]) for one in desks]
        pages = [Page("desk", facts["url"], True, 0) for _desk in desks]
        bare = Page(BARE, facts["bare"], True, 0)
        for number in range(WARM + rounds):
            for client, page in zip([clients[0], *clients], [bare, *pages], strict=True):
                if number == WARM:
                    page.wall.clear()
                    page.cpu.clear()
                client.get(page)
    rows = [line(bare, "", "", bare, bare)]
    rows += [
        line(page, str(one["people"]), str(one["queries"]), bare, pages[0])
        for one, page in zip(desks, pages, strict=True)
    ]
    return table(TITLES, rows)


def line(page: Page, people: str, queries: str, bare: Page, smallest: Page) -> tuple[str, ...]:
    return (
        page.name,
        people,
        queries,
        f"{page.ms():.1f}",
        f"{page.cpu_ms():.1f}",
        f"{page.size / 1000:.1f}",
        f"{page.cpu_ms() / bare.cpu_ms():.1f}x",
        f"{page.cpu_ms() / smallest.cpu_ms():.1f}x",
    )
