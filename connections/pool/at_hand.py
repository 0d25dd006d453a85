"""All offers that take people, as arrays at hand in this process: only what changed is read again.

Triggers write into each row which transaction wrote it last or closed its person's account, and
PostgreSQL tells the oldest transaction that was still open when we read: whatever older ones wrote is
in the arrays, so that later ones are all there is to ask for. What is at hand is as fresh as if all had
been read; who works where and whom people know stands in other tables, and is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, Func, QuerySet

from academy.rows import any_of
from connections import matching
from connections.matching.people import Ints
from connections.models import MentorProfile
from connections.pool.loading import PROFILE_COLUMNS, Row, as_mentors, as_offered, pks

COLUMNS = (*PROFILE_COLUMNS, "state", "closed", "person__is_active")


def _of_snapshot(end: str) -> Func:
    """`xmin`: the oldest transaction still open; `xmax`: one later than any that has ended."""
    return Func(
        template=f"pg_snapshot_{end}(pg_current_snapshot())::text::bigint",
        output_field=BigIntegerField(),
    )


@dataclass(frozen=True)
class AtHand:
    offers: matching.Mentors
    """By the keys of their rows; organisation, team and ties unknown."""
    profile_pks: Ints
    until: int
    """All that transactions before this one wrote is here."""

    @classmethod
    def of(cls, rows: list[Row]) -> Self:
        taking = [
            as_offered(row)
            for row in rows
            if row["state"] == "approved" and row["person__is_active"] and not row["closed"]
        ]
        until = rows[0]["oldest"] if rows else 0
        return cls(as_mentors(taking), pks(taking), until)

    def take(self, rows: Ints) -> AtHand:
        return AtHand(self.offers.take(rows), self.profile_pks[rows], self.until)

    def refreshed(self) -> AtHand:
        """With what was written meanwhile.

        No row we see was written by a transaction that has not ended, unless it was restored from
        another server, which counted its own: such a row was read with all others, and is left.
        """
        later = MentorProfile.objects.filter(
            last_transaction__gte=self.until, last_transaction__lt=_of_snapshot("xmax")
        )
        return self.with_changed(_read(later))

    def with_changed(self, rows: list[Row]) -> AtHand:
        if not rows:
            return self
        new = AtHand.of(rows)
        same = self.take(np.flatnonzero(~np.isin(self.profile_pks, pks(rows))))
        offers = same.offers.followed_by(new.offers)
        keys = np.concatenate((same.profile_pks, new.profile_pks))
        return AtHand(offers, keys, new.until).take(np.argsort(keys))


def _read(profiles: QuerySet[MentorProfile]) -> list[Row]:
    return list(
        profiles.annotate(oldest=_of_snapshot("xmin")).order_by("pk").values(*COLUMNS, "oldest")
    )


_kept: AtHand | None = None


def now() -> AtHand:
    """What can be seen now. Inside a transaction all is read, and not kept: it may be taken back."""
    global _kept
    if connection.in_atomic_block or _kept is None:
        found = AtHand.of(_read(MentorProfile.objects.all()))
    else:
        found = _kept.refreshed()
    if not connection.in_atomic_block:
        _kept = found
    return found


def gone(keys: list[int]) -> bool:
    """Whether one of these was deleted, which no row is left to tell; then all will be read again."""
    global _kept
    if MentorProfile.objects.filter(any_of("pk", keys)).count() == len(keys):
        return False
    _kept = None
    return True
