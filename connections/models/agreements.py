"""What both accept before the first meeting or note; kept by version."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.relationships import Relationship

# The words of each version stay as people read them: connections/relationships/agreements/<n>.html
NEWEST = 1


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of(self, relationship: Relationship, person: Any) -> Self:
        """What this person has accepted, newest first."""
        mine = self.filter(relationship=relationship, person=person)
        return mine.order_by("-version", "-pk")

    @transaction.atomic
    def accept(
        self, relationship: Relationship, *, by: Any, version: int, language: str, at: datetime
    ) -> None:
        """One side says yes; with the second yes the relationship is under way. Twice is once."""
        pair = Relationship.objects.locked().get(pk=relationship.pk)
        if not pair.includes(by):
            raise Relationship.Outsider
        if pair.ended:
            raise Relationship.Ended
        if version != NEWEST:
            raise Agreement.Older
        _row, new = self.get_or_create(
            relationship=pair,
            person=by,
            version=version,
            defaults={"language": language, "accepted_at": at},
        )
        if new:
            self._go_on(pair, by=by, at=at)
        relationship.refresh_from_db()

    def _go_on(self, pair: Relationship, *, by: Any, at: datetime) -> None:
        """Under way when both have said yes, else the other side is asked."""
        other = pair.other(by)
        if not self.filter(relationship=pair, person=other).exists():
            pair.tell("agreement_waiting", other, at=at)
        elif pair.waiting:
            pair.state, pair.agreed_at = Relationship.State.CURRENT, at
            pair.last_contact_at = at
            pair.save(update_fields=["state", "agreed_at", "last_contact_at"])
            pair.tell("agreement_complete", other, at=at)


class Agreement(models.Model):
    """One person's yes to one version of the agreement."""

    class Older(Refusal):
        """The words have changed since the page was opened."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="agreements"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agreements"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2)
    accepted_at = models.DateTimeField(_("accepted at"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                name="each_accepts_a_version_once", fields=["relationship", "person", "version"]
            )
        ]

    def __str__(self) -> str:
        return str(_("Agreement %(number)s") % {"number": self.pk})
