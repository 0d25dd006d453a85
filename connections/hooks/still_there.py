"""Letters to mentors who have not answered; what is kept about it, to take along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.models import Notification
from connections.models import StillThere
from connections.models.still_there import StillThereRules


@hooks.need
def still_there_to_answer(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    for _asked in StillThere.objects.of(person).unheard():
        yield hooks.Need(
            _("Are you still taking requests?"),
            reverse("connections:still_there"),
            _("Yes or pause, one press"),
        )


def _question(letter: Notification, **wanted: Any) -> StillThere | None:
    asked = StillThere.objects.filter(pk=letter.facts["question"], **wanted)
    return asked.first()


@hooks.notification("connections.still_there", label=gettext_lazy("Are you still taking requests?"))
def still_there(letter: Notification) -> hooks.Letter | None:
    return hooks.Letter() if _question(letter, closed_at=None) else None


@hooks.notification(
    "connections.still_there_reminder",
    label=gettext_lazy("A reminder: are you still taking requests?"),
)
def still_there_reminder(letter: Notification) -> hooks.Letter | None:
    asked = _question(letter, closed_at=None)
    if asked is None or asked.reminded_at is None:
        return None
    rules = StillThereRules.current()
    left = timedelta(days=rules.pause_days - rules.remind_days)
    return hooks.Letter({"pause_on": localtime(asked.reminded_at + left)})


@hooks.notification("connections.still_there_paused", label=gettext_lazy("You are paused for now"))
def still_there_paused(letter: Notification) -> hooks.Letter | None:
    """Lost its point when they have come back meanwhile."""
    outcome = StillThere.Outcome.QUIET
    return hooks.Letter() if _question(letter, outcome=outcome, profile__paused=True) else None


@hooks.export("still_there")
def my_questions(person: Any) -> list[dict[str, Any]]:
    mine = StillThere.objects.of(person).order_by("asked_at", "pk")
    rows = mine.values("asked_at", "reminded_at", "closed_at", "outcome")
    return [dict(row) for row in rows]


@hooks.erase(order=32)
def erase_questions(person: Any, *, at: datetime) -> None:
    StillThere.objects.of(person).delete()
