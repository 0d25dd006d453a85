"""A mentor as a card reads: words made once here, not in the template's loop."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.bilingual import language
from academy.models import Membership


def cards(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Three facts, the places, and a first line of their own words with its language."""
    here = language()
    for row in rows:
        row["kind"] = kind_words(row["mentoring"], row["coaching"])
        row["spoken"] = language_words(row["in_welsh"], row["in_english"])
        row["topics"] = ", ".join(row["topics"] or [])
        row["places"] = places_words(row["free"], row["paused"])
        row["bar"] = 132 * (row["capacity"] - max(row["free"], 0)) // row["capacity"]
        row["lang"] = row["written_in"] if row["written_in"] != here else ""
        row["about"] = f"{row['about'].rstrip()}…" if len(row["about"]) == 180 else row["about"]
    return rows


def place_of(person: Any) -> str:
    """The name of the organisation they work at now, if any."""
    places: dict[int, str] = Membership.objects.places_of([person])
    return places.get(person.pk, "")


def names(*topics: Any) -> list[str]:
    """Of topics of any number of lists, as a reader of their language looks for them."""
    return sorted((one.name for some in topics for one in some.all()), key=str.casefold)


def kind_words(mentoring: bool, coaching: bool) -> str:
    if mentoring and coaching:
        return _("Mentor and coach")
    return _("Coach") if coaching else _("Mentor")


def language_words(in_welsh: bool, in_english: bool) -> str:
    if in_welsh and in_english:
        return _("Welsh and English")
    return _("Welsh") if in_welsh else _("English")


def format_words(online: bool, in_person: bool) -> str:
    if online and in_person:
        return _("Online and in person")
    return _("Online") if online else _("In person")


def places_words(free: int, paused: bool) -> str:
    if paused:
        return _("Taking a pause")
    if free <= 0:
        return _("No place free just now")
    return ngettext("%(n)s place free", "%(n)s places free", free) % {"n": free}
