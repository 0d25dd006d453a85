"""Handing over: messages without a word of it, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.models import Notification
from connections.models import HandOver


def _letter(letter: Notification, *states: str) -> hooks.Letter | None:
    """About one hand-over, while it stands as it did when this was posted."""
    rows = HandOver.objects.with_people().filter(pk=letter.facts["hand_over"], state__in=states)
    one = rows.first()
    if one is None or letter.person is None:
        return None
    pair = one.relationship
    return hooks.Letter(
        {
            "by": one.proposed_by.name,
            "mentor": pair.mentor.name,
            "mentee": pair.mentee.name,
            "new": one.to.person.name,
            "coaching": pair.coaching,
            "mine": letter.person.pk == pair.mentee_id,
            "is_new": letter.person.pk == one.to.person_id,
            "closes_at": one.closes_at,
        }
    )


@hooks.notification("connections.hand_over_proposed", label=gettext_lazy("A hand-over is proposed"))
def hand_over_proposed(letter: Notification) -> hooks.Letter | None:
    return _letter(letter, *HandOver.OPEN)


@hooks.notification(
    "connections.hand_over_offered", label=gettext_lazy("Somebody would like to come to you")
)
def hand_over_offered(letter: Notification) -> hooks.Letter | None:
    return _letter(letter, HandOver.State.OFFERED)


@hooks.notification("connections.hand_over_done", label=gettext_lazy("You have handed over"))
def hand_over_done(letter: Notification) -> hooks.Letter | None:
    return _letter(letter, HandOver.State.DONE)


@hooks.notification(
    "connections.hand_over_stopped", label=gettext_lazy("A hand-over does not take place")
)
def hand_over_stopped(letter: Notification) -> hooks.Letter | None:
    return _letter(letter, HandOver.State.STOPPED)


@hooks.need
def hand_overs_to_answer(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Waiting for the mentee's yes, or for the new mentor's."""
    mine = HandOver.objects.filter(
        state=HandOver.State.PROPOSED, relationship__mentee=person
    ) | HandOver.objects.offered_to(person)
    for one in mine.with_people().order_by("closes_at", "pk"):
        new = one.offered
        page = ("hand_over_answer", one.pk) if new else ("hand_over", one.relationship_id)
        said = (
            _("%(name)s would like to come to you") if new else _("%(name)s proposes to hand over")
        )
        name = one.relationship.mentee.name if new else one.relationship.mentor.name
        yield hooks.Need(
            said % {"name": name},
            reverse(f"connections:{page[0]}", args=[page[1]]),
            _("Read and answer"),
            one.closes_at,
        )


@hooks.export("hand_overs")
def my_hand_overs(person: Any) -> list[dict[str, Any]]:
    """Those one may read: dates, state, and the words."""
    rows = HandOver.objects.visible_to(person).with_people().order_by("pk")
    return [
        {
            "mentor": one.relationship.mentor.name,
            "mentee": one.relationship.mentee.name,
            "new_mentor": one.to.person.name,
            "state": one.state,
            "proposed_at": one.proposed_at,
            "settled_at": one.settled_at,
            "words": one.opened(),
        }
        for one in rows
    ]


@hooks.erase(order=31)
def erase_hand_overs(person: Any, *, at: datetime) -> None:
    """Hand-overs that were not to be, and one's own words in those that were."""
    own = HandOver.objects.filter(proposed_by=person)
    own.exclude(state=HandOver.State.DONE).delete()
    for one in own:
        one.seal("")
        one.save(update_fields=["key_id", "sealed"])
