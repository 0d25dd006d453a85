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


# The first five are said of any kind of thing; the kind stands beside them.
hooks.audited(
    {
        "added": _("Added"),
        "changed": _("Changed"),
        "published": _("Made public"),
        "withdrawn": _("Taken off the site"),
        "exported": _("Taken away as a CSV file"),
        "approved": _("Account approved"),
        "turned away": _("Account turned away"),
        "reopened": _("Account opened again"),
        "erased": _("Account erased"),
        "role given": _("Role given"),
        "role taken": _("Role taken away"),
        "second factor reset asked": _("Asked to remove a second step"),
        "second factor reset": _("Second step removed"),
        "messages put back": _("Messages put back into the outbox"),
        "academy.question_taken": _("Question taken on"),
        "academy.question_answered": _("Question answered"),
    }
)
