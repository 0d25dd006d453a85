"""What the worker does for one request, several times."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
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
    walls, processor, found, queries = [], [], [], 0
    for pk in keys:
        with CaptureQueriesContext(connection) as asked:
            start, spent = time.perf_counter(), time.process_time()
            claimed = suggesting.claim(pk, at=at)
            assert claimed is not None
            found.append(suggesting.suggest(claimed, at=at))
            walls.append(time.perf_counter() - start)
            processor.append(time.process_time() - spent)
        queries = len(asked)
    mentors = MentorProfile.objects.unpaused()
    return {
        "mentors": mentors.count(),
        "wall": 1000 * statistics.median(walls),
        "cpu": 1000 * statistics.median(processor),
        "queries": queries,
        "found": statistics.median(found),
    }
