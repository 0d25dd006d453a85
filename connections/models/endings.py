"""Why relationships end, as counts of a quarter: no row knows of which pair, or of whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

FEWEST = 8  # below it nobody is shown a count


def quarter_of(day: date) -> date:
    """The first day of the quarter in which this day lies."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


class EndingQuerySet(models.QuerySet["Ending"]):
    def count_in(self, reason: str, *, at: datetime) -> None:
        """One more, where a reason was chosen at all."""
        if reason not in Ending.Reason.values:
            return
        row, _new = self.get_or_create(quarter=quarter_of(localdate(at)), reason=reason)
        self.filter(pk=row.pk).update(times=F("times") + 1)

    def shown(self, at: datetime) -> Self:
        """Quarters that are over, and only counts large enough to point at nobody."""
        return self.filter(quarter__lt=quarter_of(localdate(at)), times__gte=FEWEST)


class Ending(models.Model):
    """How often one reason was chosen in one quarter."""

    class Reason(models.TextChoices):
        DONE = "done", _("We did what we set out to do")
        TIME = "time", _("Time or work has changed")
        FIT = "fit", _("Somebody else would suit better")
        QUIET = "quiet", _("We lost touch")

    quarter = models.DateField(_("quarter beginning on"))
    reason = models.CharField(_("reason"), max_length=5, choices=Reason)
    times = models.PositiveIntegerField(_("times"), default=0)

    objects = EndingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for ending")
        verbose_name_plural = _("reasons for ending")
        constraints = [
            models.UniqueConstraint(
                name="one_count_of_a_reason_in_a_quarter", fields=["quarter", "reason"]
            ),
            models.CheckConstraint(
                name="ending_is_counted_for_a_known_reason",
                condition=Q(reason__in=["done", "time", "fit", "quiet"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
