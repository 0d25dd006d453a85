"""What coordinators know of a pair beyond its dates, and what they did: levels and times, no words."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent
from academy.models.base import Refusal
from connections.models.care import CareRules, Level
from connections.models.relationships import Relationship
from connections.models.rematch_offers import RematchOffer

WORSE = {Level.CALM: 0, Level.WATCH: 1, Level.HELP: 2}


class Whom(models.TextChoices):
    BOTH = "both", _("Both")
    MENTOR = "mentor", _("The mentor or coach")
    MENTEE = "mentee", _("The mentee")


class CareQuerySet(models.QuerySet["Care"]):
    def looked_after(self, at: datetime) -> Self:
        days = timedelta(days=CareRules.current().looked_after_days)
        return self.filter(looked_after_at__gt=at - days)

    def of(self, pair: Relationship) -> Care:
        return self.get_or_create(relationship=pair)[0]

    def feel(self, pair: Relationship, level: Level, *, at: datetime) -> None:
        """What both last said comes to, with the day alone. Worse than before asks for a new look."""
        care = self.of(pair)
        if level == care.felt:
            return
        if WORSE[level] > WORSE[Level(care.felt)]:
            care.looked_after_at, care.looked_after_by = None, None
        care.felt, care.felt_at = level, make_aware(datetime.combine(localdate(at), time.min))
        care.save(update_fields=["felt", "felt_at", "looked_after_at", "looked_after_by"])

    @transaction.atomic
    def nudge(self, pair: Relationship, *, by: Any, whom: str = Whom.BOTH, at: datetime) -> None:
        """A kind letter; at most once in so many days for a pair, however often it is pressed."""
        pair = Relationship.objects.locked().get(pk=pair.pk)
        if not (pair.current or pair.waiting):
            raise Care.LeftInPeace
        if RematchOffer.objects.of(pair).open(at).exists():
            raise Care.BeingAsked
        again = CareRules.current().nudged_before(at)
        care, fresh = self.of(pair), Q(nudged_at=None) | Q(nudged_at__lt=again)
        if not self.filter(fresh, pk=care.pk).update(nudged_at=at, nudged_by=by):
            raise Care.NudgedLately
        told = [Whom.MENTOR, Whom.MENTEE] if whom == Whom.BOTH else [Whom(whom)]
        for name in told:
            pair.tell("gentle_nudge", getattr(pair, name), at=at, mark=str(at.timestamp()))
        Relationship.objects.filter(pk=pair.pk).update(nudged_at=at)
        AuditEvent.objects.record(
            "connections.pair_nudged", actor=by, thing=pair, fields=[*map(str, told)], at=at
        )

    def nudge_many(self, pairs: list[Relationship], *, by: Any, at: datetime) -> int:
        """Both sides of each; those nudged lately or left in peace are passed over. How many were."""
        done = 0
        for pair in pairs:
            try:
                self.nudge(pair, by=by, at=at)
            except (Care.NudgedLately, Care.LeftInPeace, Care.BeingAsked):
                continue
            done += 1
        return done

    @transaction.atomic
    def look_after(self, pair: Relationship, *, by: Any, at: datetime) -> None:
        """A coordinator sees to this pair for some days; another may take it over."""
        pair = Relationship.objects.locked().get(pk=pair.pk)
        if pair.ended:
            raise Relationship.Ended
        care = self.of(pair)
        if care.looked_after_by_id == by.pk and care.looks_after(at):
            return
        care.looked_after_at, care.looked_after_by = at, by
        care.save(update_fields=["looked_after_at", "looked_after_by"])
        AuditEvent.objects.record("connections.pair_looked_after", actor=by, thing=pair, at=at)

    @transaction.atomic
    def stop_looking_after(self, pair: Relationship, *, by: Any, at: datetime) -> None:
        """No longer theirs: it waits for a coordinator again, unless another has taken it over."""
        mine = self.filter(relationship=pair, looked_after_by=by)
        if mine.update(looked_after_by=None, looked_after_at=None):
            AuditEvent.objects.record(
                "connections.pair_no_longer_looked_after", actor=by, thing=pair, at=at
            )


class Care(models.Model):
    """One row for a pair that was asked, nudged or looked after."""

    class NudgedLately(Refusal):
        """A coordinator has written to this pair a few days ago."""

    class BeingAsked(Refusal):
        """Both are being asked whether they go on: one letter at a time."""

    class LeftInPeace(Refusal):
        """It is paused or has ended: nobody nudges."""

    relationship = models.OneToOneField(Relationship, on_delete=models.CASCADE, related_name="care")
    felt = models.CharField(max_length=5, default=Level.CALM, editable=False)
    felt_at = models.DateTimeField(null=True, editable=False)  # midnight: the day, not the moment
    nudged_at = models.DateTimeField(_("nudged at"), null=True)
    nudged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    looked_after_at = models.DateTimeField(_("looked after at"), null=True)
    looked_after_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = _("care of a pair")
        verbose_name_plural = _("care of pairs")
        constraints = [
            models.CheckConstraint(
                name="pair_feels_calm_watch_or_help",
                condition=Q(felt__in=["calm", "watch", "help"]),
            )
        ]

    def __str__(self) -> str:
        return str(_("Care of pair %(number)s") % {"number": self.relationship_id})

    def nudged_today_by(self, person: Any, *, at: datetime) -> bool:
        """This coordinator has just done it: a second press of the button is no mistake."""
        if self.nudged_at is None or self.nudged_by_id != person.pk:
            return False
        return localdate(self.nudged_at) == localdate(at)

    def looks_after(self, at: datetime) -> bool:
        days = timedelta(days=CareRules.current().looked_after_days)
        return self.looked_after_at is not None and self.looked_after_at > at - days
