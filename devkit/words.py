"""The Welsh catalogue, kept with Babel alone: update, check and compile it without GNU gettext.

`python -m devkit.words update` collects every string of the tree into the catalogue,
`check` fails when one is missing, empty or fuzzy, and `compile` writes what Django reads.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "cy" / "LC_MESSAGES" / "django.po"
JS = PO.with_name("djangojs.po")
ROOMS = ("academy", "capability", "conditions", "connections", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
DJANGO = (
    "conf",
    "contrib/admin",
    "contrib/auth",
    "contrib/contenttypes",
    "contrib/humanize",
    "contrib/postgres",
)
MENDED = frozenset(  # Django has Welsh for these, but it misleads or is misspelt
    {
        ", ",
        "July",
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "Enter a valid date.",
        "Enter a valid email address.",
        "Enter a whole number.",
        "Ensure this value is less than or equal to %(limit_value)s.",
        "Ensure this value is greater than or equal to %(limit_value)s.",
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
        "Please either submit a file or check the clear checkbox, not both.",
        "Select a valid choice. %(value)s is not one of the available choices.",
        "Select a valid choice. That choice is not one of the available choices.",
        "Please enter a correct %(username)s and password."
        " Note that both fields may be case-sensitive.",
        "Your old password was entered incorrectly. Please enter it again.",
        "Password changed successfully.",
        "Items must be selected in order to perform actions on them. No items have been changed.",
        "No fields changed.",
        "Delete selected %(verbose_name_plural)s",
        "Page not found",
        "Filter",
        "Go",
        " By %(filter_title)s ",
        "%(counter)s result",
    }
)
CALL = re.compile(
    r"""(?:\b(?:n?p?gettext(?:_lazy|_noop)?)|\b_)"""
    r"""\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\([^()]*\))*\)"""
)


def ready_django() -> None:
    import django  # noqa: PLC0415 -- the rest of this package works before Django is installed
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()


def template_calls(source: str) -> str:
    """The gettext calls of a Django template, each on the line it stands on."""
    from django.utils.translation.template import templatize  # noqa: PLC0415

    return "\n".join("; ".join(CALL.findall(line)) for line in templatize(source).split("\n"))


def found_in(path: Path) -> Iterator[tuple[int, Any, str | None]]:
    """Line, message id (a pair when it has a plural) and context of each string in a file."""
    source = path.read_bytes()
    if path.suffix != ".py":
        source = template_calls(source.decode()).encode()
    found = extract("python", BytesIO(source), KEYWORDS, (), {"encoding": "utf-8"})
    for line, words, _comments, context in found:
        yield line, words, context


def own_files() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        sys.exit(f"{name} is not installed; run make check")
    return Path(spec.origin).parent


def po(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="cy", ignore_obsolete=True)


def translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def borrowed() -> Iterator[tuple[str, Message]]:
    """What our libraries say without good Welsh: all of allauth, the gaps and slips of Django."""
    allauth = package("allauth") / "locale" / "en" / "LC_MESSAGES" / "django.po"
    for message in po(allauth):
        yield "allauth", message
    django = package("django")
    for part in DJANGO:
        base = django / part / "locale"
        path = base / "cy" / "LC_MESSAGES" / "django.po"
        welsh = po(path) if path.exists() else Catalog(locale="cy")
        for message in po(base / "en" / "LC_MESSAGES" / "django.po"):
            known = None if key(message)[0] in MENDED else welsh.get(message.id, message.context)
            if known is None or known.fuzzy or not translated(known):
                yield f"django/{part}", message


def collected() -> Catalog:
    """Every string the product can show, with where it was found."""
    ready_django()
    catalog = Catalog(locale="cy", project="Improvement Academy", charset="utf-8")
    for path in own_files():
        name = str(path.relative_to(ROOT))
        for line, words, context in found_in(path):
            catalog.add(words, locations=[(name, line)], context=context)
    for source, message in borrowed():
        if message.id:
            catalog.add(
                message.id,
                locations=[(source, 0)],
                context=message.context,
                flags=message.flags - {"fuzzy"},
            )
    return catalog


def updated() -> Catalog:
    """The collected strings with the Welsh, and the comments, the catalogue already holds."""
    fresh, old = collected(), po(PO) if PO.exists() else Catalog(locale="cy")
    for message in fresh:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and known.pluralizable == message.pluralizable:
            message.string, message.user_comments = known.string, known.user_comments
    fresh.header_comment = "# Welsh for the Improvement Academy."
    fresh.fuzzy = False
    fresh.last_translator = fresh.msgid_bugs_address = "Improvement Academy"
    fresh.language_team = "Welsh"
    fresh.creation_date = fresh.revision_date = old.creation_date
    return fresh


def key(message: Message) -> tuple[str, str]:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text, message.context or ""


def complaints(held: Catalog, fresh: Catalog) -> Iterator[str]:
    """One sentence for each string that a Welsh reader would meet in English."""
    have = {key(message): message for message in held if message.id}
    for message in fresh:
        if not message.id:
            continue
        known = have.get(key(message))
        where = ", ".join(sorted({place for place, _line in message.locations})[:2])
        if known is None:
            yield f"not in the catalogue: {key(message)[0]!r} ({where}); run make words"
        elif known.fuzzy:
            yield f"fuzzy: {key(message)[0]!r} ({where})"
        elif not translated(known):
            yield f"no Welsh: {key(message)[0]!r} ({where})"
        else:
            for error in known.check():
                yield f"{error}: {key(message)[0]!r} ({where})"


def write(catalog: Catalog) -> None:
    PO.parent.mkdir(parents=True, exist_ok=True)
    part = PO.with_suffix(".part")
    with part.open("wb") as file:
        write_po(file, catalog, width=100, ignore_obsolete=True)
    part.replace(PO)


def compile_all() -> None:
    for path in (PO, JS):
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, po(path))


def report(lines: Iterable[str]) -> int:
    found = list(lines)
    for line in found:
        print(line)
    count = len(found)
    print(f"{count} strings want Welsh" if count else "The Welsh catalogue is complete")
    return 1 if count else 0


def main(verb: str) -> int:
    if verb == "update":
        catalog = updated()
        write(catalog)
        report(complaints(catalog, catalog))
        return 0
    if verb == "check":
        return report(complaints(po(PO), collected()))
    if verb == "compile":
        compile_all()
        return 0
    print("Say update, check or compile", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
