"""May this person? Predicates about coaches and those who care for them."""

from __future__ import annotations

from typing import Any

from academy.permissions import may_act_as
from academy.roles import COORDINATOR
from connections.models.practices import coaches, supervises


def may_supervise(person: Any) -> bool:
    """Sees the register and sets up supervision: by a step on the ladder, or as a coordinator."""
    return supervises(person)


def may_decide(person: Any) -> bool:
    """Confirms credentials and gives steps."""
    return may_act_as(person, COORDINATOR)


def may_be_supervised(person: Any) -> bool:
    return coaches(person)
