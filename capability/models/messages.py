from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual, in_both_languages
from academy.models import AuditEvent
from capability.models.cohorts import Cohort

if TYPE_CHECKING:
    from academy.models import Person


class MessageQuerySet(models.QuerySet["Message"]):
    @transaction.atomic
    def write_to_all(
        self, cohort: Cohort, *, words: dict[str, str], token: UUID, by: Person | None, at: datetime
    ) -> Message:
        """One mail to everyone who has a place; the same token again sends nothing."""
        held = Cohort.objects.select_related("course").locked().get(pk=cohort.pk)
        message, new = self.get_or_create(
            token=token, cohort=held, defaults={**words, "by": by, "sent_at": at}
        )
        if new:
            facts = {
                "message": message.pk,
                "heading_en": message.heading_en,
                "heading_cy": message.heading_cy,
            }
            held.tell_everyone(
                "capability.message_to_all", key=f"message-{message.pk}", facts=facts, at=at
            )
            AuditEvent.objects.record("write to all", actor=by, thing=held, at=at)
        return message


class Message(models.Model):
    """One mail from staff to everyone who has a place on a cohort, in both languages."""

    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.CASCADE, related_name="messages"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("from"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    heading_en = models.CharField(_("subject (English)"), max_length=100)
    heading_cy = models.CharField(_("subject (Welsh)"), max_length=100)
    body_en = models.TextField(_("message (English)"), max_length=3000)
    body_cy = models.TextField(_("message (Welsh)"), max_length=3000)
    sent_at = models.DateTimeField(_("sent at"))
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    heading = Bilingual("heading")
    body = Bilingual("body")
    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                name="message_said_in_both_languages",
                condition=in_both_languages("heading", "body"),
            )
        ]
