"""What a coach has earned elsewhere: said by the coach, confirmed by a coordinator."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Notification
from academy.models.base import Refusal
from academy.permissions import may_act_as
from academy.roles import COORDINATOR
from academy.rows import each
from connections.models.coach_rules import CoachRules

FACTS = ("name", "awarded_by", "awarded_on", "expires_on", "evidence", "language")


class Standing(models.TextChoices):
    """Where a credential stands today."""

    WAITING = "waiting", _("Waiting to be confirmed")
    RETURNED = "returned", _("Needs a change")
    CURRENT = "current", _("Confirmed")
    SOON = "soon", _("Expires soon")
    EXPIRED = "expired", _("Expired")


class CredentialQuerySet(models.QuerySet["Credential"]):
    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def waiting(self) -> Self:
        """Nobody has looked at it yet: a coordinator's queue."""
        return self.filter(confirmed_at=None, returned_at=None, person__is_active=True)

    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def lasting(self, on: date) -> Self:
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on))

    def for_coordinator(self, reader: Any) -> Self:
        """Every coach's but one's own: what this member of staff may decide about."""
        return self.exclude(person=reader) if may_act_as(reader, COORDINATOR) else self.none()

    @transaction.atomic
    def add(self, person: Any, *, token: UUID, at: datetime, **facts: Any) -> Credential:
        """One credential more, to be confirmed; the same form twice is one."""
        row, _new = self.get_or_create(
            person=person, token=token, defaults={"added_at": at, **facts}
        )
        return row

    def remove(self, credential: Credential) -> None:
        self.filter(pk=credential.pk).delete()

    def expiring(self, on: date) -> Self:
        """Lasts today and not longer than the first reminder looks ahead."""
        return self.filter(
            expires_on__gte=on, expires_on__lte=CoachRules.current().expires_soon(on)
        )

    def due_a_reminder(self, on: date) -> Self:
        near = on + timedelta(days=CoachRules.current().last_reminder_days)
        first, last = Q(first_reminded_at=None), Q(last_reminded_at=None, expires_on__lte=near)
        return self.expiring(on).filter(first | last, person__is_active=True)

    def remind_due(self, *, at: datetime) -> int:
        """Well before and shortly before a credential expires, once each; how many letters."""
        due = self.due_a_reminder(localdate(at)).order_by("pk").values_list("pk", flat=True)
        return each(due, self._remind, at=at)

    @transaction.atomic
    def _remind(self, pk: int, *, at: datetime) -> bool:
        on = localdate(at)
        near = on + timedelta(days=CoachRules.current().last_reminder_days)
        mine = self.due_a_reminder(on).filter(pk=pk)
        if mine.filter(expires_on__lte=near).update(first_reminded_at=at, last_reminded_at=at):
            mark = "last"
        elif mine.update(first_reminded_at=at):
            mark = "first"
        else:
            return False  # another beat was first
        row = self.select_related("person").get(pk=pk)
        row.tell("credential_expiring", mark=f"{mark}-{row.expires_on}", at=at)
        return True


class Credential(models.Model):
    """One qualification or accreditation of a coach, in the coach's own words."""

    class Settled(Refusal):
        """It has been confirmed or changed meanwhile."""

    class Oneself(Refusal):
        """Nobody confirms their own."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credentials"
    )
    name = models.CharField(_("name"), max_length=120)
    awarded_by = models.CharField(_("awarded by"), max_length=120)
    awarded_on = models.DateField(_("awarded on"))
    expires_on = models.DateField(_("expires on"), null=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True, default="")
    language = models.CharField(max_length=2)
    token = models.UUIDField(editable=False)
    added_at = models.DateTimeField(_("added at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    returned_at = models.DateTimeField(_("returned at"), null=True)
    returned_words = models.CharField(max_length=500, blank=True, default="")
    returned_language = models.CharField(max_length=2, blank=True, default="")
    first_reminded_at = models.DateTimeField(null=True)
    last_reminded_at = models.DateTimeField(null=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        indexes = [
            models.Index(name="credential_by_expiry", fields=["expires_on"]),
            models.Index(
                name="credential_to_confirm",
                fields=["added_at"],
                condition=Q(confirmed_at=None, returned_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_credential_for_each_form", fields=["person", "token"]
            ),
            models.CheckConstraint(
                name="credential_expires_after_it_was_awarded",
                condition=Q(expires_on=None) | Q(expires_on__gt=F("awarded_on")),
            ),
            models.CheckConstraint(
                name="credential_confirmed_or_returned",
                condition=Q(confirmed_at=None) | Q(returned_at=None),
            ),
            models.CheckConstraint(
                name="credential_returned_with_a_reason",
                condition=Q(returned_at=None) | Q(returned_words__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Credential %(number)s") % {"number": self.pk})

    def standing(self, *, on: date, soon: date) -> Standing:
        """As of a day; what expires by `soon` does so soon."""
        if self.expires_on is not None and self.expires_on < on:
            return Standing.EXPIRED
        if self.returned_at is not None:
            return Standing.RETURNED
        if self.confirmed_at is None:
            return Standing.WAITING
        if self.expires_on is not None and self.expires_on <= soon:
            return Standing.SOON
        return Standing.CURRENT

    def tell(self, kind: str, *, mark: str, at: datetime) -> None:
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{mark}",
            to=self.person,
            facts={"credential": self.pk},
            link=("connections:practice", []),
            at=at,
        )

    @transaction.atomic
    def change(self, *, at: datetime, **facts: Any) -> bool:
        """Put other facts in their place; a coordinator looks again. No change changes nothing."""
        row = Credential.objects.select_for_update(no_key=True).get(pk=self.pk)
        if all(getattr(row, name) == facts[name] for name in FACTS):
            return False
        Credential.objects.filter(pk=self.pk).update(
            **{name: facts[name] for name in FACTS},
            added_at=at,
            confirmed_at=None,
            confirmed_by=None,
            returned_at=None,
            returned_words="",
            first_reminded_at=None,
            last_reminded_at=None,
        )
        self.refresh_from_db()
        return True

    @transaction.atomic
    def confirm(self, *, by: Any, at: datetime) -> None:
        """A coordinator has seen enough to say yes. The coach is told."""
        self._decide("confirmed", by=by, at=at, confirmed_at=at, confirmed_by=by)

    @transaction.atomic
    def send_back(self, *, by: Any, words: str, language: str, at: datetime) -> None:
        """Something is missing; the coach reads what, and may change it."""
        facts = {"returned_at": at, "returned_words": words, "returned_language": language}
        self._decide("returned", by=by, at=at, **facts)

    def _decide(self, what: str, *, by: Any, at: datetime, **facts: Any) -> None:
        if by.pk == self.person_id:
            raise Credential.Oneself
        won = Credential.objects.waiting().filter(pk=self.pk, added_at=self.added_at)
        if not won.update(**facts):
            raise Credential.Settled
        AuditEvent.objects.record(f"connections.credential_{what}", actor=by, thing=self, at=at)
        self.tell(f"credential_{what}", mark=str(at.timestamp()), at=at)
        self.refresh_from_db()
