"""What waits for a person about meetings and tasks, and when they can meet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy import hooks
from connections.models import Agenda, Availability, Proposal, Relationship, Task
from connections.models.availability import in_words

DATA = Path(__file__).parent.parent / "data" / "agendas.json"


@hooks.need
def times_to_choose_from(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    waiting = Proposal.objects.waiting_for(person, at)
    rows = waiting.select_related("relationship__mentor", "relationship__mentee")
    for proposal in rows.order_by("proposed_at", "pk"):
        name = proposal.relationship.other(person).name
        yield hooks.Need(
            _("%(name)s proposes times to meet") % {"name": name},
            proposal.get_absolute_url(),
            _("Choose a time"),
            proposal.to_come[0].starts_at,
        )


@hooks.need
def tasks_overdue(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """How many of one's own are late, pair by pair; the words stand on the pair's page."""
    late = Task.objects.late(localdate(at)).filter(doer=person).going_on()
    rows = late.values("relationship").annotate(n=Count("pk"), since=Min("due_on"))
    counted = {row["relationship"]: row["n"] for row in rows.order_by("since", "relationship")}
    pairs = Relationship.objects.select_related("mentor", "mentee").in_bulk(list(counted))
    for pk, n in counted.items():
        words = ngettext(
            "%(n)s task you took on with %(name)s is late",
            "%(n)s tasks you took on with %(name)s are late",
            n,
        )
        yield hooks.Need(
            words % {"n": n, "name": pairs[pk].other(person).name},
            f"{pairs[pk].get_absolute_url()}#goals",
            _("Do it, or tick it off"),
        )


@hooks.on("academy.person_left")
def forget_availability(*, person: Any, at: datetime) -> None:
    Availability.objects.of(person).delete()


@hooks.export("when_i_can_meet")
def my_availability(person: Any) -> list[str]:
    mine = Availability.objects.of(person).first()
    return in_words(frozenset(mine.cells)) if mine else []


@hooks.erase(order=25)
def erase_availability_and_tasks(person: Any, *, at: datetime) -> None:
    """When they can meet, tasks they wrote or took on, and the places of times they proposed."""
    Availability.objects.of(person).delete()
    received = Relationship.objects.received_by(person)
    Task.objects.filter(Q(doer=person) | Q(set_by=person) | Q(relationship__in=received)).delete()
    Proposal.objects.filter(proposed_by=person).delete()


@hooks.reference(order=60)
def load_agendas() -> str:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["agendas"]
    return f"{Agenda.objects.load(rows)} agendas"
