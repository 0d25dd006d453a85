"""Write messages about bookings, or let the sweep send them."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.utils.timezone import now

from academy import delivery
from capability.models import Booking

BATCH = 500


def post(many: int) -> dict[str, Any]:
    """As a booking does, in transactions of some hundreds."""
    bookings = list(Booking.objects.current().select_related("cohort__course", "person"))
    start, run = time.perf_counter(), time.time_ns()
    wanted = islice(cycle(bookings), many)
    number = 0
    while batch := list(islice(wanted, BATCH)):
        with transaction.atomic():
            for booking in batch:
                number += 1
                booking.tell("capability.booked", key=f"bench{run}-{number}", at=now())
    return {"seconds": time.perf_counter() - start}


def sweep(many: int) -> dict[str, Any]:
    with patch("academy.models.notifications.ring"):  # nobody hears the bell
        post(many)
    start = time.perf_counter()
    sent = delivery.deliver_due(until=now() + timedelta(minutes=10), limit=many)
    return {"sent": sent, "seconds": time.perf_counter() - start}


def main(what: str, many: str) -> dict[str, Any]:
    return {"post": post, "sweep": sweep}[what](int(many))
