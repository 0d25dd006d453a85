"""Timed work of the house: load, one verb, stop."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from academy.models import Heartbeat


@shared_task
def heartbeat(**_later: Any) -> None:
    Heartbeat.stamp("worker", at=now())


@shared_task
def deliver(*, notification: int, **_later: Any) -> None:
    """Send one notification. Called twice, it sends once: only one caller holds the lease."""


@shared_task
def sweep_outbox(**_later: Any) -> None:
    """Ring for what the doorbell missed."""


@shared_task
def weekly_digests(**_later: Any) -> None:
    """One message a week for what people chose to read together."""
