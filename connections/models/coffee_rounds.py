"""A month's coffee round: begun, drawn by a worker, told to everybody in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal

LASTS = timedelta(days=45)  # after its draw a round is somebody's present one, unless another comes


class CoffeeRoundQuerySet(models.QuerySet["CoffeeRound"]):
    def visible_to(self, reader: Any) -> Self:
        return self if reader.has_role("coordinator") else self.none()

    def due(self, at: datetime) -> Self:
        """To be drawn, and no worker holds the lease."""
        return self.filter(state=CoffeeRound.State.DRAWING).filter(
            Q(leased_until=None) | Q(leased_until__lte=at)
        )

    def drawn(self) -> Self:
        """Their groups are written."""
        return self.filter(state__in=(CoffeeRound.State.TELLING, CoffeeRound.State.DRAWN))

    def failed(self) -> Self:
        return self.filter(state=CoffeeRound.State.FAILED)

    def newest_first(self) -> Self:
        return self.order_by("-month", "pk")

    def present(self, at: datetime) -> Self:
        """The one whose groups meet about now."""
        return self.drawn().filter(drawn_at__gt=at - LASTS).newest_first()[:1]

    def held(self) -> list[CoffeeRound]:
        """The newest round and the one before, until the transaction ends: seats change one at a
        time, also while the next round is being begun."""
        return list(self.select_for_update(no_key=True).newest_first()[:2])


class CoffeeRound(models.Model):
    """Counts of a draw. Who sits with whom is in the groups and seats, which staff do not see."""

    class State(models.TextChoices):
        DRAWING = "drawing", _("Being drawn")
        TELLING = "telling", _("Letters are going out")
        DRAWN = "drawn", _("Drawn")
        FAILED = "failed", _("The draw did not end")

    class DrawnAlready(Refusal):
        """One round a month."""

    class TooFew(Refusal):
        """Nobody has coffee alone."""

    month = models.DateField(_("month"), unique=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.DRAWING)
    seed = models.PositiveIntegerField(_("seed"))
    rounds_apart = models.PositiveSmallIntegerField(_("rounds without a repeat"))
    share_wanted = models.PositiveSmallIntegerField(_("groups across organisations, of 100"))
    begun_at = models.DateTimeField(_("begun at"))
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("begun by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    drawn_at = models.DateTimeField(_("drawn at"), null=True)
    window = models.PositiveSmallIntegerField(_("rounds kept free of repeats"), default=0)
    people = models.PositiveIntegerField(_("people"), default=0)
    groups_made = models.PositiveIntegerField(_("groups"), default=0)
    threes = models.PositiveIntegerField(_("groups of three"), default=0)
    across = models.PositiveIntegerField(_("across organisations"), default=0)
    most_across = models.PositiveIntegerField(_("most across organisations"), default=0)
    repeats = models.PositiveIntegerField(_("repeats"), default=0)
    alone = models.PositiveIntegerField(_("without a group"), default=0)

    objects = CoffeeRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("coffee round")
        verbose_name_plural = _("coffee rounds")
        constraints = [
            models.CheckConstraint(name="coffee_round_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="coffee_round_drawn_at_a_time",
                condition=Q(state__in=["drawing", "failed"], drawn_at=None)
                | Q(state__in=["telling", "drawn"], drawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="coffee_groups_across_are_groups", condition=Q(across__lte=F("groups_made"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def drawn(self) -> bool:
        return self.drawn_at is not None

    @property
    def failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def share(self) -> int:
        """Groups across organisations, of 100; 0 only for none."""
        return max(100 * self.across // self.groups_made, 1) if self.across else 0

    @property
    def reached(self) -> bool:
        return 100 * self.across >= self.share_wanted * self.groups_made

    @property
    def possible(self) -> bool:
        """Whether any draw of these people could have had the share that was wanted."""
        return 100 * self.most_across >= self.share_wanted * self.groups_made
