from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual, in_both_languages
from capability.models.cohorts import Cohort


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

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                name="message_said_in_both_languages",
                condition=in_both_languages("heading", "body"),
            )
        ]
