"""How coaches are cared for: start values an administrator may change."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole


class CoachRules(HouseRules):
    """The start values of coach care, for an administrator to change."""

    first_reminder_days = whole(_("days before a credential expires: first reminder"), 60)
    last_reminder_days = whole(_("days before a credential expires: last reminder"), 14)
    supervision_days = whole(_("days from one supervision to the next"), 91)
    group_places = whole(_("places of a supervision session to start with"), 6, 30)

    class Meta:
        verbose_name = _("coach rules")
        verbose_name_plural = _("coach rules")
        constraints = [
            models.CheckConstraint(name="coach_rules_are_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="the_last_reminder_comes_after_the_first",
                condition=Q(last_reminder_days__lt=F("first_reminder_days")),
                violation_error_message=_("The last reminder comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Coach rules"))

    def supervised_since(self, on: date) -> date:
        """Supervision on this day or later is recent enough."""
        return on - timedelta(days=self.supervision_days)

    def supervision_due_on(self, last: date) -> date:
        return last + timedelta(days=self.supervision_days)

    def expires_soon(self, on: date) -> date:
        """What expires on this day or before it does so soon."""
        return on + timedelta(days=self.first_reminder_days)
