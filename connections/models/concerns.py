"""When something is not right: words for the safeguarding lead alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Notification, Person
from academy.models.base import Refusal
from academy.roles import SAFEGUARDING_LEAD
from connections.models.closings import ClosingNote, ConcernReply
from connections.models.relationships import Relationship
from connections.models.sealed import SealedQuerySet, SealedWords
from connections.models.working_days import working_days_after

WORD_WITHIN = 2  # working days until whoever reported it hears that somebody has taken it


class ConcernQuerySet(SealedQuerySet["Concern"]):
    def visible_to(self, reader: Any) -> Self:
        """Safeguarding leads see each one, but none that is about themselves."""
        if not reader.has_role(SAFEGUARDING_LEAD):
            return self.none()
        return self.exclude(about=reader)

    def reported_by(self, person: Any) -> Self:
        """What they reported: that it arrived and how far it is."""
        return self.filter(reporter=person)

    def with_owner(self) -> Self:
        """And with what was written back, for who may read it."""
        return self.select_related("owner", "reply").order_by("reported_at", "pk")

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def most_pressing_first(self) -> Self:
        """Those nobody answers for, then the oldest."""
        return self.order_by(IsNull(F("owner"), False), "reported_at", "pk")

    @transaction.atomic
    def forget_reporter(self, person: Any) -> None:
        """Nobody is left to read what was written back to them; the concerns stay, without them."""
        theirs = list(self.reported_by(person).order_by("pk").values_list("pk", flat=True))
        self.filter(pk__in=theirs).update(reporter=None)
        ConcernReply.objects.filter(concern__in=theirs).delete()

    @transaction.atomic
    def report(
        self,
        relationship: Relationship,
        *,
        by: Any,
        words: str,
        language: str,
        token: UUID,
        at: datetime,
    ) -> Concern:
        """Either side may, at any time, ended or not. Only the leads are told, without the words."""
        if not relationship.includes(by):
            raise Relationship.Outsider
        facts = {"relationship": relationship, "about": relationship.other(by)}
        return self._keep(words, by=by, language=language, token=token, at=at, **facts)

    @transaction.atomic
    def report_from(
        self,
        where: str,
        *,
        about: Any,
        by: Any,
        words: str,
        language: str,
        token: UUID,
        at: datetime,
    ) -> Concern:
        """Without a pair: from an office hour, a circle or a coffee, about somebody or nobody named."""
        facts = {"came_from": where, "about": about}
        return self._keep(words, by=by, language=language, token=token, at=at, **facts)

    def _keep(
        self, words: str, *, by: Any, language: str, token: UUID, at: datetime, **facts: Any
    ) -> Concern:
        same = self.filter(token=token, reporter=by).first()
        if same is not None:
            return same
        concern = self.model(reporter=by, language=language, token=token, reported_at=at, **facts)
        concern.seal(words)
        concern.save(force_insert=True)
        concern.tell_leads(at=at)
        return concern


class Concern(SealedWords):
    """One report, from arrival to close. Stays when the pair is gone."""

    class From(models.TextChoices):
        PAIR = "pair", _("A relationship")
        OFFICE_HOUR = "office_hour", _("An office hour")
        CIRCLE = "circle", _("A circle")
        COFFEE = "coffee", _("A coffee")

    class Closed(Refusal):
        """It has been closed before."""

    class Taken(Refusal):
        """Another lead answers for it."""

    class NotHeld(Refusal):
        """Who closes it must answer for it first."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.SET_NULL, null=True, related_name="concerns"
    )
    came_from = models.CharField(
        _("reported from"), max_length=11, choices=From, default=From.PAIR, db_default="pair"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.UUIDField(unique=True, editable=False)
    reported_at = models.DateTimeField(_("reported at"))
    taken_at = models.DateTimeField(_("taken at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        constraints = [
            models.CheckConstraint(
                name="concern_closed_by_somebody_who_took_it",
                condition=Q(closed_at=None) | Q(taken_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("Concern %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"concern:{self.token}"

    def tell_leads(self, *, at: datetime) -> None:
        """Each lead but the one it is about; the safeguarding address when there is none."""
        leads = Person.objects.active().with_role(SAFEGUARDING_LEAD).order_by("pk")
        chosen = [lead for lead in leads if lead.pk not in (self.about_id, self.reporter_id)]
        link: tuple[str, list[Any]] = ("connections:concern", [self.pk])
        for lead in chosen:
            key = f"{self.pk}:{lead.pk}"
            Notification.objects.post(
                "connections.concern_received", key=key, to=lead, link=link, at=at
            )
        if not chosen:
            Notification.objects.post(
                "connections.concern_received",
                key=str(self.pk),
                address=settings.SITE_SAFEGUARDING,
                link=link,
                at=at,
            )

    @transaction.atomic
    def read_by(self, lead: Any, *, at: datetime) -> str | None:
        """The words, for a lead; that they were read is written down."""
        if not Concern.objects.visible_to(lead).filter(pk=self.pk).exists():
            raise Relationship.Outsider
        AuditEvent.objects.record("connections.concern_read", actor=lead, thing=self, at=at)
        return self.opened()

    @property
    def word_by(self) -> date:
        """The day by which its reporter hears from a lead."""
        return working_days_after(localdate(self.reported_at), WORD_WITHIN)

    def tell_reporter(self, kind: str, *, at: datetime) -> None:
        """Once for each kind, and nobody else; neither what it is about nor a word of it."""
        if self.reporter is None:
            return
        Notification.objects.post(
            f"connections.{kind}",
            key=str(self.pk),
            to=self.reporter,
            facts={"concern": self.pk},
            link=("connections:my_concerns", []),
            at=at,
        )

    @transaction.atomic
    def take(self, lead: Any, *, instead_of: Any = None, at: datetime) -> None:
        """A named lead answers for it, and its reporter is told.

        Another lead takes it over only from the one they name: were that refused, it would be
        stranded with somebody who is ill or gone; were it not asked, two would think it theirs.
        """
        held = Concern.objects.open().exclude(owner=lead)
        won = held.filter(pk=self.pk, owner=instead_of).update(owner=lead, taken_at=at)
        self.refresh_from_db(fields=["owner", "taken_at", "closed_at"])
        if self.closed_at is not None:
            raise Concern.Closed
        if self.owner_id != lead.pk:
            raise Concern.Taken
        if won:
            verb = "concern_taken_over" if instead_of else "concern_taken"
            AuditEvent.objects.record(f"connections.{verb}", actor=lead, thing=self, at=at)
            self.tell_reporter("concern_taken", at=at)
            if instead_of is not None:
                self.tell_relieved(instead_of, at=at)

    def tell_relieved(self, lead: Any, *, at: datetime) -> None:
        """Once each time a colleague takes it over from them; neither what it is nor who that is."""
        Notification.objects.post(
            "connections.concern_relieved",
            key=f"{self.pk}:{lead.pk}:{at.timestamp()}",
            to=lead,
            facts={"concern": self.pk},
            link=("connections:concern", [self.pk]),
            at=at,
        )

    @transaction.atomic
    def close(
        self,
        lead: Any,
        *,
        words: str,
        language: str,
        reply: str = "",
        reply_language: str = "",
        at: datetime,
    ) -> None:
        """By who answers for it, with a sentence for leads alone, and words for its reporter alone."""
        held = Concern.objects.open().filter(pk=self.pk, owner=lead)
        won = held.update(closed_at=at)
        self.refresh_from_db(fields=["owner", "reporter", "closed_at"])
        if not won:
            raise Concern.NotHeld if self.closed_at is None else Concern.Closed
        note = ClosingNote(concern=self, author=lead, language=language, written_at=at)
        note.seal(words)
        note.save(force_insert=True)
        if reply and self.reporter_id:
            back = ConcernReply(concern=self, language=reply_language, written_at=at)
            back.seal(reply)
            back.save(force_insert=True)
        AuditEvent.objects.record("connections.concern_closed", actor=lead, thing=self, at=at)
        self.tell_reporter("concern_closed", at=at)

    def closing_words(self) -> ClosingNote | None:
        """How it was closed; older ones were closed without a word."""
        return ClosingNote.objects.filter(concern=self).select_related("author").first()

    def reply_for(self, lead: Any) -> ConcernReply | None:
        """The words for its reporter, for the lead who answers for it."""
        if self.owner_id is None or self.owner_id != lead.pk:
            return None
        return ConcernReply.objects.filter(concern=self).first()

    def has_reply(self) -> bool:
        return ConcernReply.objects.filter(concern=self).exists()
