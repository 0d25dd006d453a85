"""What a page weighs and when its largest part is seen, in Chromium on a throttled slow 4G line.

The first visit has an empty cache; the repeat is another visit to the same page.
"""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.scratch import Scratch
from bench.tables import said, table

SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
FIRST_KB, REPEAT_KB, PAINT_S = 70, 15, 1.3
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PAINT = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(last), 400);
})"""
TITLES = ("page", "first kB", "goal 70", "repeat kB", "goal 15", "paint s", "goal 1.3", "x plain")


@dataclass(frozen=True)
class Visit:
    first: float
    repeat: float
    paint: float


class Scales:
    """Counts what comes over the line, headers included."""

    def __init__(self, line: CDPSession) -> None:
        self.bytes = 0
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_4G)
        line.on("Network.loadingFinished", self.weigh)

    def weigh(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def read(self) -> float:
        told, self.bytes = self.bytes, 0
        return told / 1000


def visit(browser: Browser, url: str, cookies: list[Any]) -> Visit:
    context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 740})
    try:
        context.add_cookies(cookies)
        page = context.new_page()
        scales = Scales(context.new_cdp_session(page))
        page.goto(url, wait_until="networkidle")
        paint = seen(page)
        first = scales.read()
        page.goto("about:blank")
        scales.read()
        page.goto(url, wait_until="networkidle")
        return Visit(first, scales.read(), paint)
    finally:
        context.close()


def seen(page: Page) -> float:
    milliseconds: float = page.evaluate(PAINT)
    return milliseconds / 1000


def run(scratch: Scratch, *, people: int, visits: int) -> str:
    academy = scratch.academy(people)
    facts = academy.asked("bench.facts")
    wanted = [("plain: NHS style sheet and script alone", "/en/bench/plain/", False)]
    wanted += [(one["name"], one["url"], one["signed_in"]) for one in facts["pages"]]
    with scratch.served(academy) as server, sync_playwright() as playwright:
        home = f"http://127.0.0.1:{server.port}"
        name, _, value = facts["session"].partition("=")
        cookie = {"name": name, "value": value, "url": home}
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"), args=FLAGS
        )
        try:
            visit(chromium, home + wanted[0][1], [])
            found = {
                (title, signed_in): middle(
                    [
                        visit(chromium, home + url, [cookie] if signed_in else [])
                        for _ in range(visits)
                    ]
                )
                for title, url, signed_in in wanted
            }
        finally:
            chromium.close()
    plain = next(iter(found.values()))
    return table(TITLES, [line(title, one, plain) for title, one in found.items()])


def middle(visits: list[Visit]) -> Visit:
    return Visit(
        *(
            statistics.median(getattr(one, name) for one in visits)
            for name in ("first", "repeat", "paint")
        )
    )


def line(title: tuple[str, bool], one: Visit, plain: Visit) -> tuple[str, ...]:
    name, signed_in = title
    return (
        f"{name} (signed in)" if signed_in else name,
        f"{one.first:.1f}",
        said(one.first, FIRST_KB),
        f"{one.repeat:.1f}",
        said(one.repeat, REPEAT_KB),
        f"{one.paint:.2f}",
        said(one.paint, PAINT_S),
        f"{one.paint / plain.paint:.1f}x",
    )
