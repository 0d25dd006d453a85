"""What to talk about, by where a pair is on its way: kept by curators, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.bilingual import Bilingual, columns
from academy.models.base import PublicContent, PublicContentQuerySet, published_in_both_languages
from connections.models.care import RelationshipRules
from connections.models.meetings import Meeting
from connections.models.relationships import Relationship
from connections.models.requests import Kind
from connections.models.weather import ENDING_SOON

TEXTS = ("title", "lead", "questions")


class Stage(models.TextChoices):
    FIRST = "first", _("First meeting")
    EARLY = "early", _("Early meetings")
    UNDER_WAY = "under_way", _("Under way")
    LAST = "last", pgettext_lazy("of a pair", "Last meeting")


class AgendaQuerySet(PublicContentQuerySet["Agenda"]):
    def of(self, pair: Relationship, stage: str) -> Self:
        return self.published().filter(kind=pair.kind, stage=stage)

    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add those that are missing; what a curator may have changed stays as it is."""
        known = set(self.values_list("kind", "stage"))
        names = [*columns(*TEXTS), "kind", "stage", "cy_source"]
        new = [row for row in rows if (row["kind"], row["stage"]) not in known]
        self.bulk_create(
            [self.model(**{name: row[name] for name in names}, published=True) for row in new]
        )
        return len(new)


class Agenda(PublicContent):
    """A short agenda for one stage of coaching or mentoring: one question a line."""

    both = TEXTS

    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage)
    title_en = models.CharField(_("title (English)"), max_length=160)
    title_cy = models.CharField(_("title (Welsh)"), max_length=160, blank=True, default="")
    lead_en = models.TextField(_("lead (English)"), blank=True, default="")
    lead_cy = models.TextField(_("lead (Welsh)"), blank=True, default="")
    questions_en = models.TextField(
        _("questions (English)"), blank=True, default="", help_text=_("One question a line.")
    )
    questions_cy = models.TextField(
        _("questions (Welsh)"), blank=True, default="", help_text=_("One question a line.")
    )
    cy_source = models.CharField(_("source of the Welsh"), max_length=20, default="own")

    title = Bilingual("title")
    lead = Bilingual("lead")
    questions = Bilingual("questions")
    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")
        constraints = [
            published_in_both_languages("agenda", *TEXTS),
            models.UniqueConstraint(
                name="one_agenda_for_each_kind_and_stage", fields=["kind", "stage"]
            ),
            models.CheckConstraint(
                name="agenda_is_of_one_kind", condition=Q(kind__in=["mentoring", "coaching"])
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def lines(self) -> list[str]:
        return [line.strip() for line in self.questions.splitlines() if line.strip()]

    def as_note(self) -> str:
        """A start for the shared note: each question with room below it."""
        return "\n\n".join([self.title, *self.lines()]) + "\n"


def stage_of(pair: Relationship, *, on: date) -> Stage:
    """Where the pair is on its way when it meets on this day."""
    if pair.first_met_at is None:
        return Stage.FIRST
    if pair.ends_on - on <= ENDING_SOON:
        return Stage.LAST
    met = Meeting.objects.of(pair).held().count()
    early = met < RelationshipRules.current().early_meetings
    return Stage.EARLY if early else Stage.UNDER_WAY
