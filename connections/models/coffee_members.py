"""Who wants coffee with somebody new each month, in which languages, how, and how to reach them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CoffeeMemberQuerySet(models.QuerySet["CoffeeMember"]):
    def visible_to(self, reader: Any) -> Self:
        """One's own choices; a partner is shown the reach of the month, and nothing else."""
        return self.filter(person=reader) if reader.is_authenticated else self.none()

    def joined(self) -> Self:
        return self.filter(left_at=None)

    def in_for(self, month: date) -> Self:
        """Everybody in who neither pauses nor skips this month."""
        awake = self.joined().filter(paused=False, person__is_active=True)
        return awake.exclude(skipped_month=month)

    @transaction.atomic
    def join(self, person: Any, *, at: datetime, **choices: Any) -> CoffeeMember:
        """In from the next round on; joined already, the choices are changed."""
        member, new = self.get_or_create(person=person, defaults={"joined_at": at, **choices})
        if not new:
            again = {"left_at": None, "joined_at": at, "paused": False, "skipped_month": None}
            choices |= again if member.left_at else {}
            self.filter(pk=member.pk).update(**choices)
            member.refresh_from_db()
        return member

    def skip(self, month: date) -> int:
        return self.joined().update(skipped_month=month)

    def come_along(self) -> int:
        """In again for the month that would have been skipped, or after a pause."""
        return self.joined().update(skipped_month=None, paused=False)

    def pause(self) -> int:
        return self.joined().update(paused=True, skipped_month=None)

    def leave(self, *, at: datetime) -> int:
        """Out; how to reach them is forgotten."""
        return self.joined().update(left_at=at, paused=False, skipped_month=None, reach="")


class CoffeeMember(models.Model):
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="coffee_member",
    )
    in_english = models.BooleanField(_("in English"), default=False)
    in_welsh = models.BooleanField(_("in Welsh"), default=False)
    online = models.BooleanField(_("online"), default=False)
    in_person = models.BooleanField(_("in person"), default=False)
    reach = models.CharField(_("how to reach me"), max_length=200, blank=True, default="")
    paused = models.BooleanField(_("paused"), default=False)
    skipped_month = models.DateField(_("month to skip"), null=True)
    joined_at = models.DateTimeField(_("joined at"))
    left_at = models.DateTimeField(_("left at"), null=True)

    objects = CoffeeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the coffee rounds")
        verbose_name_plural = _("members of the coffee rounds")
        constraints = [
            models.CheckConstraint(
                name="coffee_member_has_a_language", condition=Q(in_english=True) | Q(in_welsh=True)
            ),
            models.CheckConstraint(
                name="coffee_member_meets_somehow", condition=Q(online=True) | Q(in_person=True)
            ),
            models.CheckConstraint(
                name="coffee_member_can_be_reached",
                condition=Q(left_at__isnull=False) | Q(reach__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Member %(number)s") % {"number": self.pk})
