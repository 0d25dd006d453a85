from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy import roles
from academy.bilingual import Bilingual, columns
from academy.models import Topic
from academy.models.base import PublicContent, PublicContentQuerySet, published_in_both_languages
from academy.permissions import may_act_as
from academy.welsh import forms, words_of

if TYPE_CHECKING:
    from academy.permissions import Reader

TEXTS = ("title", "summary", "mechanism", "who_can_change", "first_step")
NOTES = ("effect_note", "strength_note")


class Effect(models.TextChoices):
    HELPS = "helps", _("Helps improvement")
    MIXED = "mixed", _("Mixed effect")
    SUPPRESSES = "suppresses", _("Suppresses improvement")
    UNCERTAIN = "uncertain", _("Not certain")


class Level(models.TextChoices):
    TEAM = "team", _("A team")
    ORGANISATION = "organisation", _("An organisation")
    NATIONAL = "national", _("The national bodies")


class Strength(models.IntegerChoices):
    STRONG = 3, _("Strong evidence")
    MODERATE = 2, _("Moderate evidence")
    WEAK = 1, _("Weak evidence")


def said(word: str) -> Q:
    """The word in any shape Welsh gives it, or something typed nearly like it."""
    exact = [Q(plain__contains=form) for form in sorted(forms(word))]
    near = [Q(plain__trigram_word_similar=word)] if len(word) > 4 else []
    return reduce(or_, [*exact, *near])


class ApproachQuerySet(PublicContentQuerySet["Approach"]):
    def visible_to(self, reader: Reader) -> Self:
        """Curators see drafts too."""
        return self if may_act_as(reader, roles.CURATOR) else self.filter(published=True)

    def matching(self, text: str) -> Self:
        """Every word of the text, in either language; all rows when there is none."""
        words = words_of(text)
        return self.filter(reduce(and_, map(said, words))) if words else self

    def in_order(self) -> Self:
        """What helps first, the better known before the less known."""
        effects = [models.When(effect=code, then=Value(place)) for place, code in enumerate(Effect)]
        return self.order_by(models.Case(*effects), "-strength", "slug", "pk")

    @transaction.atomic
    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add the entries whose slugs are new; what a curator may have changed stays as it is."""
        known = set(self.values_list("slug", flat=True))
        topics = {topic.slug: topic for topic in Topic.objects.all()}
        new = [row for row in rows if row["slug"] not in known]
        names = [*columns(*TEXTS, *NOTES), "slug", "effect", "strength", "sources", "checked_on"]
        for row in new:
            approach = self.create(
                **{name: row[name] for name in names}, levels=row["level"], published=True
            )
            approach.topics.set([topics[slug] for slug in row["topics"]])
        return len(new)


class Approach(PublicContent):
    """Something organisations do that lets improvement thrive, or suppresses it.

    Effect, mechanism and strength say no more than the sources named beside them.
    """

    both = TEXTS

    slug = models.SlugField(_("address word"), max_length=80, unique=True)
    title_en = models.CharField(_("title (English)"), max_length=160)
    title_cy = models.CharField(_("title (Welsh)"), max_length=160, blank=True, default="")
    summary_en = models.CharField(_("summary (English)"), max_length=400, blank=True, default="")
    summary_cy = models.CharField(_("summary (Welsh)"), max_length=400, blank=True, default="")
    effect = models.CharField(_("effect"), max_length=12, choices=Effect)
    effect_note_en = models.CharField(
        _("about the effect (English)"), max_length=160, blank=True, default=""
    )
    effect_note_cy = models.CharField(
        _("about the effect (Welsh)"), max_length=160, blank=True, default=""
    )
    mechanism_en = models.TextField(_("how it works (English)"), blank=True, default="")
    mechanism_cy = models.TextField(_("how it works (Welsh)"), blank=True, default="")
    who_can_change_en = models.TextField(_("who can change it (English)"), blank=True, default="")
    who_can_change_cy = models.TextField(_("who can change it (Welsh)"), blank=True, default="")
    levels = ArrayField(
        models.CharField(max_length=12, choices=Level), verbose_name=_("who can change it")
    )
    first_step_en = models.TextField(_("first step (English)"), blank=True, default="")
    first_step_cy = models.TextField(_("first step (Welsh)"), blank=True, default="")
    strength = models.PositiveSmallIntegerField(
        _("strength of the evidence"),
        choices=Strength,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    strength_note_en = models.CharField(
        _("about the evidence (English)"), max_length=160, blank=True, default=""
    )
    strength_note_cy = models.CharField(
        _("about the evidence (Welsh)"), max_length=160, blank=True, default=""
    )
    sources = ArrayField(models.CharField(max_length=300), verbose_name=_("sources"))
    checked_on = models.DateField(_("sources checked on"))
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="approaches", blank=True
    )
    plain = GeneratedField(
        expression=Func(
            Concat(
                "title_en",
                Value(" "),
                "title_cy",
                Value(" "),
                "summary_en",
                Value(" "),
                "summary_cy",
            ),
            function="plain_words",
        ),
        output_field=TextField(),
        db_persist=True,
    )

    title = Bilingual("title")
    summary = Bilingual("summary")
    mechanism = Bilingual("mechanism")
    who_can_change = Bilingual("who_can_change")
    first_step = Bilingual("first_step")
    effect_note = Bilingual("effect_note")
    strength_note = Bilingual("strength_note")
    objects = ApproachQuerySet.as_manager()

    class Meta:
        verbose_name = _("approach")
        verbose_name_plural = _("approaches")
        indexes = [GinIndex(OpClass("plain", "gin_trgm_ops"), name="approach_plain")]
        constraints = [
            published_in_both_languages("approach", *TEXTS),
            models.CheckConstraint(
                name="approach_evidence_is_weak_moderate_or_strong",
                condition=Q(strength__in=Strength.values),
            ),
            models.CheckConstraint(
                name="approach_names_who_can_change_it_and_its_sources",
                condition=Q(levels__len__gt=0, sources__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("conditions:approach", args=[self.slug])

    def level_names(self) -> list[str]:
        return [str(Level(code).label) for code in self.levels]
