"""Work that waits for staff, counted: one query for each pile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min
from django.urls import reverse

from academy.hooks import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet


def pile(label: str, rows: QuerySet[Any], *, since: str, where: str) -> Queue:
    """These rows as work that waits: at an address, or in the admin's list narrowed by a query."""
    meta = rows.model._meta
    listed = f"admin:{meta.app_label}_{meta.model_name}_changelist"
    url = where if where.startswith("/") else f"{reverse(listed)}?{where}"
    return Queue(label, url, **rows.aggregate(count=Count("pk"), oldest_at=Min(since)))
