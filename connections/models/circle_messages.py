"""What a host writes to everybody in a circle: sealed, for those who are in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connections.models.circle_members import CircleMember
from connections.models.circle_rules import CircleRules
from connections.models.circles import Circle
from connections.models.sealed import SealedQuerySet, SealedWords


@dataclass(frozen=True)
class OpenedMessage:
    """A message with its words, for one reader's page. Its repr does not show them."""

    message: CircleMessage
    words: str | None = field(repr=False)


class CircleMessageQuerySet(SealedQuerySet["CircleMessage"]):
    def visible_to(self, reader: Any) -> Self:
        """The host, and who is in the circle now."""
        mine = CircleMember.objects.current().of(reader)
        return self.filter(Q(circle__host=reader) | Q(circle__in=mine.values("circle")))

    def opened_by(self, reader: Any) -> list[OpenedMessage]:
        rows = self.visible_to(reader).select_related("author").order_by("-written_at", "-pk")
        return [OpenedMessage(row, row.opened()) for row in rows]

    def kept_long_enough(self, at: datetime) -> Self:
        days = timedelta(days=CircleRules.current().kept_days)
        return self.filter(circle__closed_at__lte=at - days)

    @transaction.atomic
    def write(
        self, circle: Circle, *, by: Any, words: str, language: str, token: UUID, at: datetime
    ) -> CircleMessage:
        """Seal and keep it, and say to everybody that it is there. The same form twice is one."""
        row = Circle.objects.locked().get(pk=circle.pk)
        same = self.filter(circle=row, token=token).first()
        if same is not None:
            return same
        if row.closed_at:
            raise Circle.Closed
        message = self.model(circle=row, author=by, language=language, token=token, written_at=at)
        message.seal(words)
        message.save(force_insert=True)
        row.tell_all("circle_message", mark=str(message.pk), host=False, at=at)
        return message


class CircleMessage(SealedWords):
    """One message to all. The letter about it says only that it is there."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="circle_messages"
    )
    token = models.UUIDField(editable=False)
    written_at = models.DateTimeField(_("written at"))

    objects = CircleMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a circle")
        verbose_name_plural = _("messages to circles")
        constraints = [
            models.UniqueConstraint(
                name="one_circle_message_for_each_form", fields=["circle", "token"]
            ),
        ]

    def __str__(self) -> str:
        return str(_("Message %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"circle_message:{self.circle_id}:{self.author_id}:{self.token}"
