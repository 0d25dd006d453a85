"""An offer of somebody else: what waits, the letter that asks, one's own part of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.models import Notification
from connections.models import Relationship, RematchOffer


@hooks.need
def rematch_to_answer(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    for pair, other in RematchOffer.objects.asked_of(person, at):
        yield hooks.Need(
            _("Go on with %(name)s, or somebody else?") % {"name": other.name},
            reverse("connections:rematch", args=[pair.pk]),
            _("Answer"),
        )


@hooks.notification(
    "connections.rematch_offered", label=gettext_lazy("Would you like somebody else?")
)
def rematch_offered(letter: Notification) -> hooks.Letter | None:
    """Lost its point when they have answered, or the pair has ended."""
    number = int(letter.key.rpartition(":")[2])
    waiting = RematchOffer.objects.waiting_for(letter.person, now()).filter(pk=number)
    offer = waiting.select_related("relationship__mentor", "relationship__mentee").first()
    return hooks.Letter({"other": offer.relationship.other(letter.person).name}) if offer else None


@hooks.export("rematch_offers")
def my_offers(person: Any) -> list[dict[str, Any]]:
    """When one was asked, and whether one said that one goes on; of the other half nothing."""
    pairs = Q(relationship__mentor=person) | Q(relationship__mentee=person)
    offers = RematchOffer.objects.filter(pairs).select_related("relationship")
    return [
        {
            "relationship": one.relationship_id,
            "offered_at": one.offered_at,
            "i_go_on": one.mentor_stays
            if one.relationship.mentor_id == person.pk
            else one.mentee_stays,
        }
        for one in offers.order_by("offered_at", "pk")
    ]


@hooks.erase(order=34)
def erase_offers(person: Any, *, at: datetime) -> None:
    RematchOffer.objects.filter(relationship__in=Relationship.objects.of(person)).delete()
