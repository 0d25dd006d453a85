"""The outbox: a message is a row, written in the transaction that causes it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.doorbell import ring
from academy.logs import current_request_id
from academy.models.people import Person

LEASE = timedelta(minutes=2)
WAITS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60)]
GIVE_UP_AFTER = timedelta(hours=24)
POISON_TRIES = 3


class Choice(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    WEEKLY = "weekly", _("In a weekly summary")
    OFF = "off", _("Not by e-mail")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def listed(self) -> Self:
        """What a person finds in their list; sign-in mail is not part of it."""
        return self.filter(listed=True)

    def unread(self) -> Self:
        return self.filter(listed=True, read_at=None)

    def unread_count_of(self, person: Any) -> Coalesce:
        counted = (
            self.unread().filter(person=person).order_by().values("person").annotate(n=Count("pk"))
        )
        return Coalesce(models.Subquery(counted.values("n")), 0)

    def due(self, at: datetime) -> Self:
        """Waiting and its time has come, or held by a worker whose lease ran out."""
        return self.filter(
            Q(state=Notification.State.WAITING, due_at__lte=at)
            | Q(state=Notification.State.SENDING, leased_until__lte=at)
        )

    def parked(self) -> Self:
        return self.filter(state=Notification.State.PARKED)

    def post(
        self,
        kind: str,
        *,
        key: str,
        to: Person | None = None,
        address: str = "",
        language: str = "",
        facts: dict[str, Any] | None = None,
        link: tuple[str, list[Any]] | None = None,
        at: datetime,
    ) -> Notification | None:
        """Write one message into the outbox; the same key again writes nothing and answers None.

        `facts` hold ids and public words only: the subject is made from them alone. `link` is a
        route name and its arguments, turned into an address in the reader's language.
        """
        known = hooks.notification_kinds.get(kind)
        if known is None:
            raise ImproperlyConfigured(f"No notification kind {kind!r} is registered")
        rows = self.bulk_create(
            [
                self.model(
                    kind=kind,
                    key=f"{kind}:{key}",
                    person=to,
                    address=address,
                    language=language,
                    facts={**(facts or {}), **({"link": [link[0], link[1]]} if link else {})},
                    listed=to is not None and bool(known.label),
                    due_at=at,
                    created_at=at,
                    request_id=current_request_id(),
                )
            ],
            ignore_conflicts=True,
        )
        written = self.filter(key=rows[0].key, created_at=at).first()
        if written is not None:
            ring("academy.tasks.deliver", notification=written.pk)
        return written

    def claim(self, pk: int, *, at: datetime) -> Notification | None:
        """Lease one due notification for two minutes; None when another worker was first."""
        won = (
            self.due(at)
            .filter(pk=pk)
            .update(state=Notification.State.SENDING, leased_until=at + LEASE, tries=F("tries") + 1)
        )
        return self.select_related("person").get(pk=pk) if won else None

    def mark_read(self, *, at: datetime) -> int:
        return self.filter(read_at=None).update(read_at=at)


class Notification(models.Model):
    """One message to one reader: in their list, and by e-mail as they chose."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        HELD = "held", _("Held for the weekly summary")
        SKIPPED = "skipped", _("No longer wanted")
        PARKED = "parked", _("Parked")

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=160, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        on_delete=models.CASCADE,
        null=True,
        related_name="notifications",
    )
    address = models.EmailField(_("address"), blank=True, default="")
    language = models.CharField(_("language"), max_length=4, blank=True, default="")
    facts = models.JSONField(default=dict)
    listed = models.BooleanField(default=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failures = models.PositiveSmallIntegerField(_("unexpected failures"), default=0)
    due_at = models.DateTimeField(_("due at"))
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("written at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    read_at = models.DateTimeField(null=True)
    why = models.CharField(_("why parked or put back"), max_length=200, blank=True, default="")
    request_id = models.CharField(max_length=40, blank=True, default="")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(
                name="notification_due",
                fields=["due_at"],
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(
                name="notification_unread",
                fields=["person"],
                condition=Q(listed=True, read_at=None),
            ),
            models.Index(name="notification_of_person", fields=["person", "-created_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="notification_goes_to_somebody",
                condition=Q(person__isnull=False) | ~Q(address=""),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Notification %(number)s") % {"number": self.pk})

    def kind_of(self) -> hooks.NotificationKind:
        return hooks.notification_kinds[self.kind]

    def recipient(self) -> str:
        return self.address or (self.person.email if self.person else "")

    def languages(self) -> list[str]:
        if self.language in ("en", "cy"):
            return [self.language]
        return self.person.languages() if self.person else ["cy", "en"]

    def message_id(self) -> str:
        """The same for every try, so that mail programs fold a pair into one."""
        return f"<{self.pk}.{self.created_at:%Y%m%d%H%M%S}@{settings.SITE_MAIL_DOMAIN}>"

    def chosen(self) -> str:
        """At once, weekly or off: the reader's choice for this kind."""
        kind = self.kind_of()
        if kind.essential or not kind.label or self.person is None:
            return Choice.AT_ONCE
        made = NotificationChoice.objects.filter(person=self.person, kind=self.kind).first()
        return made.choice if made else kind.start

    def _mine(self) -> NotificationQuerySet:
        """This row while this worker's lease stands: one that slept past it changes nothing."""
        return Notification.objects.filter(pk=self.pk, tries=self.tries, state=self.State.SENDING)

    def mark_sent(self, *, at: datetime) -> bool:
        return bool(self._mine().update(state=self.State.SENT, sent_at=at, why=""))

    def skip(self, why: str) -> bool:
        return bool(self._mine().update(state=self.State.SKIPPED, why=why[:200]))

    def hold(self) -> bool:
        return bool(self._mine().update(state=self.State.HELD))

    def park(self, why: object) -> bool:
        return bool(self._mine().update(state=self.State.PARKED, why=_short(why)))

    def put_back(self, why: object, *, at: datetime) -> bool:
        """Try again later, a little off the beat; parked when a day has gone by."""
        if at - self.created_at > GIVE_UP_AFTER:
            return self.park(why)
        wait = WAITS[min(self.tries, len(WAITS)) - 1]
        jitter = wait * random.uniform(0, 0.2)  # noqa: S311 -- spreads retries, guards nothing
        return bool(
            self._mine().update(
                state=self.State.WAITING, due_at=at + wait + jitter, why=_short(why)
            )
        )

    def put_back_or_park(self, why: object, *, at: datetime) -> bool:
        """After something nobody foresaw: parked the third time, so that the queue goes on."""
        if self.failures + 1 >= POISON_TRIES:
            self._mine().update(failures=F("failures") + 1)
            return self.park(why)
        self._mine().update(failures=F("failures") + 1)
        return self.put_back(why, at=at)

    def retry(self, *, at: datetime) -> bool:
        """Staff put a parked message back into the outbox."""
        won = (
            Notification.objects.parked()
            .filter(pk=self.pk)
            .update(state=self.State.WAITING, due_at=at, created_at=at, tries=0, failures=0)
        )
        if won:
            ring("academy.tasks.deliver", notification=self.pk)
        return bool(won)


class NotificationChoiceQuerySet(models.QuerySet["NotificationChoice"]):
    def choose(self, person: Person, choices: dict[str, str]) -> None:
        """Keep these choices, kind by kind; what was chosen before is replaced."""
        self.bulk_create(
            [
                self.model(person=person, kind=kind, choice=choice)
                for kind, choice in choices.items()
            ],
            update_conflicts=True,
            unique_fields=["person", "kind"],
            update_fields=["choice"],
        )


class NotificationChoice(models.Model):
    """At once, weekly or off, for one person and one kind."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choices"
    )
    kind = models.CharField(max_length=60)
    choice = models.CharField(max_length=8, choices=Choice, default=Choice.AT_ONCE)

    objects = NotificationChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_choice_for_each_kind", fields=["person", "kind"])
        ]


def _short(why: object) -> str:
    """The kind of trouble and its first words; never the message's own text."""
    return f"{type(why).__name__}: {why}"[:200] if isinstance(why, Exception) else str(why)[:200]
