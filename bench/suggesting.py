"""What the worker does for one request, several times, beside pages of mentors."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from bench import bare_mentors
from connections.actions import suggesting
from connections.models import MentoringRequest, MentorProfile, Suggestion

ASKED = 30
WARM = 5  # rounds that are not counted, until every statement has been prepared


def main() -> dict[str, Any]:
    """Suggestions and pages of mentors in turn: the median of each, milliseconds on the wall."""
    at = now() + timedelta(days=1)  # when all of the sample's requests are due
    waiting = MentoringRequest.objects.wanting_suggestions(at).order_by("pk")
    first, *keys = waiting.values_list("pk", flat=True)[: ASKED + WARM + 1]
    walls: dict[str, list[float]] = {"wall": [], "cpu": [], "bare": [], "opens": []}
    pages = bare_mentors.pages()
    for pk in keys:
        spent = time.process_time()
        walls["wall"].append(taken(partial(one, pk, at)))
        walls["cpu"].append(1000 * (time.process_time() - spent))
        for name, ask in pages.items():
            walls[name].append(taken(ask))
    with CaptureQueriesContext(connection) as queries:
        one(first, at)
    return {
        "mentors": MentorProfile.objects.unpaused().count(),
        **{name: statistics.median(times[WARM:]) for name, times in walls.items()},
        "queries": len(queries),
        "found": Suggestion.objects.filter(request__in=keys).count() / len(keys),
    }


def taken(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def one(pk: int, at: datetime) -> int:
    """As the worker does it: claim, look, keep."""
    claimed = suggesting.claim(pk, at=at)
    assert claimed is not None
    return suggesting.suggest(claimed, at=at)
