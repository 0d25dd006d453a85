"""What a Welsh reader meets of the libraries: signing in, account pages, form errors, the admin."""

import re
from collections import Counter
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from devkit import words

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr]|\{\w*\}|<[^>]+>")
ADMIN = Path("contrib", "admin", "locale", "en", "LC_MESSAGES", "djangojs.po")
BORROWED = [message for _source, message in words.borrowed() if message.id]
SCRIPTS = [message for message in words.po(words.package("django") / ADMIN) if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def welsh_of(message: Message, catalog: Catalog) -> list[str]:
    """All plural forms of the Welsh, or the one sentence, or nothing."""
    known = catalog.get(message.id, message.context)
    return [] if known is None or known.fuzzy else forms(known.string)


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def accepted(message: Message) -> list[Counter[str]]:
    """What a form may hold: the same as the English singular or the English plural."""
    return [placeholders(text) for text in forms(message.id)]


@pytest.mark.parametrize(
    ("catalog", "messages"), [(words.PO, BORROWED), (words.JS, SCRIPTS)], ids=["pages", "scripts"]
)
class TestBorrowed:
    def test_every_sentence_a_library_says_has_welsh(self, catalog: Path, messages: list[Message]):
        held = words.po(catalog)

        silent = [m.id for m in messages if not all(welsh_of(m, held) or [""])]

        assert len(messages) > 50
        assert silent == []

    def test_the_welsh_keeps_every_placeholder_and_tag(
        self, catalog: Path, messages: list[Message]
    ):
        held = words.po(catalog)

        broken = [
            form
            for message in messages
            for form in welsh_of(message, held)
            if placeholders(form) not in accepted(message)
        ]

        assert broken == []


@pytest.mark.parametrize(
    ("number", "years", "days"),
    [
        (1, "1 flwyddyn", "1 diwrnod"),
        (2, "2 flynedd", "2 ddiwrnod"),
        (3, "3 blynedd", "3 diwrnod"),
        (5, "5 mlynedd", "5 diwrnod"),
        (6, "6 blynedd", "6 diwrnod"),
    ],
)
def test_numbers_mutate_the_word_after_them(number: int, years: str, days: str):
    compiled = BytesIO()
    write_mo(compiled, words.po(words.PO))
    compiled.seek(0)
    count = GNUTranslations(compiled).ngettext

    assert count("%(num)d year", "%(num)d years", number) % {"num": number} == years
    assert count("%(num)d day", "%(num)d days", number) % {"num": number} == days
