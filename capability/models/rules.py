from __future__ import annotations

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules


class BookingRules(HouseRules):
    """Start values of booking that an administrator may change."""

    cut_off_hours = models.PositiveSmallIntegerField(
        _("booking closes, hours before the first session"),
        default=24,
        validators=[MaxValueValidator(24 * 60)],
    )
    remind_hours = models.PositiveSmallIntegerField(
        _("a session is near, hours before it starts"),
        default=48,
        validators=[MaxValueValidator(24 * 30)],
    )

    class Meta:
        verbose_name = _("booking rules")
        verbose_name_plural = _("booking rules")
        constraints = [
            models.CheckConstraint(name="one_row_of_booking_rules", condition=Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(_("Booking rules"))

    def closes_at(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(hours=self.cut_off_hours)

    def near(self) -> timedelta:
        return timedelta(hours=self.remind_hours)
