"""Rows whose words are sealed in the column: notes, goals, concerns."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from connections.crypto import Sealed, Unreadable, newest_key, open_sealed, seal

Row = TypeVar("Row", bound="SealedWords")


class SealedQuerySet(models.QuerySet[Row]):
    def under_older_keys(self) -> Self:
        return self.exclude(key_id=newest_key())

    @transaction.atomic
    def reseal(self, *, after: int = 0, limit: int = 500) -> tuple[int, int, int]:
        """Seal the next rows with the newest key: how many were, how many no key opens, the last pk."""
        rows = list(
            self.under_older_keys()
            .filter(pk__gt=after)
            .select_for_update(no_key=True, of=("self",))
            .order_by("pk")[:limit]
        )
        changed = [row for row in rows if row.reseal()]
        self.bulk_update(changed, ["key_id", "sealed"])
        return len(changed), len(rows) - len(changed), rows[-1].pk if rows else after


class SealedWords(models.Model):
    """Words that only the application can read, in the language they were written in."""

    key_id = models.CharField(max_length=12, editable=False)
    sealed = models.BinaryField(editable=False)
    language = models.CharField(_("language"), max_length=2)

    class Meta:
        abstract = True

    def bond(self) -> str:
        """What ties the words to this row and no other; must never change."""
        raise NotImplementedError

    def seal(self, words: str) -> None:
        made = seal(words, bound_to=self.bond())
        self.key_id, self.sealed = made.key_id, made.content

    def opened(self) -> str | None:
        """The words; None when their key is gone."""
        try:
            return open_sealed(Sealed(self.key_id, bytes(self.sealed)), bound_to=self.bond())
        except Unreadable:
            return None

    def reseal(self) -> bool:
        words = self.opened()
        if words is not None:
            self.seal(words)
        return words is not None
