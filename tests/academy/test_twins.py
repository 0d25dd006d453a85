"""Each page knows its twin: the same page, with its query, in the other language."""

import re

import pytest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import override

from academy.checks import is_foreign, routes
from academy.pages import twin

# What a route may need; a name that is not here makes the test say so.
ARGUMENTS = {
    "pk": 7, "slug": "a-word", "token": "a-token", "key": "a-key", "uidb36": "1b",
    "provider_id": "staff", "extra": "x", "uid": "u", "name": "cookies",
}  # fmt: skip


def arguments(pattern) -> dict[str, object]:
    wanted = getattr(pattern.pattern, "converters", {}) or pattern.pattern.regex.groupindex
    return {name: ARGUMENTS.get(name, 7) for name in wanted}


def addresses(code: str) -> dict[str, str]:
    """Every route of the language paths, by its name."""
    found = {}
    with override(code):
        for name, pattern in routes():
            if is_foreign(name) and not name.startswith(("account_", "mfa_", "usersessions_")):
                continue
            kwargs = {**pattern.default_args, **arguments(pattern)}
            try:
                found[name] = reverse(name, kwargs=kwargs)
            except NoReverseMatch:
                continue
    return {name: path for name, path in found.items() if path.startswith(f"/{code}/")}


@pytest.mark.parametrize("code", ["en", "cy"])
def test_every_page_has_a_twin_that_leads_back(rf, code):
    other = "cy" if code == "en" else "en"
    here, there = addresses(code), addresses(other)
    wrong = []
    for name, path in here.items():
        with override(code):
            request = rf.get(f"{path}?q=t%C5%B7&page=2")
            request.resolver_match = resolve(path)
            answer = twin(request)
        if answer != f"{there[name]}?q=t%C5%B7&page=2":
            wrong.append((name, answer))

    assert len(here) > 40
    assert wrong == []


def test_a_page_names_itself_and_its_twin(visitor):
    page = visitor.get("/cy/chwilio/?q=t%C5%B7").content.decode()

    assert '<link rel="canonical" href="http://localhost:8000/cy/chwilio/">' in page
    pairs = dict(re.findall(r'<link rel="alternate" hreflang="(..)" href="([^"]+)"', page))
    assert pairs == {
        "cy": "http://localhost:8000/cy/chwilio/?q=t%C5%B7",
        "en": "http://localhost:8000/en/search/?q=t%C5%B7",
    }


def test_a_form_with_errors_still_knows_its_twin(sign_in, person):
    page = sign_in(person).post("/en/ask/?from=home", {"words": ""}).content.decode()

    assert 'href="/cy/gofyn/?from=home"' in page


def test_a_page_that_is_not_there_offers_home_in_the_other_language(visitor):
    page = visitor.get("/en/nothing-here/").content.decode()

    assert re.search(r'<a href="/cy/" lang="cy"', page)
