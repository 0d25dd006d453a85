"""After parting without blame the mentee has the academy look for somebody else with one press."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from connections.actions import asking
from connections.models import WAYS, MentoringRequest, Relationship

COPIED = ("words", "written_in", "in_welsh", "in_english", "online", "in_person", "setting")


def look_for_somebody_else(pair: Relationship, *, by: Any, at: datetime) -> MentoringRequest:
    """The same need once more, asked of the academy; who they parted from is kept apart.

    Twice is one request. Raises Relationship.Outsider for anybody but the mentee of an ended pair
    that began with a request, and MentoringRequest.TooMany.
    """
    need = pair.request
    if need is None or by.pk != pair.mentee_id or not pair.ended:
        raise Relationship.Outsider
    names = (*COPIED, *(way.field for way in WAYS))
    return asking.start(
        by,
        token=uuid5(NAMESPACE_URL, f"rematch:{pair.pk}"),
        methods=list(need.methods.all()),
        services=list(need.services.all()),
        mentor=None,
        kind=pair.kind,
        at=at,
        **{name: getattr(need, name) for name in names},
    )
