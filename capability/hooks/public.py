"""What everyone may see of us elsewhere: the month ahead, the search, the facts we ship."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _

from academy import hooks
from academy.bilingual import columns, language
from capability.models import Cohort, Course
from capability.models.catalogue import Question, ask

if TYPE_CHECKING:
    from academy.permissions import Reader

SHOWN = (
    *("starts_at", "places", "places_taken", "cancelled_at", "booking_link", "format", "language"),
    *columns("place", "course__title", "course__length"),
)
PROGRAMMES = Path(__file__).resolve().parent.parent / "data" / "programmes.json"


@hooks.panel("capability/_month.html", place="month", order=20)
def next_dates(request: HttpRequest) -> hooks.Facts | None:
    """The next four cohorts that people can still book."""
    at = now()
    cohorts = Cohort.objects.open(at).filter(starts_at__gt=at).select_related("course")
    rows = list(cohorts.only(*SHOWN).order_by("starts_at", "pk")[:4])
    return {"cohorts": rows} if rows else None


@hooks.search(order=20)
def courses(words: str, reader: Reader) -> Iterator[hooks.Hit]:
    question = Question(words=words, ended=True)
    answer = ask(question, language=language(), at=now(), size=10, facets=False)
    for row in answer.rows:
        yield hooks.Hit(
            _("Course"), row["title"], row["url"], row["summary"], lang=row["title_lang"]
        )


@hooks.reference(order=20)
def programmes() -> str:
    """Real programmes, added where their address word is new."""
    rows: list[dict[str, Any]] = json.loads(PROGRAMMES.read_text(encoding="utf-8"))["programmes"]
    added = Course.objects.load(rows)
    return f"{added} programmes added"
