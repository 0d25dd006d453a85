"""Words between two people, or of one alone: sealed, and opened only for whom they are meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship
from connections.models.sealed import SealedQuerySet, SealedWords


@dataclass(frozen=True)
class OpenedNote:
    """A note with its words, for one reader's page. Its repr does not show them."""

    note: Note
    words: str | None = field(repr=False)


class NoteQuerySet(SealedQuerySet["Note"]):
    def visible_to(self, reader: Any) -> Self:
        """Shared notes of one's own pairs, and private notes one wrote oneself."""
        pair = Q(relationship__mentor=reader) | Q(relationship__mentee=reader)
        return self.filter(pair, Q(audience=Note.Audience.SHARED) | Q(author=reader))

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def shared(self) -> Self:
        return self.filter(audience=Note.Audience.SHARED)

    def last_words(self, relationship: Relationship) -> dict[str, datetime | None]:
        """When one of the two last wrote to the other by hand, and when to several at once."""
        by_hand = Max("written_at", filter=Q(contact=True))
        to_several = Max("written_at", filter=Q(contact=False))
        found: dict[str, datetime | None] = (
            self.of(relationship).shared().aggregate(by_hand=by_hand, to_several=to_several)
        )
        return found

    def private(self) -> Self:
        return self.filter(audience=Note.Audience.PRIVATE)

    def opened_by(self, reader: Any) -> list[OpenedNote]:
        """What this reader may read, with its words, newest first."""
        rows = self.visible_to(reader).select_related("author").order_by("-written_at", "-pk")
        return [OpenedNote(note, note.opened()) for note in rows]

    @transaction.atomic
    def write(
        self,
        relationship: Relationship,
        *,
        by: Any,
        audience: str,
        words: str,
        language: str,
        token: UUID,
        meeting: Any = None,
        contact: bool = True,
        at: datetime,
    ) -> Note:
        """Seal and keep one note; the same form twice (`token`) is one note.

        A shared one written by hand is `contact` between the two: it ends a silence.
        """
        pair = relationship.locked_for(by, even_paused=True)
        same = self.filter(author=by, token=token).first()
        if same is not None:
            return same
        note = self.model(
            relationship=pair,
            meeting=meeting,
            author=by,
            audience=audience,
            language=language,
            token=token,
            contact=contact and audience == Note.Audience.SHARED,
            written_at=at,
        )
        note.seal(words)
        note.save(force_insert=True)
        if note.contact:
            pair.last_contact_at = max(pair.last_contact_at, at)
            pair.save(update_fields=["last_contact_at"])
        return note

    @transaction.atomic
    def farewell(
        self,
        relationship: Relationship,
        *,
        by: Any,
        words: str,
        language: str,
        token: UUID,
        reason: str = "",
        at: datetime,
    ) -> None:
        """End the relationship, with a last shared note when there is something to say."""
        MentorProfile.objects.locked().filter(person_id=relationship.mentor_id).first()
        relationship.refresh_from_db(fields=["state"])
        if words and relationship.under_way:
            self.write(
                relationship,
                by=by,
                audience=Note.Audience.SHARED,
                words=words,
                language=language,
                token=token,
                at=at,
            )
        relationship.end(by=by, reason=reason, at=at)


class Note(SealedWords):
    """Shared: both of the pair read it. Private: its author alone, and nobody else ever."""

    class Audience(models.TextChoices):
        SHARED = "shared", _("Both of us")
        PRIVATE = "private", _("Only me")

    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="notes")
    meeting = models.ForeignKey(
        "connections.Meeting", on_delete=models.SET_NULL, null=True, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentoring_notes"
    )
    audience = models.CharField(_("who can read it"), max_length=7, choices=Audience)
    token = models.UUIDField(editable=False)
    contact = models.BooleanField(default=True, db_default=True, editable=False)
    written_at = models.DateTimeField(_("written at"))

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(name="one_note_for_each_form", fields=["author", "token"]),
            models.CheckConstraint(
                name="note_is_for_both_or_for_one", condition=Q(audience__in=["shared", "private"])
            ),
        ]

    def __str__(self) -> str:
        return str(_("Note %(number)s") % {"number": self.pk})

    @property
    def shared(self) -> bool:
        return self.audience == self.Audience.SHARED

    def bond(self) -> str:
        return f"note:{self.relationship_id}:{self.author_id}:{self.audience}:{self.token}"
