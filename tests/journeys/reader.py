"""A person in front of a browser: they go, follow, press, fill and see; every page is axe-clean."""

from __future__ import annotations

import re
import time
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from devkit import keys
from tests.journeys.running import PASSWORD, TOTP_SECRET, Academy

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Django's own tables in the admin have headings without words; the standards themselves hold there.
ADMIN_STANDARDS = STANDARDS[:-1]
Words = str | re.Pattern[str]


def complaints(page: Page) -> list[str]:
    """What axe finds wrong, and whether the page can be scrolled sideways."""
    page.evaluate(AXE)  # not add_script_tag, which our own policy blocks
    standards = ADMIN_STANDARDS if "/admin/" in page.url else STANDARDS
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", standards)
    lines = [
        f"{one['id']}: {one['help']} at {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if wide > window:
        lines.append(f"wider than the window: {wide} in {window}")
    return lines


class Reader:
    def __init__(
        self, page: Page, academy: Academy, language: str = "en", *, script: bool = True
    ) -> None:
        self.page, self.academy, self.language, self.script = page, academy, language, script
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))

    def _hear(self, message) -> None:
        styled = "/admin/" in self.page.url and "inline style" in message.text  # select2's own
        answered = re.search("status of (4..|503)", message.text)  # pages, not mistakes
        if message.type == "error" and not answered and not styled:
            self.wrong.append(f"console: {message.text}")

    def arrived(self) -> None:
        """Look at the page as a strict reader would: once for each address and heading."""
        self.page.wait_for_load_state("load")
        heading = self.page.locator("h1").first
        here = f"{self.page.url.split('?')[0]} {heading.inner_text() if heading.count() else ''}"
        if here in self.seen or not self.page.url.startswith(self.academy.url):
            return
        self.seen.add(here)
        if self.script:  # axe is one
            found = complaints(self.page)
            assert not found, f"{here}: {found}"
        code = self.page.locator("html").get_attribute("lang")
        if f"/{self.language}/" in self.page.url:
            assert code == self.language, f"{here} speaks {code}"
        assert not self.wrong, f"{here}: {self.wrong}"

    def say(self, words: Words, **facts: object) -> Words:
        """Our own words in this person's language, as the catalogue has them."""
        if isinstance(words, re.Pattern):
            return words
        with override(self.language):
            said = gettext(words)
        return said % facts if facts else said

    def like(self, words: str) -> re.Pattern[str]:
        """Our own words with anything at all where they hold a place for facts."""
        parts = re.split(r"%\(\w+\)s", str(self.say(words)))
        return re.compile(".+".join(re.escape(part) for part in parts))

    def at(self, name: str, *args: object) -> str:
        with override(self.language):
            return reverse(name, args=args)

    def stem(self, name: str) -> str:
        """What all addresses of this kind begin with, whatever their number."""
        return self.at(name, 0).split("0")[0]

    def number(self) -> int:
        """The number in the address of this page."""
        found = re.search(r"/(\d+)/", self.page.url)
        assert found, self.page.url
        return int(found.group(1))

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.academy.url}{path}")
        self.arrived()

    def visit(self, name: str, *args: object) -> None:
        self.go(self.at(name, *args))

    def follow(self, words: Words, *, within: str = "main") -> None:
        self._click(self.page.locator(within).get_by_role("link", name=self.say(words)).first)

    def follow_to(self, name: str, *args: object, within: str = "main") -> None:
        """By where the link goes, for links whose words are part of a sentence."""
        self._click(self.page.locator(f'{within} a[href^="{self.at(name, *args)}"]').first)

    def follow_first(self, name: str, *, within: str = "main") -> None:
        """The first link to anything of this kind, whatever its number."""
        self._click(self.page.locator(f'{within} a[href^="{self.stem(name)}"]').first)

    def press(self, words: Words, *, within: str = "main") -> None:
        self._click(self.page.locator(within).get_by_role("button", name=self.say(words)).first)

    def _click(self, thing: Locator) -> None:
        with self.page.expect_navigation():
            thing.click()
        self.arrived()

    def tab_to(self, selector: str) -> None:
        """Press Tab, as somebody without a mouse does, until this is what the keys act on."""
        for _press in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached with Tab at {self.page.url}")

    def save(self, name: str = "_save", *, says: str = "success") -> None:
        """A button of the admin's forms, and what kind of message it answers with."""
        self._click(self.page.locator(f"input[name='{name}']").first)
        expect(self.page.locator(f".messagelist .{says}").first).to_be_visible()

    def fill(self, label: Words, words: str) -> None:
        self.page.get_by_label(self.say(label)).first.fill(words)

    def tick(self, label: Words) -> None:
        self.page.get_by_label(self.say(label)).first.check()

    def sees(self, words: Words, *, seconds: float = 10, **facts: object) -> None:
        said = self.page.locator("main").get_by_text(self.say(words, **facts)).first
        expect(said).to_be_visible(timeout=seconds * 1000)

    def sees_not(self, words: Words) -> None:
        expect(self.page.locator("main").get_by_text(self.say(words))).to_have_count(0)

    def reads(self, heading: Words, **facts: object) -> None:
        title = self.page.get_by_role("heading", level=1)
        expect(title).to_contain_text(self.say(heading, **facts))

    def picture(self, name: str) -> None:
        """Kept beside the test's results, for people to look at."""
        folder = Path("var") / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(folder / f"{name}-{self.language}.png"), full_page=True)

    def sign_in(self, address: str, *, password: str = PASSWORD) -> None:
        """By e-mail and password, with the second factor where the role asks for one."""
        self.visit("account_login")
        self.sign_in_here(address, password=password)

    def sign_in_here(self, address: str, *, password: str = PASSWORD) -> None:
        self.page.locator("#id_login").fill(address)
        self.page.locator("#id_password").fill(password)
        self.press("Sign in")
        if self.page.locator("#id_code").count():
            self.page.locator("#id_code").fill(fresh_code(address))
            self.press("Sign in")


_used: set[tuple[str, str]] = set()


STEP, NEARLY_OVER = 30, 5  # seconds a code is good for, and too few of them to type it in


def fresh_code(address: str) -> str:
    """A second-factor code this person has not used, good for some seconds: sometimes one waits."""
    while (address, code := keys.code(TOTP_SECRET, at=(at := time.time()))) in _used or (
        at % STEP > STEP - NEARLY_OVER
    ):
        time.sleep(0.5)
    _used.add((address, code))
    return code
