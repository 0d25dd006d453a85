"""What is written when a concern is closed: a note for leads, and words for whoever reported it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from connections.models.sealed import SealedQuerySet, SealedWords


class ClosingNote(SealedWords):
    """What was done about a concern, by the lead who closed it."""

    concern = models.OneToOneField(
        "connections.Concern", on_delete=models.CASCADE, related_name="closing"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))

    objects = SealedQuerySet["ClosingNote"].as_manager()

    class Meta:
        verbose_name = _("closing note")
        verbose_name_plural = _("closing notes")

    def __str__(self) -> str:
        return str(_("Closing note %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"closing:{self.concern_id}"


class ConcernReply(SealedWords):
    """Words for the person who reported a concern; besides them, who answers for it may read them again."""

    concern = models.OneToOneField(
        "connections.Concern", on_delete=models.CASCADE, related_name="reply"
    )
    written_at = models.DateTimeField(_("written at"))

    objects = SealedQuerySet["ConcernReply"].as_manager()

    class Meta:
        verbose_name = _("reply to a concern")
        verbose_name_plural = _("replies to concerns")

    def __str__(self) -> str:
        return str(_("Reply to a concern %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"concern_reply:{self.concern_id}"
