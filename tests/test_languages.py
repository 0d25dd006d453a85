"""Every page in Welsh, and no English left on it but what is marked as English."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from devkit import words
from tests.everywhere import VISITOR, build
from tests.test_permission_matrix import DEAD_LINKS, TABLE

# Words no Welsh sentence holds. ("a", "i", "o", "am", "is", "no", "of" are Welsh words too.)
ENGLISH_WORDS = """
    the and your you with for this that are have from will please it was when which what who how
    sign course courses find they there their would could should about our been but not
"""
ENGLISH = set(ENGLISH_WORDS.split())
# Welsh words with another form before a vowel: nobody knows which name or number comes next.
BEFORE_A_VOWEL = re.compile(
    r"\b(?<!’)(gydag?|a|ac|â|ag|nag?|tuag?)[\s:(“]+(<[^>]+>)?[(“]*(%\(|\{)", re.I
)
SILENT = {"script", "style", "svg", "code"}
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect", "line", "use", "col"}
ORDER = (
    VISITOR,
    "owner",
    "mentor",
    "coach",
    "coordinator",
    "curator",
    "organisation_lead",
    "administrator",
    "safeguarding_lead",
)
# Plain data and pages that are in both languages by themselves.
OTHER = {
    "landing",
    "live",
    "ready",
    "connections:caseload_export",
    "connections:meeting_calendar",
    "capability:roster_csv",
    "export",
}


class Heard(HTMLParser):
    """What a page says in its own language: texts and the attributes people hear or read."""

    def __init__(self):
        super().__init__()
        self.languages, self.texts = [("html", "")], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        language = found.get("lang") or self.languages[-1][1]
        if tag not in VOID:
            self.languages.append((tag, "silent" if tag in SILENT else language))
        if language != "en":
            for name in ("aria-label", "alt", "title", "placeholder", "content"):
                if found.get(name) and not (
                    name == "content" and found.get("name") != "description"
                ):
                    self.texts.append(found[name])
            if tag == "input" and found.get("type") == "submit":
                self.texts.append(found.get("value", ""))

    def handle_endtag(self, tag):
        for place in range(len(self.languages) - 1, 0, -1):
            if self.languages[place][0] == tag:
                del self.languages[place:]
                return

    def handle_data(self, data):
        if self.languages[-1][1] not in ("en", "silent") and data.strip():
            self.texts.append(data.strip())


def english_in(html):
    heard = Heard()
    heard.feed(html)
    return [
        text
        for text in heard.texts
        if set(re.findall(r"[a-z']+", text.lower().replace("’", "'"))) & ENGLISH
    ]


def test_the_ear_hears_english_and_is_deaf_to_what_is_marked():
    assert english_in("<p>Find the course</p>") == ["Find the course"]
    assert english_in('<p lang="en">Find the course</p><p>Dewch o hyd i’r cwrs</p>') == []
    assert english_in('<input type="submit" value="Sign in"><a aria-label="You are here">x</a>')


@pytest.fixture
def world(db):
    for person in (built := build()).people.values():
        person.language = "cy"
        person.save(update_fields=["language"])
    return built


def test_no_page_keeps_english_on_its_welsh_side(world):
    clients = {}
    for reader in ORDER:
        clients[reader] = Client()
        if reader != VISITOR:
            clients[reader].force_login(world.people[reader])
    left, walked = {}, 0
    for name, welcome in TABLE.items():
        if name in OTHER | DEAD_LINKS:
            continue
        reader = next(one for one in ORDER if one in welcome)
        with translation.override("cy"):
            address = world.address(name)
        response = clients[reader].get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        walked += 1
        html = response.content.decode()
        if 'lang="cy"' not in html.split(">", 3)[1] + html.split(">", 3)[2]:
            left[name] = "does not speak Welsh"
        elif found := english_in(html):
            left[name] = found[:5]
    assert walked > 60
    assert not left, "\n".join(f"{name}: {found}" for name, found in left.items())


def test_every_address_has_welsh_words_of_its_own(world):
    same, taken = [], {}
    for name in TABLE:
        with translation.override("en"):
            english = world.address(name)
        with translation.override("cy"):
            welsh = world.address(name)
        if english.startswith("/en/") and english[4:] == welsh[4:] and english[4:]:
            same.append(name)
        taken.setdefault(welsh, []).append(name)
    assert not same
    assert not [names for names in taken.values() if len(names) > 1]


@pytest.mark.parametrize("role", ["curator", "coordinator", "administrator"])
def test_the_admin_speaks_welsh_too(world, role):
    client = Client()
    client.force_login(world.people[role])
    left = {}
    index = client.get("/admin/").content.decode()
    for address in [
        "/admin/",
        *sorted(set(re.findall(r'href="(/admin/[a-z]+/[a-z]+/(?:add/)?)"', index))),
    ]:
        if found := english_in(client.get(address).content.decode()):
            left[address] = found[:5]
    assert not left, "\n".join(f"{address}: {found}" for address, found in left.items())


def test_a_word_that_changes_before_a_vowel_is_known():
    for said in ("gyda %(name)s", "Rydych chi a %(name)s", "â <b>{name}</b>", "na “%(words)s”"):
        assert BEFORE_A_VOWEL.search(said), said
    for said in ("%(name)s a chithau", "rhwng %(name)s ac arall", "da %(name)s", "%(a)s – %(b)s"):
        assert not BEFORE_A_VOWEL.search(said), said


def test_no_welsh_word_that_changes_before_a_vowel_stands_before_a_name():
    """“gyda” is wrong for Aisha, Owen and Eleri, “gydag” for everybody else."""
    wrong = [
        said
        for message in words.po(words.PO)
        if message.id
        for said in ([message.string] if isinstance(message.string, str) else message.string)
        if BEFORE_A_VOWEL.search(said)
    ]
    assert not wrong, "\n".join(wrong)
