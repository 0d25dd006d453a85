"""Who has coffee with whom this month, and what each of them says of it, to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.coffee_prompts import CoffeePrompt
from connections.models.coffee_rounds import LASTS, CoffeeRound
from connections.models.coffee_rules import CoffeeRules

MOST = 3  # people in a group


class CoffeeGroup(models.Model):
    """Two or three people of one round; fewer when somebody could not come."""

    class NoRoom(Refusal):
        """Nobody could be found to join this month."""

    round = models.ForeignKey(CoffeeRound, on_delete=models.CASCADE, related_name="groups")
    prompt = models.ForeignKey(CoffeePrompt, on_delete=models.SET_NULL, null=True, related_name="+")
    languages = models.PositiveSmallIntegerField(_("languages in common"))
    across = models.BooleanField(_("across organisations"), default=False)
    again = models.BooleanField(_("two of them have met before"), default=False)
    seats_taken = models.PositiveSmallIntegerField(_("people"))

    class Meta:
        verbose_name = _("group of a coffee round")
        verbose_name_plural = _("groups of a coffee round")
        constraints = [
            models.CheckConstraint(
                name="coffee_group_is_three_at_most", condition=Q(seats_taken__lte=MOST)
            )
        ]

    def __str__(self) -> str:
        return str(_("Group %(number)s") % {"number": self.pk})


class CoffeeSeatQuerySet(models.QuerySet["CoffeeSeat"]):
    def visible_to(self, reader: Any) -> Self:
        """One's own, with one's own answers."""
        return self.of(reader) if reader.is_authenticated else self.none()

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def kept(self) -> Self:
        """Nobody has given it up."""
        return self.filter(gave_up_at=None)

    def untold(self) -> Self:
        return self.filter(told_at=None)

    def beside(self, seat: CoffeeSeat) -> Self:
        """The others of the same group."""
        return self.kept().filter(group=seat.group_id).exclude(pk=seat.pk)

    def with_whom(self, person: Any) -> Self:
        """Seats beside which this person has sat."""
        mine = CoffeeSeat.objects.kept().of(person).filter(group=OuterRef("group"))
        return self.kept().filter(Exists(mine)).exclude(person=person)

    def present(self, at: datetime) -> Self:
        """Of the round whose groups meet about now."""
        return self.filter(round__in=CoffeeRound.objects.present(at).values("pk"))

    def past(self, at: datetime) -> Self:
        """Of the rounds before, with somebody."""
        rounds = CoffeeRound.objects.drawn()
        before = self.filter(round__in=rounds, group__isnull=False)
        return before.exclude(round__in=CoffeeRound.objects.present(at).values("pk"))

    def forget(self) -> int:
        """What was answered goes; that somebody sat there stays."""
        return self.update(met=None, again=None, answered_at=None)

    def due_a_reminder(self, at: datetime) -> Self:
        """Two weeks on, nobody in the group has said that they met, nor this person that not."""
        wait = timedelta(days=CoffeeRules.current().remind_after_days)
        others = CoffeeSeat.objects.filter(group=OuterRef("group")).exclude(pk=OuterRef("pk"))
        return (
            self.kept()
            .filter(met=None, reminded_at=None, group__isnull=False)
            .filter(round__drawn_at__lte=at - wait, round__drawn_at__gt=at - LASTS)
            .filter(Exists(others.kept()))
            .exclude(Exists(others.filter(met=True)))
        )


class CoffeeSeat(models.Model):
    """One person in one round. What they answer is for counts alone: no page shows it to another."""

    class NotYours(Refusal):
        """The seat was given up, or has no group to speak of."""

    round = models.ForeignKey(CoffeeRound, on_delete=models.CASCADE, related_name="seats")
    group = models.ForeignKey(
        CoffeeGroup, on_delete=models.CASCADE, null=True, related_name="seats"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coffee_seats"
    )
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(_("could not come"), null=True)
    met = models.BooleanField(_("met"), null=True)
    again = models.BooleanField(_("would meet again"), null=True)
    answered_at = models.DateTimeField(null=True)

    objects = CoffeeSeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in a coffee round")
        verbose_name_plural = _("seats in a coffee round")
        constraints = [
            models.UniqueConstraint(name="one_seat_each_in_a_round", fields=["round", "person"]),
            models.CheckConstraint(
                name="who_would_meet_again_has_met", condition=Q(again=None) | Q(met=True)
            ),
        ]

    def __str__(self) -> str:
        return str(_("Seat %(number)s") % {"number": self.pk})

    def answer(self, *, met: bool, again: bool | None = None, at: datetime) -> None:
        """They met, or not; whether they would again. It may be changed."""
        kept = CoffeeSeat.objects.kept().filter(pk=self.pk, group__isnull=False)
        said = {"met": met, "again": again if met else None, "answered_at": at}
        if not kept.update(**said):
            raise CoffeeSeat.NotYours
        self.refresh_from_db(fields=list(said))


class NotAgainQuerySet(models.QuerySet["NotAgain"]):
    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def about(self, person: Any) -> Self:
        """Said by them or of them."""
        return self.filter(Q(person=person) | Q(other=person))

    def declare(self, person: Any, *, other: Any, at: datetime) -> None:
        """No more coffee with this one; nobody is told."""
        self.get_or_create(person=person, other=other, defaults={"declared_at": at})


class NotAgain(models.Model):
    """Two people who have no more coffee together. Private: one of them said so, without a reason."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    declared_at = models.DateTimeField()

    objects = NotAgainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="not_again_said_once", fields=["person", "other"]),
            models.CheckConstraint(
                name="nobody_avoids_themselves", condition=~Q(person=F("other"))
            ),
        ]
