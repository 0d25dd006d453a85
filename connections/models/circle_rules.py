"""How circles are kept: start values an administrator may change."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole

FEWEST, MOST = 2, 30  # places that any rule may allow


class CircleRules(HouseRules):
    """The start values of circles, for an administrator to change."""

    places_least = whole(_("fewest places"), 4, MOST, least=FEWEST)
    places_most = whole(_("most places"), 10, MOST, least=FEWEST)
    remind_hours = whole(_("hours before a meeting when a reminder goes out"), 24, 168)
    kept_days = whole(_("days words are kept after a circle has closed"), 90, 365)

    class Meta:
        verbose_name = _("circle rules")
        verbose_name_plural = _("circle rules")
        constraints = [
            models.CheckConstraint(name="circle_rules_are_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="circle_has_no_fewer_places_than_the_fewest",
                condition=Q(places_least__lte=F("places_most")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Circle rules"))
