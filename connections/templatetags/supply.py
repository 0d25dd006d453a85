"""Free places and waiting requests as two bars, one above the other."""

from __future__ import annotations

from typing import Any

from django import template

from connections.models.supply import Supply

register = template.Library()

WIDTH = 260


@register.inclusion_tag("connections/supply/_bars.html")
def supply_bars(row: Supply, rows: list[Supply]) -> dict[str, Any]:
    """Drawn to the scale of the largest number of these rows; the numbers stand beside it."""
    most = max(max(one.places, one.requests) for one in rows)
    scale = (WIDTH - 2) / max(most, 1)  # an outline is drawn around its edge
    return {
        "width": WIDTH,
        "places": round(row.places * scale),
        "requests": round(row.requests * scale),
    }
