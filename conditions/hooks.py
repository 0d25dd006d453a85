"""What the rest of the academy may see of us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks, roles
from conditions.models import Approach, Effect

DATA = Path(__file__).parent / "data" / "approaches.json"

hooks.nav(gettext_lazy("What helps improvement"), "conditions:approaches", order=30)


@hooks.panel("conditions/_story.html", place="story", order=10)
def one_approach(request: HttpRequest) -> hooks.Facts | None:
    """One thing that helps, another each week, so that the library is found."""
    week = now().isocalendar().week
    helpful = list(Approach.objects.published().filter(effect=Effect.HELPS).order_by("slug", "pk"))
    return {"approach": helpful[week % len(helpful)]} if helpful else None


@hooks.search(order=30)
def approaches(words: str, reader: Any) -> Iterator[hooks.Hit]:
    for approach in Approach.objects.visible_to(reader).matching(words).in_order()[:10]:
        yield hooks.Hit(
            _("What helps improvement"),
            approach.title,
            approach.get_absolute_url(),
            approach.summary,
        )


@hooks.queue
def approaches_to_review(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    """Entries nobody has looked at for twelve months."""
    if not person.has_role(roles.CURATOR):
        return
    old = Approach.objects.published().filter(
        checked_on__lt=at.date().replace(year=at.year - 1, day=1)
    )
    count = old.count()
    if count:
        yield hooks.Queue(
            _("Approaches whose sources were checked more than a year ago"),
            reverse("admin:conditions_approach_changelist"),
            count,
        )


@hooks.reference(order=50)
def load_approaches() -> str:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["approaches"]
    return f"{Approach.objects.load(rows)} approaches"
