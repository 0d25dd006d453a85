"""The house rules a machine can keep. Each walker is shown a planted mistake and must find it."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.urls import clear_url_caches, path

from academy import checks, hooks

ROOT = Path(__file__).parent.parent
HOUSE = ("academy", "capability", "conditions", "connections")
PILLARS = HOUSE[1:]
INLINE = re.compile(
    r"<script(?![^>]*\b(src=|application/json))|<style|\sstyle="
    r"|\son(click|load|submit|change|input|key\w+)="
)
# A true key across pillars is one decision record and one line here.
CROSS_PILLAR_KEYS: set[str] = set()


def sources() -> list[Path]:
    return [
        file
        for room in HOUSE
        for file in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            yield name, node


def keywords(call: ast.Call) -> set[str]:
    return {keyword.arg for keyword in call.keywords if keyword.arg}


def time_kept_by_the_broker(source: str) -> list[int]:
    return [
        call.lineno
        for name, call in calls(ast.parse(source))
        if {"countdown", "eta"} & keywords(call) or (name == "retry" and "exc" in keywords(call))
    ]


def locks_without_strength(source: str) -> list[int]:
    return [
        call.lineno
        for name, call in calls(ast.parse(source))
        if name == "select_for_update" and "no_key" not in keywords(call)
    ]


def forms_that_take_any_field(source: str) -> list[int]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            for line in node.body:
                named = {
                    target.id
                    for target in getattr(line, "targets", [])
                    if isinstance(target, ast.Name)
                }
                value = getattr(getattr(line, "value", None), "value", None)
                if "exclude" in named or ("fields" in named and value == "__all__"):
                    found.append(line.lineno)
    return found


def raw_csv_writers(source: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in ("writer", "DictWriter")
        and isinstance(node.value, ast.Name)
        and node.value.id == "csv"
    ]


RULES = {
    "time is kept by the database, never by the broker": (
        time_kept_by_the_broker,
        "task.apply_async(countdown=5)",
        set(),
    ),
    "every row lock states its strength": (
        locks_without_strength,
        "Cohort.objects.select_for_update().get()",
        set(),
    ),
    "every form names its fields": (
        forms_that_take_any_field,
        "class F:\n  class Meta:\n    fields = '__all__'",
        set(),
    ),
    "every CSV is written by the one safe writer": (
        raw_csv_writers,
        "csv.writer(file)",
        {"academy/csvs.py"},
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_source_keeps_the_rule(rule):
    find, planted, allowed = RULES[rule]

    assert find(planted), "the walker is blind"
    broken = {
        f"{file.relative_to(ROOT)}:{line}"
        for file in sources()
        if str(file.relative_to(ROOT)) not in allowed
        for line in find(file.read_text())
    }
    assert not broken


def test_keys_stay_inside_their_pillar():
    crossing = set()
    for label in PILLARS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if field.auto_created or target is None or isinstance(target, str):
                    continue
                if target._meta.app_label not in (label, "academy", "auth", "contenttypes"):
                    crossing.add(f"{model._meta.label}.{field.name}")

    assert crossing == CROSS_PILLAR_KEYS


def test_every_view_carries_a_policy_and_a_rogue_one_is_found():
    assert not checks.every_view_carries_a_policy()

    def rogue(request):
        return HttpResponse()

    planted = [name for name, pattern in checks.routes([path("x", rogue, name="rogue")])]
    assert planted == ["rogue"]
    assert not checks.is_foreign("rogue")


def test_the_product_starts_without_complaint():
    assert [str(found) for found in run_checks() if found.level >= 30] == []


def test_templates_stay_in_their_room():
    """A pillar's template names no other pillar, and nothing carries style or script of its own."""
    wrong = []
    for file in sorted((ROOT / "templates").rglob("*.html")):
        words, room = file.read_text(), file.relative_to(ROOT / "templates").parts[0]
        others = [pillar for pillar in PILLARS if room in PILLARS and pillar != room]
        if any(re.search(rf"""["']{other}[/:]""", words) for other in others):
            wrong.append(f"{file.name} names another pillar")
        if file.name != "letter.html" and INLINE.search(words):
            wrong.append(f"{file.name} carries inline style or script")
    assert not wrong


def test_parts_name_their_needs():
    nameless = [
        str(file.relative_to(ROOT / "templates"))
        for room in ("academy", *PILLARS)
        for file in sorted((ROOT / "templates" / room).rglob("_*.html"))
        if not re.search(r"\{#.*\bneeds?\b", file.read_text().split("\n", 3)[0], re.IGNORECASE)
        and not re.search(
            r"\{#.*\bneeds?\b", "\n".join(file.read_text().split("\n")[:3]), re.IGNORECASE
        )
    ]
    assert not nameless


def test_every_kind_of_message_has_its_words():
    missing = [
        f"{kind.template}{end}"
        for kind in hooks.notification_kinds.values()
        for end in (".subject.txt", ".txt")
        if not (ROOT / "templates" / f"{kind.template}{end}").exists()
    ]
    assert not missing


def test_files_stay_small_enough_to_read():
    crowded = {
        str(file.relative_to(ROOT)): lines
        for file in sources()
        if (lines := len(file.read_text().splitlines())) > 300 and file.name != "settings.py"
    }
    assert not crowded


def test_the_web_server_does_not_start_with_a_view_that_carries_no_policy(monkeypatch):
    def rogue(request):
        return HttpResponse()

    urlconf = importlib.import_module(settings.ROOT_URLCONF)
    monkeypatch.setattr(
        urlconf, "urlpatterns", [*urlconf.urlpatterns, path("rogue", rogue, name="rogue")]
    )
    clear_url_caches()

    with pytest.raises(SystemCheckError, match="rogue carries no policy"):
        importlib.reload(importlib.import_module("academy.wsgi"))

    monkeypatch.undo()
    clear_url_caches()
    assert importlib.reload(importlib.import_module("academy.wsgi")).application


def forms_without_their_token(files):
    """Includes that say `only` and forget the token of a form inside the part."""
    with_form = {name for name, words in files.items() if "{% csrf_token %}" in words}
    include = re.compile(r'\{% include "([^"]+)"([^%]*)\bonly %\}')
    return [
        f"{name} includes {part}"
        for name, words in files.items()
        for part, passed in include.findall(words)
        if part in with_form and "csrf_token=csrf_token" not in passed
    ]


def test_a_part_with_a_form_is_given_its_token():
    planted = {
        "page.html": '{% include "_part.html" with row=row only %}',
        "_part.html": "<form>{% csrf_token %}</form>",
    }
    rooms = ROOT / "templates"
    files = {str(file.relative_to(rooms)): file.read_text() for file in rooms.rglob("*.html")}

    assert forms_without_their_token(planted) == ["page.html includes _part.html"]
    assert not forms_without_their_token(files)
