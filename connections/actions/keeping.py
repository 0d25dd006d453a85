"""How long the words of a pair are kept after its end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from academy.rows import each
from connections.models import (
    Care,
    CheckIn,
    Goal,
    HandOver,
    Meeting,
    Note,
    Proposal,
    Relationship,
    Task,
    Terms,
)


def forget_words(*, at: datetime, limit: int = 500) -> int:
    """When the agreed time is over the words go; dates stay, for counts."""
    due = Relationship.objects.kept_long_enough(at).order_by("pk")
    return each(due.values_list("pk", flat=True)[:limit], _forget, at=at)


@transaction.atomic
def _forget(pk: int, *, at: datetime) -> bool:
    pair = Relationship.objects.kept_long_enough(at).locked().filter(pk=pk).first()
    if pair is None:
        return False
    Terms.objects.of(pair).forget()
    HandOver.objects.of(pair).delete()
    Note.objects.of(pair).delete()
    Task.objects.of(pair).delete()
    Goal.objects.of(pair).delete()
    Proposal.objects.of(pair).delete()
    CheckIn.objects.of(pair).delete()
    Care.objects.filter(relationship=pair).delete()
    Meeting.objects.of(pair).update(place="")
    Relationship.objects.filter(pk=pk).update(forgotten_at=at)
    return True
