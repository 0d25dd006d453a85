"""Timed work of the house: load, one verb, stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from academy import delivery, digests, leaving
from academy.models import Heartbeat

SWEEP_FOR = timedelta(seconds=60)
SWEEP_AT_MOST = 2000


@shared_task
def heartbeat(**_later: Any) -> None:
    """A stamp only a worker that hears its broker can make."""
    Heartbeat.stamp("worker", at=now())


@shared_task
def deliver(*, notification: int, **_later: Any) -> None:
    """Send one notification. Called twice, it sends once: only one caller holds the lease."""
    delivery.deliver(notification, at=now())


@shared_task
def sweep_outbox(**_later: Any) -> None:
    """Send what the doorbell missed."""
    delivery.deliver_due(until=now() + SWEEP_FOR, limit=SWEEP_AT_MOST)


@shared_task
def weekly_digests(**_later: Any) -> None:
    """One message a week for what people chose to read together."""
    digests.post_all(at=now())


@shared_task
def erase_people(**_later: Any) -> None:
    """Erase the accounts whose days of grace are over."""
    leaving.erase_due(at=now())
