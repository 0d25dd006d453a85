"""How relationships are cared for: start values an administrator may change."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole


class RelationshipRules(HouseRules):
    """The start values of a relationship, for an administrator to change."""

    first_contact_days = whole(_("days to accept the agreement"), 7)
    first_meeting_days = whole(_("days until the first meeting"), 21)
    silence_days = whole(_("days of silence until a nudge"), 30)
    months = whole(_("months a relationship lasts to start with"), 6, 60)
    kept_days = whole(_("days both may still read after the end"), 180, 1095)
    goals = whole(_("most goals at a time"), 3, 10)

    class Meta:
        verbose_name = _("relationship rules")
        verbose_name_plural = _("relationship rules")
        constraints = [
            models.CheckConstraint(name="relationship_rules_are_one_row", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(_("Relationship rules"))

    def ends_on(self, start: date) -> date:
        """The same day so many months later, or the last day of a shorter month."""
        years, month = divmod(start.month - 1 + self.months, 12)
        year = start.year + years
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))

    def kept(self) -> timedelta:
        """How long both may read after the end."""
        return timedelta(days=self.kept_days)
