"""Find me someone else: without fault, in one press."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from academy.models.base import Refusal
from connections.actions.asking import start
from connections.actions.handing import kept_apart, need_of
from connections.models import Meeting, MentoringRequest, Relationship
from connections.models.fit import WAYS

MEETINGS = 2  # after so many a pair knows whether it fits
SAME = (
    "words", "written_in", "kind", "in_welsh", "in_english", "online", "in_person", "setting",
    *(way.field for way in WAYS),
)  # fmt: skip


class TooSoon(Refusal):
    """They have not met twice yet. Either may still end it, which needs no reason."""


class NoNeed(Refusal):
    """No request brought them together: the mentee says first what they need."""


def may_look(pair: Relationship) -> bool:
    """After an ending, or when they have met twice."""
    return pair.ended or Meeting.objects.of(pair).held().count() >= MEETINGS


@transaction.atomic
def look_for_another(pair: Relationship, *, by: Any, token: UUID, at: datetime) -> MentoringRequest:
    """A new request like the old one, former mentors kept apart; what is under way ends kindly.

    The same form twice is one request, and ending twice is ending once.
    """
    if by.pk != pair.mentee_id:
        raise Relationship.Outsider
    need = need_of(pair)
    if need is None or not need.words.strip():
        raise NoNeed
    if not may_look(pair):
        raise TooSoon
    said = {name: getattr(need, name) for name in SAME}
    topics = {"methods": list(need.methods.all()), "services": list(need.services.all())}
    request = start(by, token=token, mentor=None, at=at, **topics, **said)
    request.kept_apart.add(*kept_apart(pair))
    pair.end(by=by, at=at)
    return request
