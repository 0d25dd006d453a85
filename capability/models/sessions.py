from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual, in_both_languages
from academy.models import AuditEvent
from academy.models.base import Refusal
from capability.models.cohorts import Cohort

if TYPE_CHECKING:
    from academy.models import Person


class SessionQuerySet(models.QuerySet["Session"]):
    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_come(self, at: datetime) -> Self:
        return self.live().filter(ends_at__gt=at)


class Session(models.Model):
    """One meeting of a cohort. `sequence` rises with every change that calendars must follow."""

    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.CASCADE, related_name="sessions"
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place_en = models.CharField(
        _("place (English)"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Only when it differs from the cohort's place."),
    )
    place_cy = models.CharField(_("place (Welsh)"), max_length=200, blank=True, default="")
    sequence = models.PositiveIntegerField(default=0, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)

    place = Bilingual("place")
    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(name="session_by_start", fields=["starts_at"])]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A session ends after it starts."),
            ),
            models.CheckConstraint(
                name="session_placed_in_both_languages_or_none",
                condition=in_both_languages("place") | Q(place_en="", place_cy=""),
                violation_error_message=_("Write the place in both languages, or in neither."),
            ),
        ]

    class LastOne(Refusal):
        """It is the only session left: cancel the cohort instead."""

    class Gone(Refusal):
        """A cancelled session cannot be moved."""

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @transaction.atomic
    def move(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime,
        place: tuple[str, str] | None = None,
        by: Person | None = None,
        at: datetime,
    ) -> bool:
        """Another time or place, English and Welsh. Everyone is told once; no change tells nobody."""
        cohort, row = self._held()
        if row.cancelled_at or cohort.cancelled_at:
            raise Session.Gone
        place_en, place_cy = place or (row.place_en, row.place_cy)
        was = (row.starts_at, row.ends_at, row.place_en, row.place_cy)
        if was == (starts_at, ends_at, place_en, place_cy):
            return False
        old = row.starts_at.isoformat()
        row.starts_at, row.ends_at = starts_at, ends_at
        row.place_en, row.place_cy = place_en, place_cy
        row.sequence += 1
        fields = ["starts_at", "ends_at", "place_en", "place_cy", "sequence"]
        row.save(update_fields=fields)
        cohort.settle_dates()
        row.tell_everyone("capability.session_moved", cohort, at=at, was=old)
        AuditEvent.objects.record("move", actor=by, thing=self, fields=fields, at=at)
        self.refresh_from_db()
        return True

    @transaction.atomic
    def cancel(self, *, by: Person | None = None, at: datetime) -> bool:
        """This meeting falls away; everyone is told once and calendars drop it."""
        cohort, row = self._held()
        if row.cancelled_at or cohort.cancelled_at:
            return False
        if not cohort.sessions.live().exclude(pk=row.pk).exists():
            raise Session.LastOne
        row.cancelled_at = at
        row.sequence += 1
        row.save(update_fields=["cancelled_at", "sequence"])
        cohort.settle_dates()
        row.tell_everyone("capability.session_cancelled", cohort, at=at)
        AuditEvent.objects.record("cancel", actor=by, thing=self, at=at)
        self.refresh_from_db()
        return True

    def _held(self) -> tuple[Cohort, Session]:
        """The cohort under its lock, and this session as it stands now."""
        cohort = Cohort.objects.select_related("course").locked().get(pk=self.cohort_id)
        return cohort, cohort.sessions.get(pk=self.pk)

    def facts(self, was: str = "") -> dict[str, Any]:
        return {"session": self.pk, "sequence": self.sequence, "was": was}

    def tell_everyone(self, kind: str, cohort: Cohort, *, at: datetime, was: str = "") -> None:
        key = f"{self.pk}-{self.sequence}"
        cohort.tell_everyone(kind, key=key, facts=self.facts(was), at=at)
