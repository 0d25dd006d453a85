"""The words of the supply map: what is asked of it, and the sentence it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.models import Kind
from connections.models.supply import SupplyMap

KINDS = {
    "": gettext_lazy("Mentoring and coaching"),
    Kind.MENTORING.value: gettext_lazy("Mentoring"),
    Kind.COACHING.value: gettext_lazy("Coaching"),
}


def kind_of(asked: Mapping[str, str]) -> str:
    """The kind in the address; all of them for anything else."""
    kind = asked.get("kind", "")
    return kind if kind in KINDS else ""


def names() -> dict[str, str]:
    """Words for what has no row of its own."""
    return {
        "all": _("All of it"),
        "cy": _("Welsh"),
        "en": _("English"),
        "unknown": _("We do not know where they work"),
    }


def said(found: SupplyMap, kind: str) -> str:
    """What the map shows, in one sentence: a language that is short, else where most is lacking."""
    spoken = [(found.in_welsh, _welsh(kind)), (found.in_english, _english(kind))]
    rest = [
        *((row, _organisation()) for row in found.organisations[:1]),
        *((row, _topic()) for row in found.topics[:1]),
    ]
    rest.sort(key=lambda pair: -pair[0].lacking)
    for row, words in (*spoken, *rest):
        if row.lacking > 0:
            return words % {"name": row.name, "places": row.places, "requests": row.requests}
    return _("There are enough free places for the requests that wait, wherever you look.")


def _welsh(kind: str) -> str:
    if kind == Kind.MENTORING:
        return _(
            "Mentors who speak Welsh are short"
            " (free places: %(places)s, waiting requests: %(requests)s)."
        )
    if kind == Kind.COACHING:
        return _(
            "Coaches who speak Welsh are short"
            " (free places: %(places)s, waiting requests: %(requests)s)."
        )
    return _(
        "Mentors and coaches who speak Welsh are short"
        " (free places: %(places)s, waiting requests: %(requests)s)."
    )


def _english(kind: str) -> str:
    if kind == Kind.MENTORING:
        return _(
            "Mentors who speak English are short"
            " (free places: %(places)s, waiting requests: %(requests)s)."
        )
    if kind == Kind.COACHING:
        return _(
            "Coaches who speak English are short"
            " (free places: %(places)s, waiting requests: %(requests)s)."
        )
    return _(
        "Mentors and coaches who speak English are short"
        " (free places: %(places)s, waiting requests: %(requests)s)."
    )


def _organisation() -> str:
    return _(
        "There is room in both languages. Among organisations, most requests wait without a free place"
        " here: %(name)s (waiting requests: %(requests)s, free places: %(places)s)."
    )


def _topic() -> str:
    return _(
        "There is room in both languages. Among skills and topics, most requests wait without a free"
        " place here: %(name)s (waiting requests: %(requests)s, free places: %(places)s)."
    )


def rows(found: SupplyMap) -> Iterator[tuple[str, str, int, int]]:
    """The map as a list, for a file."""
    for by, some in (
        (_("Language"), [found.in_welsh, found.in_english]),
        (_("Organisation"), found.organisations),
        (_("Skill or topic"), found.topics),
    ):
        for row in some:
            yield by, row.name, row.places, row.requests
