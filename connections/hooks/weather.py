"""The weather of pairs: the coordinators' queue, and the letter of a gentle nudge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks
from academy.models import Notification
from academy.permissions import may_act_as
from academy.piles import pile
from academy.roles import COORDINATOR
from connections.models import Relationship, RelationshipRules, Terms
from connections.models.outlook import needing_a_word
from connections.models.weather import weather


@hooks.queue
def pairs_needing_a_word(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    """How many pairs need help that nobody looks after, and since when; dates and levels only."""
    if not may_act_as(person, COORDINATOR):
        return
    url = f"{reverse('connections:weather')}?level=alone"
    label = _("Pairs that need help and that nobody looks after")
    rows = needing_a_word(person, at=at)
    yield pile(label, rows, since="since", where=url)


@hooks.notification(
    "connections.gentle_nudge", label=gettext_lazy("A kind word from a coordinator")
)
def gentle_nudge(letter: Notification) -> hooks.Letter | None:
    """What its reader's own page of the pair says, from dates alone."""
    pairs = Relationship.objects.select_related("mentor", "mentee")
    pair = pairs.filter(pk=letter.facts["relationship"]).first()
    if pair is None or not (pair.current or pair.waiting):
        return None
    mine = Terms.objects.of(pair).proposed().filter(proposed_by=letter.person)
    rules = RelationshipRules.current()
    seen = weather(pair, rules=rules, agreed=pair.waiting and mine.exists(), at=now())
    return hooks.Letter(
        {"other": pair.other(letter.person).name, "why": seen.why.value, "day": seen.day}
    )
