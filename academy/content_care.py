"""What public content needs from its curators: a language missing, older, or not reviewed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils.timezone import make_aware

from academy.models.base import TOGETHER, PublicContent

REVIEW_AFTER = timedelta(days=365)
# What is wrong → the column that says since when.
SINCE = {
    "no_cy": "en_changed_at",
    "no_en": "cy_changed_at",
    "stale_cy": "en_changed_at",
    "stale_en": "cy_changed_at",
    "ran_out": "one_language_until",
    "review": "reviewed_on",
}


def wanting(model: type[PublicContent], on: date) -> dict[str, Q]:
    """What is wrong → which rows. The filter of the list and the work queue share this."""
    either = {
        code: Q(*[(f"{name}_{code}", "") for name in model.both], _connector=Q.OR)
        for code in ("en", "cy")
    }
    return {
        "no_cy": either["cy"],
        "no_en": either["en"],
        "stale_cy": Q(en_changed_at__gt=F("cy_changed_at") + TOGETHER),
        "stale_en": Q(cy_changed_at__gt=F("en_changed_at") + TOGETHER),
        "excepted": Q(published=True, one_language_until__isnull=False),
        "ran_out": Q(published=True, one_language_until__lt=on) & (either["en"] | either["cy"]),
        "review": Q(published=True, reviewed_on__lte=on - REVIEW_AFTER),
    }


def counted(model: type[PublicContent], on: date) -> dict[str, tuple[int, datetime | None]]:
    """What is wrong → how many rows and since when; one query."""
    wrong = wanting(model, on)
    found: dict[str, Any] = model._default_manager.aggregate(
        **{f"many_{key}": Count("pk", filter=wrong[key]) for key in SINCE},
        **{f"since_{key}": Min(SINCE[key], filter=wrong[key]) for key in SINCE},
    )
    return {key: (found[f"many_{key}"], moment(found[f"since_{key}"])) for key in SINCE}


def moment(since: date | datetime | None) -> datetime | None:
    if since is None or isinstance(since, datetime):
        return since
    return make_aware(datetime.combine(since, time.min))
