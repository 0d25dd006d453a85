"""Of a concern: its reporter hears that it was taken and is closed, a lead that they are relieved.

Subject and words name no concern. Who may read concerns from now on is told to those who did before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification, Person
from academy.roles import SAFEGUARDING_LEAD
from connections.models import Concern, ConcernReply


def _reported(letter: Notification) -> Concern | None:
    """Theirs still: nothing when their account has gone from it."""
    mine = Concern.objects.reported_by(letter.person)
    return mine.filter(pk=letter.facts["concern"]).first() if letter.person else None


@hooks.notification("connections.concern_taken", label=_("What you told us has been taken up"))
def concern_taken(letter: Notification) -> hooks.Letter | None:
    """Lost its point when it is closed already."""
    concern = _reported(letter)
    if concern is None or concern.closed_at is not None:
        return None
    return hooks.Letter({"told_at": concern.reported_at})


@hooks.notification("connections.concern_closed", label=_("What you told us has been looked into"))
def concern_closed(letter: Notification) -> hooks.Letter | None:
    """Says whether words wait to be read, and not one of them."""
    concern = _reported(letter)
    if concern is None:
        return None
    waits = ConcernReply.objects.filter(concern=concern).exists()
    return hooks.Letter({"told_at": concern.reported_at, "words_wait": waits})


@hooks.notification(
    "connections.concern_relieved",
    label=_("A colleague has taken something over from you"),
    essential=True,
)
def concern_relieved(letter: Notification) -> hooks.Letter | None:
    """Lost its point when they have it again, or may see it no more."""
    seen = Concern.objects.visible_to(letter.person).exclude(owner=letter.person)
    return hooks.Letter() if seen.filter(pk=letter.facts["concern"]).exists() else None


@hooks.on("academy.role_given")
def lead_added(*, person: Any, role: str, at: datetime) -> None:
    """The other leads hear of it, or the safeguarding address where there is none."""
    if role != SAFEGUARDING_LEAD:
        return
    others = Person.objects.active().with_role(role).exclude(pk=person.pk).order_by("pk")
    told: list[dict[str, Any]] = [{"to": lead} for lead in others]
    for number, whom in enumerate(told or [{"address": settings.SITE_SAFEGUARDING}]):
        Notification.objects.post(
            "connections.safeguarding_lead_added",
            key=f"{person.pk}:{number}:{at.timestamp()}",
            facts={"person": person.pk},
            link=("connections:concerns", []),
            at=at,
            **whom,
        )


@hooks.notification(
    "connections.safeguarding_lead_added",
    label=_("Somebody has become a safeguarding lead"),
    essential=True,
)
def safeguarding_lead_added(letter: Notification) -> hooks.Letter | None:
    """Lost its point when the role has been taken away again."""
    leads = Person.objects.active().with_role(SAFEGUARDING_LEAD)
    lead = leads.filter(pk=letter.facts["person"]).first()
    return hooks.Letter({"name": lead.name}) if lead else None
