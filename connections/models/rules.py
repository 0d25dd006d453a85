from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole
from connections.models.working_days import close_of_working_day

LEAST_PLACES, MOST_PLACES = 1, 10


class MentoringRules(HouseRules):
    """The start values of mentoring, for an administrator to change."""

    pending_limit = whole(_("requests a person may have waiting"), 3, 10)
    remind_after_days = whole(_("days until a reminder"), 7)
    close_after_days = whole(_("days until a request closes"), 14)
    move_on_after_days = whole(
        _("working days until the next of a list is asked"), 3, 10, later=True
    )
    suggestions_least = whole(_("fewest suggestions without advice to widen"), 3, 10)
    suggestions_most = whole(_("most suggestions"), 5, 10)
    mentor_capacity = whole(_("places of a mentor to start with"), 3, MOST_PLACES)
    coach_capacity = whole(_("places of a coach to start with"), 6, MOST_PLACES)
    review_after_months = whole(_("months until an offer is reviewed"), 12, 60)

    class Meta:
        verbose_name = _("mentoring rules")
        verbose_name_plural = _("mentoring rules")
        constraints = [
            models.CheckConstraint(name="mentoring_rules_are_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="a_reminder_comes_before_the_close",
                condition=models.Q(remind_after_days__lt=models.F("close_after_days")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Mentoring rules"))

    def moves_on(self, at: datetime) -> datetime:
        """When the next on a list is asked, if somebody asked now does not answer."""
        return close_of_working_day(at, days=self.move_on_after_days)
