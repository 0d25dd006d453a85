"""A line manager is told that somebody shows them counts; consents to take along and to erase."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.models import Notification
from connections.models import ManagerConsent


@hooks.notification(
    "connections.manager_may_see",
    label=gettext_lazy("Somebody in your team shows you their mentoring"),
)
def manager_may_see(letter: Notification) -> hooks.Letter | None:
    """Lost its point when the yes was taken back."""
    seen = ManagerConsent.objects.visible_to(letter.person).filter(pk=letter.facts["consent"])
    one = seen.select_related("relationship__mentee").first()
    return hooks.Letter({"other": one.relationship.mentee.name}) if one else None


@hooks.export("line_manager_consents")
def my_consents(person: Any) -> list[dict[str, Any]]:
    mine = ManagerConsent.objects.filter(relationship__mentee=person).order_by("given_at", "pk")
    rows = mine.values("relationship", "manager__name", "given_at", "withdrawn_at")
    return [dict(row) for row in rows]


@hooks.erase(order=33)
def erase_consents(person: Any, *, at: datetime) -> None:
    """Theirs, and those given to them."""
    ManagerConsent.objects.filter(Q(relationship__mentee=person) | Q(manager=person)).delete()
