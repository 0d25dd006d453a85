"""What the house itself registers: its own messages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.bilingual import language
from academy.letters import absolute, link, subject
from academy.models import Notification


@hooks.notification("academy.digest", label=_("Weekly summary"), essential=True)
def digest(letter: Notification) -> hooks.Letter | None:
    """The subjects of what was held, with their links."""
    held = Notification.objects.filter(pk__in=letter.facts["ids"]).order_by("created_at", "pk")
    lines: list[dict[str, Any]] = [
        {"subject": subject(row, language()), "url": absolute(link(row)) if link(row) else ""}
        for row in held
    ]
    return hooks.Letter({"lines": lines}) if lines else None
