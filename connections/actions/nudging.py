"""A kind word to several people at once: a shared note in each pair, and a letter without the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from academy.models.base import Refusal
from connections.models import Note, Relationship


@transaction.atomic
def nudge(
    pairs: Iterable[Relationship],
    *,
    by: Any,
    told: Mapping[str, str],
    token: UUID,
    at: datetime,
) -> int:
    """Write to the other half of each pair; how many it reached. The same form twice writes once.

    `told` is what is said, by language: each is written to in their own where it is there, else in
    the first. Pairs that do not take notes any more are left out. Words for many are no contact
    of the pair: a silence goes on until they meet, or one of the two writes by hand.
    """
    reached = 0
    for pair in sorted(pairs, key=lambda one: one.pk):
        other = pair.other(by)
        language = other.language if other.language in told else next(iter(told))
        try:
            note = Note.objects.write(
                pair,
                by=by,
                audience=Note.Audience.SHARED,
                words=told[language],
                language=language,
                token=(own := uuid5(token, str(pair.pk))),
                contact=False,
                at=at,
            )
        except Refusal:
            continue
        Relationship.objects.filter(pk=pair.pk).update(kind_word_at=note.written_at)
        pair.tell("kind_word", other, at=at, mark=str(own))
        reached += 1
    return reached
