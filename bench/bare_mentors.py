"""Pages of twenty mentors for somebody who is signed in, asked through the whole product, in turn."""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from academy.models import Person

TIMES = 20


def main() -> dict[str, Any]:
    """A bare page of the directory, and the directory as it opens: milliseconds on the wall."""
    reader = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    reader.force_login(Person.objects.order_by("pk")[0])
    pages = {"bare": reverse("bench_mentors"), "opens": reverse("connections:mentors")}
    walls: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(TIMES):
        for name, url in pages.items():
            start = time.perf_counter()
            answer = reader.get(url, headers={"accept-language": "en"})
            walls[name].append(1000 * (time.perf_counter() - start))
            assert answer.status_code == 200, f"{answer.status_code} {answer.headers}"
    return {name: statistics.median(times) for name, times in walls.items()}
