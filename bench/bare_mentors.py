"""A bare page of twenty people of the directory, asked through the whole product, several times."""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.conf import settings
from django.test import Client

TIMES = 20


def main() -> dict[str, Any]:
    reader, walls = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0]), []
    for _ in range(TIMES):
        start = time.perf_counter()
        answer = reader.get("/en/bench/mentors/")
        walls.append(time.perf_counter() - start)
        assert answer.status_code == 200, f"{answer.status_code} {answer.headers}"
    return {"wall": 1000 * statistics.median(walls)}
