"""What staff of ours find on their home page: how many wait, and where; no name and no word of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from academy import hooks
from connections.hooks.coaches import credentials_to_confirm
from connections.hooks.relationships import concerns
from connections.hooks.requests import rounds_in_draft
from connections.hooks.weather import pairs_needing_a_word


@hooks.need
def staff_work(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Our piles of the staff page that somebody looks at day by day. Concerns come before all else."""
    for pile in concerns(person, at=at):
        if pile.count:
            yield _counted(pile, first=True)
    for find in (pairs_needing_a_word, credentials_to_confirm, rounds_in_draft):
        for pile in find(person, at=at):
            if pile.count:
                yield _counted(pile)


def _counted(pile: hooks.Queue, *, first: bool = False) -> hooks.Need:
    return hooks.Need(f"{pile.label}: {pile.count}", pile.url, _("See them all"), first=first)
