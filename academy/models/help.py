from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models.audit import AuditEvent
from academy.models.base import Refusal
from academy.models.notifications import Notification
from academy.models.people import Person

REPLY_WITHIN = timedelta(days=7)
MOST_OPEN = 5  # questions of one person that may wait at a time


class SupportRequestQuerySet(models.QuerySet["SupportRequest"]):
    def visible_to(self, reader: Any) -> Self:
        if reader.has_role("coordinator"):
            return self
        return self.filter(asker=reader)

    def open(self) -> Self:
        return self.filter(answered_at=None, withdrawn_at=None)

    def asked_by(self, person: Any) -> Self:
        return self.filter(asker=person)

    def for_desk_of(self, person: Any) -> Self:
        """What this coordinator has promised to answer, and what nobody has yet."""
        return self.filter(Q(owner=person) | Q(owner=None)).select_related("asker")

    def for_desk(self) -> Self:
        """With the people and the topic a desk shows."""
        return self.select_related("asker", "owner", "topic")

    @transaction.atomic
    def release(self, person: Any, *, at: datetime) -> None:
        """A person leaves: their questions are taken back, those they owned wait for another."""
        self.open().filter(asker=person).update(withdrawn_at=at)
        self.open().filter(owner=person).update(owner=None)

    def late(self, at: datetime) -> Self:
        return self.open().filter(reply_by__lt=at)


class SupportRequest(models.Model):
    """A question with an owner and a reply-by date; the asker always sees where it is."""

    class TooMany(Refusal):
        """As many of this person's questions wait as may."""

    class Answered(Refusal):
        """It has been answered or withdrawn already."""

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.CASCADE,
        related_name="support_requests",
    )
    topic = models.ForeignKey(
        "academy.Topic", verbose_name=_("topic"), on_delete=models.PROTECT, null=True, blank=True
    )
    words = models.TextField(_("question"), max_length=2000)
    language = models.CharField(_("language"), max_length=2)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_support_requests",
    )
    asked_at = models.DateTimeField(_("asked at"))
    reply_by = models.DateTimeField(_("reply by"))
    reply = models.TextField(_("reply"), max_length=4000, blank=True, default="")
    reply_language = models.CharField(max_length=2, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    token = models.UUIDField(unique=True, editable=False)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("support request")
        verbose_name_plural = _("support requests")
        constraints = [
            models.CheckConstraint(
                name="support_request_answered_with_words",
                condition=Q(answered_at=None) | Q(reply__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Support request %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.pk])

    def is_open(self) -> bool:
        return self.answered_at is None and self.withdrawn_at is None

    @classmethod
    @transaction.atomic
    def ask(
        cls, person: Any, *, words: str, language: str, topic: Any, token: Any, at: datetime
    ) -> SupportRequest:
        """One question; the same form sent twice (`token`) is one question still."""
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        waiting = cls.objects.open().filter(asker=person).exclude(token=token)
        if waiting.count() >= MOST_OPEN:
            raise cls.TooMany
        request, new = cls.objects.get_or_create(
            token=token,
            asker=person,
            defaults={
                "words": words,
                "language": language,
                "topic": topic,
                "asked_at": at,
                "reply_by": at + REPLY_WITHIN,
            },
        )
        if new:
            Notification.objects.post(
                "academy.question_received",
                key=str(request.pk),
                to=person,
                facts={"request": request.pk},
                link=("question", [request.pk]),
                at=at,
            )
        return request

    @transaction.atomic
    def take(self, owner: Any, *, at: datetime) -> None:
        """A named person answers for it from now on; any coordinator may take it over."""
        if SupportRequest.objects.open().filter(pk=self.pk).update(owner=owner):
            AuditEvent.objects.record(
                "academy.question_taken", actor=owner, thing=self, fields=["owner"], at=at
            )
        self.refresh_from_db(fields=["owner"])

    @transaction.atomic
    def answer(self, owner: Any, *, reply: str, language: str, at: datetime) -> None:
        won = (
            SupportRequest.objects.open()
            .filter(pk=self.pk)
            .update(reply=reply, reply_language=language, answered_at=at, owner=owner)
        )
        if not won:
            raise SupportRequest.Answered
        self.refresh_from_db()
        AuditEvent.objects.record("academy.question_answered", actor=owner, thing=self, at=at)
        Notification.objects.post(
            "academy.question_answered",
            key=str(self.pk),
            to=self.asker,
            facts={"request": self.pk},
            link=("question", [self.pk]),
            at=at,
        )

    def withdraw(self, *, at: datetime) -> None:
        SupportRequest.objects.open().filter(pk=self.pk).update(withdrawn_at=at)
        self.refresh_from_db(fields=["withdrawn_at"])
