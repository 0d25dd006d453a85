"""A person in front of a browser: they go, follow, press, fill and see; every page is axe-clean."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from devkit import keys
from tests.journeys.running import PASSWORD, TOTP_SECRET, Academy

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": STANDARDS}


def complaints(page: Page) -> list[str]:
    """What axe finds wrong, and whether the page can be scrolled sideways."""
    page.evaluate(AXE)  # not add_script_tag, which our own policy blocks
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    lines = [
        f"{one['id']}: {one['help']} at {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if wide > window:
        lines.append(f"wider than the window: {wide} in {window}")
    return lines


class Reader:
    def __init__(self, page: Page, academy: Academy, language: str = "en") -> None:
        self.page, self.academy, self.language = page, academy, language
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))

    def _hear(self, message) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _arrived(self) -> None:
        """Look at the page as a strict reader would: once for each address and heading."""
        self.page.wait_for_load_state("load")
        heading = self.page.locator("h1").first
        here = f"{self.page.url.split('?')[0]} {heading.inner_text() if heading.count() else ''}"
        if here in self.seen or not self.page.url.startswith(self.academy.url):
            return
        self.seen.add(here)
        found = complaints(self.page)
        assert not found, f"{here}: {found}"
        code = self.page.locator("html").get_attribute("lang")
        if f"/{self.language}/" in self.page.url:
            assert code == self.language, f"{here} speaks {code}"
        assert not self.wrong, f"{here}: {self.wrong}"

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.academy.url}{path}")
        self._arrived()

    def follow(self, words: str | re.Pattern[str], *, within: str = "body") -> None:
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self._arrived()

    def press(self, words: str | re.Pattern[str], *, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=words).first.click()
        self._arrived()

    def fill(self, label: str | re.Pattern[str], words: str) -> None:
        self.page.get_by_label(label).first.fill(words)

    def tick(self, label: str | re.Pattern[str]) -> None:
        self.page.get_by_label(label).first.check()

    def choose(self, label: str | re.Pattern[str], option: str) -> None:
        self.page.get_by_label(label).first.select_option(label=option)

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main").get_by_text(words).first).to_be_visible()

    def sees_not(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main").get_by_text(words)).to_have_count(0)

    def reads(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def picture(self, name: str) -> None:
        """Kept beside the test's results, for people to look at."""
        folder = Path("test-results") / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(folder / f"{name}-{self.language}.png"), full_page=True)

    def sign_in(self, address: str, *, password: str = PASSWORD, path: str = "") -> None:
        """By e-mail and password, with the second factor where the role asks for one."""
        words = SIGN_IN[self.language]
        self.go(path or words["path"])
        self.page.locator("#id_login").fill(address)
        self.page.locator("#id_password").fill(password)
        self.press(words["button"])
        if self.page.locator("#id_code").count():
            self.page.locator("#id_code").fill(fresh_code(address))
            self.page.locator("main form button[type=submit], main form button").first.click()
            self._arrived()


SIGN_IN = {
    "en": {"path": "/en/account/sign-in/", "button": "Sign in"},
    "cy": {"path": "/cy/cyfrif/mewngofnodi/", "button": "Mewngofnodi"},
}
_used: set[tuple[str, str]] = set()


def fresh_code(address: str) -> str:
    """A second-factor code this person has not used: each is good once, so sometimes one waits."""
    while (address, code := keys.code(TOTP_SECRET, at=time.time())) in _used:
        time.sleep(0.5)
    _used.add((address, code))
    return code
