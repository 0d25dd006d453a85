"""May this person? Predicates about coaches, those who care for them, and hosts of circles."""

from __future__ import annotations

from typing import Any

from academy.permissions import Reader, may_act_as
from academy.roles import COORDINATOR
from connections.models import Circle
from connections.models.practices import coaches, supervises


def may_supervise(person: Any) -> bool:
    """Sees the register and sets up supervision: by a step on the ladder, or as a coordinator."""
    return supervises(person)


def may_decide(person: Any) -> bool:
    """Confirms credentials and gives steps."""
    return may_act_as(person, COORDINATOR)


def may_be_supervised(person: Any) -> bool:
    return coaches(person)


def may_run(reader: Reader, circle: Circle) -> bool:
    """Its host, and any coordinator."""
    return reader.pk == circle.host_id or may_act_as(reader, COORDINATOR)


def may_name_a_host(reader: Reader) -> bool:
    """Coordinators make circles for others."""
    return may_act_as(reader, COORDINATOR)
