"""How relationships are cared for: start values an administrator may change."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db import models
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole


class Level(StrEnum):
    """How a relationship is going, in three words."""

    HELP = "help"
    WATCH = "watch"
    CALM = "calm"


class RelationshipRules(HouseRules):
    """The start values of a relationship, for an administrator to change."""

    first_contact_days = whole(_("days to accept the agreement"), 7)
    first_meeting_days = whole(_("days until the first meeting"), 21)
    silence_days = whole(_("days of silence until a nudge"), 30)
    months = whole(_("months a relationship lasts to start with"), 6, 60)
    kept_days = whole(_("days both may still read after the end"), 180, 1095)
    goals = whole(_("most goals at a time"), 3, 10)
    tasks = whole(_("most open tasks at a time"), 5, 20, later=True)
    early_meetings = whole(_("meetings that count as early"), 4, 20, later=True)
    reminder_hours = whole(_("hours from the reminder to the meeting"), 24, 168, later=True)

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

    def soon(self, at: datetime) -> datetime:
        """A meeting planned for later than this does not end a silence."""
        return at + timedelta(days=self.silence_days)

    def lately(self, at: datetime) -> datetime:
        """A meeting that was to be before this, and that nobody wrote up, does not end one either."""
        return at - timedelta(days=self.silence_days)

    def kept(self) -> timedelta:
        """How long both may read after the end."""
        return timedelta(days=self.kept_days)


class CareRules(HouseRules):
    """The start values of check-ins and of coordinators’ care, for an administrator to change."""

    pulse_first_days = whole(_("days until the first pulse"), 30)
    pulse_every_days = whole(_("days between pulses"), 60)
    apart_days = whole(_("fewest days between two check-ins"), 7)
    unanswered_days = whole(_("days a check-in may wait before a coordinator looks"), 14)
    nudge_again_days = whole(_("days until a coordinator may nudge again"), 7)
    looked_after_days = whole(_("days a pair counts as looked after"), 14)
    offer_days = whole(_("days an offer of somebody else waits"), 14, later=True)

    class Meta:
        verbose_name = _("check-in and care rules")
        verbose_name_plural = _("check-in and care rules")
        constraints = [
            models.CheckConstraint(name="care_rules_are_one_row", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(_("Check-in and care rules"))

    def nudged_before(self, at: datetime) -> datetime:
        """Who was nudged before this may be nudged again: whole days count, so that a date says when."""
        day = localdate(at) - timedelta(days=self.nudge_again_days - 1)
        return make_aware(datetime.combine(day, time.min))

    def newest_pulse(self, days: int) -> int:
        """The last pulse day a pair of this many days has come to: 30, 90, 150 …; 0 before."""
        if days < self.pulse_first_days:
            return 0
        since = days - self.pulse_first_days
        return self.pulse_first_days + since // self.pulse_every_days * self.pulse_every_days
