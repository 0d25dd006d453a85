"""What both sides of a pair say about themselves: language, place, form, ways of working."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Setting(models.TextChoices):
    """Where care is given. The order is the number the matching knows a setting by: only append."""

    HOSPITAL = "hospital", _("Hospital")
    COMMUNITY = "community", _("Community services")
    PRIMARY_CARE = "primary_care", _("Primary care")
    MENTAL_HEALTH = "mental_health", _("Mental health and learning disability")
    SOCIAL_CARE = "social_care", _("Social care")
    AMBULANCE = "ambulance", _("Ambulance and emergency response")
    NATIONAL = "national", _("National body or office")
    EDUCATION = "education", _("Education and research")


@dataclass(frozen=True)
class Way:
    """One prompt about how people like to work, with two ends and no preference between them."""

    field: str
    question: Any
    minus: Any
    plus: Any

    def choices(self) -> list[tuple[int, Any]]:
        return [(-1, self.minus), (1, self.plus), (0, _("No preference"))]


WAYS = (
    Way(
        "way_pace",
        _("How do you like a conversation to run?"),
        _("To a plan, step by step"),
        _("Openly, following what comes up"),
    ),
    Way(
        "way_challenge",
        _("What helps you most?"),
        _("To be listened to first"),
        _("To be challenged"),
    ),
    Way(
        "way_rhythm",
        _("How often do you like to meet?"),
        _("Short and often"),
        _("Longer and less often"),
    ),
    Way(
        "way_learning",
        _("How do you like to learn something new?"),
        _("From examples"),
        _("By trying it myself"),
    ),
)


class Fit(models.Model):
    """The columns a mentor's offer and a mentee's request have in common."""

    in_welsh = models.BooleanField(_("in Welsh"), default=False)
    in_english = models.BooleanField(_("in English"), default=False)
    online = models.BooleanField(_("online"), default=True)
    in_person = models.BooleanField(_("in person"), default=False)
    setting = models.CharField(_("setting"), max_length=16, choices=Setting, blank=True, default="")
    way_pace = models.SmallIntegerField(WAYS[0].question, choices=WAYS[0].choices(), default=0)
    way_challenge = models.SmallIntegerField(WAYS[1].question, choices=WAYS[1].choices(), default=0)
    way_rhythm = models.SmallIntegerField(WAYS[2].question, choices=WAYS[2].choices(), default=0)
    way_learning = models.SmallIntegerField(WAYS[3].question, choices=WAYS[3].choices(), default=0)

    class Meta:
        abstract = True

    def ways(self) -> list[int]:
        return [getattr(self, way.field) for way in WAYS]


def ways_have_two_ends(table: str) -> models.CheckConstraint:
    ends = Q()
    for way in WAYS:
        ends &= Q(**{f"{way.field}__gte": -1, f"{way.field}__lte": 1})
    return models.CheckConstraint(name=f"{table}_ways_have_two_ends", condition=ends)


def speaks_and_meets(table: str) -> models.CheckConstraint:
    """Somebody in a pair speaks a language and meets somewhere."""
    return models.CheckConstraint(
        name=f"{table}_has_a_language_and_a_format",
        condition=(Q(in_welsh=True) | Q(in_english=True)) & (Q(online=True) | Q(in_person=True)),
    )
