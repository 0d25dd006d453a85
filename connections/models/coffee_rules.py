"""How coffee rounds are drawn: start values an administrator may change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole
from connections.models.working_days import working_day

LATE = timedelta(days=7)  # so long after its day a round is still drawn by itself


class CoffeeRules(HouseRules):
    """The start values of coffee rounds, for an administrator to change."""

    rounds_apart = whole(_("rounds without a repeat"), 12, 36)
    share_across = whole(_("groups across organisations, of 100"), 70, 100)
    working_day = whole(_("working day of the month on which a round is drawn"), 1, 15)
    remind_after_days = whole(_("days until a reminder"), 14, 28)
    counts_from = whole(_("answers before coordinators see counts"), 8, 100, least=8)

    class Meta:
        verbose_name = _("coffee rules")
        verbose_name_plural = _("coffee rules")
        constraints = [
            models.CheckConstraint(name="coffee_rules_are_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="coffee_counts_hide_small_numbers", condition=models.Q(counts_from__gte=8)
            ),
        ]

    def __str__(self) -> str:
        return str(_("Coffee rules"))

    def draw_day(self, month: date) -> date:
        return working_day(month, self.working_day)

    def due_month(self, at: datetime) -> date | None:
        """The month whose round should be drawn about now."""
        today = localdate(at)
        day = self.draw_day(today)
        return today.replace(day=1) if day <= today < day + LATE else None

    def next_month(self, at: datetime, *, newest: date | None) -> date:
        """The month of the next round, when `newest` is the last one there has been."""
        today = localdate(at)
        this = today.replace(day=1)
        over = today >= self.draw_day(today) + LATE
        return following(this) if over or (newest is not None and newest >= this) else this


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=7)).replace(day=1)
