"""What the worker does for one request, several times."""

from __future__ import annotations

import statistics
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from connections.actions import suggesting
from connections.models import MentoringRequest, MentorProfile

ASKED = 15


def main() -> dict[str, Any]:
    at = now() + timedelta(days=1)  # when all of the sample's requests are due
    waiting = MentoringRequest.objects.wanting_suggestions(at).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True)[: ASKED + 2])
    walls, processor, found = [], [], []
    for pk in keys[1:]:
        start, spent = time.perf_counter(), time.process_time()
        found.append(one(pk, at))
        walls.append(time.perf_counter() - start)
        processor.append(time.process_time() - spent)
    with CaptureQueriesContext(connection) as queries:
        one(keys[0], at)
    mentors = MentorProfile.objects.unpaused()
    return {
        "mentors": mentors.count(),
        "wall": 1000 * statistics.median(walls),
        "cpu": 1000 * statistics.median(processor),
        "queries": len(queries),
        "found": statistics.median(found),
    }


def one(pk: int, at: datetime) -> int:
    """As the worker does it: claim, look, keep."""
    claimed = suggesting.claim(pk, at=at)
    assert claimed is not None
    return suggesting.suggest(claimed, at=at)
