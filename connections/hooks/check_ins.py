"""Check-ins: what waits for an answer, the letter that asks, one's own answers to take along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.models import Notification
from connections.models import CheckIn


@hooks.need
def check_ins_to_answer(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    waiting = CheckIn.objects.waiting_for(person)
    pairs = waiting.select_related("relationship__mentor", "relationship__mentee")
    for asked in pairs.order_by("asked_at", "pk"):
        pair = asked.relationship
        yield hooks.Need(
            _("How is it going with %(name)s?") % {"name": pair.other(person).name},
            reverse("connections:check_in", args=[pair.pk]),
            _("Answer with one tap"),
        )


@hooks.notification("connections.check_in_asked", label=gettext_lazy("How is it going? (one tap)"))
def check_in_asked(letter: Notification) -> hooks.Letter | None:
    """Lost its point when answered, when something newer is asked, or when the pair rests."""
    occasion = int(letter.key.rpartition(":")[2])
    waiting = CheckIn.objects.waiting_for(letter.person).filter(occasion=occasion)
    pairs = waiting.select_related("relationship__mentor", "relationship__mentee")
    asked = pairs.filter(relationship=letter.facts["relationship"]).first()
    if asked is None:
        return None
    other = asked.relationship.other(letter.person)
    return hooks.Letter({"other": other.name, "about_fit": asked.about_fit})


@hooks.export("check_ins")
def my_check_ins(person: Any) -> list[dict[str, Any]]:
    """One's own answers in words; what the other half said is not theirs to take."""
    mine = CheckIn.objects.visible_to(person).order_by("asked_at", "pk")
    return [
        {
            "relationship": one.relationship_id,
            "about": "fit" if one.about_fit else f"day {one.occasion}",
            "asked_at": one.asked_at,
            "answered_at": one.answered_at,
            "answer": one.answers().get(one.answer_given(), ""),
        }
        for one in mine
    ]


@hooks.erase(order=31)
def erase_check_ins(person: Any, *, at: datetime) -> None:
    CheckIn.objects.erase(person, at=at)
