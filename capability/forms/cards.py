"""A course of the list as its card reads: words made once here, not in the template's loop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capability.models.choices import Format, Kind, Level, Status, Taught, takes_interest


def cards(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    words = {
        choice: {code: str(label) for code, label in choice.choices}
        for choice in (Format, Kind, Level, Status, Taught)
    }
    for row in rows:
        kind = words[Kind][row["kind"]] if row["kind"] != Kind.COURSE else ""
        facts = [
            kind,
            row["length"],
            words[Format][row["format"]] if row["format"] != Format.UNKNOWN else "",
        ]
        if row["cohort"]:
            facts.append(words[Taught][row["language"]])
            _dated(row)
        else:
            facts.append(words[Level][row["level"]])
            if takes_interest(row["kind"], row["format"], row["status"]):
                row["interest_url"] = reverse("capability:interest", args=[row["slug"]])
        if row["status"] in (Status.HISTORICAL, Status.EXTERNAL):
            facts.append(words[Status][row["status"]])
        row["facts"] = " · ".join(filter(None, facts))
    return rows


def _dated(row: dict[str, Any]) -> None:
    left = row["places"] - row["taken"]
    row["starts"] = date_format(localtime(datetime.fromisoformat(row["starts_at"])), "j F Y")
    row["bar"] = 132 * row["taken"] // row["places"] if row["places"] else 132
    row["places_words"] = (
        ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left}
        if left > 0
        else _("Full")
    )
