"""Probes for operators: plain JSON, no language, no detail a stranger could use."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from academy.celery import app
from academy.models import Heartbeat, Notification
from academy.permissions import policy

LATE = timedelta(minutes=10)


def broker_answers() -> bool:
    """Whether the doorbell would be heard, asked for at most a second or two."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # whatever the broker's client raises, the answer is no
        return False
    return True


@require_safe
@policy("visitor")
def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"alive": True})


@require_safe
@policy("visitor")
def ready(request: HttpRequest) -> JsonResponse:
    """503 without the database. Broker, outbox and worker in trouble are degraded, not down."""
    at = now()
    try:
        worker = Heartbeat.fresh("worker", at=at)
        outbox = not Notification.objects.due(at).filter(due_at__lt=at - LATE).exists()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    parts = {"broker": broker_answers(), "worker": worker, "outbox": outbox}
    return JsonResponse(
        {"ready": True, "database": True, **parts, "degraded": not all(parts.values())}
    )
