"""What each kind of fit is worth: versions, never changed, one of them in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import connection, models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent
from connections import matching

WORTHS = (
    "methods",
    "topics",
    "way",
    "setting",
    "format",
    "organisation",
    "ties",
    "left_out",
    "minimum",
)
FIRM = ("firm_format", "firm_setting")
MOST = 1000
MOST_EACH_WAY = 500
LOCK = 0x3E1647  # any number, but ours: versions are numbered one at a time


def _worth(
    label: Any, name: str, most: int = MOST, **facts: Any
) -> models.PositiveSmallIntegerField[int, int]:
    start = getattr(matching.Weights(), name)
    return models.PositiveSmallIntegerField(
        label, default=start, validators=[MaxValueValidator(most)], **facts
    )


def one_at_a_time() -> None:
    """Whoever numbers a version or changes which one is in use waits here for the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@dataclass(frozen=True)
class Difference:
    """One setting in which two versions differ: points, or yes and no for a firm one."""

    label: str
    here: int | bool
    there: int | bool

    @property
    def firm(self) -> bool:
        return isinstance(self.here, bool)


class WeightsQuerySet(models.QuerySet["Weights"]):
    def in_use(self) -> Self:
        return self.filter(used=True)

    @transaction.atomic
    def add_version(self, *, by: Any, at: datetime, use: bool = True, **worths: Any) -> Weights:
        """A new version, made from the one in use and what is to be different."""
        one_at_a_time()
        before = self.in_use().first() or Weights()
        start = {name: getattr(before, name) for name in (*WORTHS, *FIRM)}
        newest = self.aggregate(newest=Max("version"))["newest"] or 0
        weights = self.create(version=newest + 1, made_by=by, made_at=at, **{**start, **worths})
        if by is not None:
            AuditEvent.objects.record("connections.weights_added", actor=by, thing=weights, at=at)
        if use:
            weights.use()
        return weights

    def current(self, *, at: datetime) -> Weights:
        """The version in use; the start values become version 1 when there is none."""
        return self.in_use().first() or self.add_version(by=None, at=at)


class Weights(models.Model):
    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    why = models.CharField(_("what is different, and why"), max_length=200, blank=True, default="")
    methods = _worth(_("improvement skills in common"), "methods")
    topics = _worth(_("service topics in common"), "topics")
    way = _worth(_("each way of working alike"), "way", MOST_EACH_WAY)
    setting = _worth(_("the same setting"), "setting")
    format = _worth(_("a way of meeting that suits both"), "format")
    organisation = _worth(_("another organisation"), "organisation")
    ties = _worth(_("one contact or former workplace in common"), "ties", db_default=0)
    left_out = _worth(_("left out of the round before"), "left_out")
    minimum = _worth(_("least fit of skills and topics"), "minimum")
    firm_format = models.BooleanField(_("the way of meeting must suit both"), default=False)
    firm_setting = models.BooleanField(_("the setting must be the same"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), editable=False)
    used = models.BooleanField(_("in use"), default=False, editable=False)

    objects = WeightsQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching weights")
        verbose_name_plural = _("matching weights")
        constraints = [
            models.UniqueConstraint(
                name="one_version_of_weights_in_use", fields=["used"], condition=Q(used=True)
            ),
            models.CheckConstraint(
                name="weights_stay_within_reach",
                condition=Q(
                    way__lte=MOST_EACH_WAY,
                    **{f"{name}__lte": MOST for name in WORTHS if name != "way"},
                ),
            ),
            models.CheckConstraint(
                name="weights_meet_some_need", condition=Q(methods__gt=0) | Q(topics__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %(version)s") % {"version": self.version})

    @transaction.atomic
    def use(self) -> None:
        """From now on suggestions and new rounds go by this version."""
        one_at_a_time()
        Weights.objects.in_use().exclude(pk=self.pk).update(used=False)
        Weights.objects.filter(pk=self.pk).update(used=True)
        self.refresh_from_db(fields=["used"])

    def differences(self, other: Weights) -> list[Difference]:
        """What is not the same in the two, whatever the number of the version."""
        both = ((name, getattr(self, name), getattr(other, name)) for name in (*WORTHS, *FIRM))
        return [
            Difference(str(getattr(Weights, name).field.verbose_name), here, there)
            for name, here, there in both
            if here != there
        ]

    def as_numbers(self) -> matching.Weights:
        firm = {matching.Rule.FORMAT: self.firm_format, matching.Rule.SETTING: self.firm_setting}
        return matching.Weights(
            **{name: getattr(self, name) for name in WORTHS},
            firm=frozenset(rule for rule, on in firm.items() if on),
        )
