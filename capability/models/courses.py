from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models import Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy import roles
from academy.bilingual import LANGUAGES, Bilingual, columns, language, other
from academy.models import Topic
from academy.models.base import (
    PublicContent,
    PublicContentQuerySet,
    published_in_both_languages,
)
from academy.permissions import may_act_as
from capability.models.choices import Aspect, Format, Kind, Level, Status, takes_interest

if TYPE_CHECKING:
    from academy.permissions import Reader

NEEDED = ("title", "summary", "description")
OPTIONAL = ("audience", "outcomes", "prepare", "length", "owner", "status_note")


def weighed(column: str, config: str, weight: str) -> SearchVector:
    return SearchVector(column, config=config, weight=weight)


def half_said(name: str) -> Q:
    """True of a row that says this in one language only."""
    en, cy = Q(**{f"{name}_en__regex": r"\S"}), Q(**{f"{name}_cy__regex": r"\S"})
    return (en & ~cy) | (cy & ~en)


class CourseQuerySet(PublicContentQuerySet["Course"]):
    def visible_to(self, reader: Reader) -> Self:
        """Curators see drafts too."""
        return self if may_act_as(reader, roles.CURATOR) else self.filter(published=True)

    @transaction.atomic
    def load(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add the courses whose slugs are new; what a curator may have changed stays as it is."""
        known = set(self.values_list("slug", flat=True))
        topics = {topic.slug: topic for topic in Topic.objects.all()}
        names = [*columns(*NEEDED, *OPTIONAL), "slug", "level", "format", "kind", "status"]
        new = [row for row in rows if row["slug"] not in known]
        for row in new:
            course = Course(
                **{name: row[name] for name in names if name in row},
                qms=list(row.get("qms", [])),
                sources=list(row.get("sources", [])),
                sample=bool(row.get("sample", False)),
                published=True,
            )
            course.full_clean(exclude=["topics"], validate_constraints=False)
            course.save(force_insert=True)
            course.topics.set([topics[slug] for slug in row.get("topics", []) if slug in topics])
        return len(new)


class Course(PublicContent):
    """Something people can learn from; its deliveries are cohorts."""

    both = NEEDED

    slug = models.SlugField(_("address word"), max_length=80, unique=True)
    title_en = models.CharField(_("title (English)"), max_length=160)
    title_cy = models.CharField(_("title (Welsh)"), max_length=160, blank=True, default="")
    summary_en = models.CharField(_("summary (English)"), max_length=400, blank=True, default="")
    summary_cy = models.CharField(_("summary (Welsh)"), max_length=400, blank=True, default="")
    description_en = models.TextField(_("description (English)"), blank=True, default="")
    description_cy = models.TextField(_("description (Welsh)"), blank=True, default="")
    audience_en = models.TextField(_("who it is for (English)"), blank=True, default="")
    audience_cy = models.TextField(_("who it is for (Welsh)"), blank=True, default="")
    outcomes_en = models.TextField(
        _("what you will be able to do (English)"), blank=True, default=""
    )
    outcomes_cy = models.TextField(_("what you will be able to do (Welsh)"), blank=True, default="")
    prepare_en = models.TextField(_("how to prepare (English)"), blank=True, default="")
    prepare_cy = models.TextField(_("how to prepare (Welsh)"), blank=True, default="")
    length_en = models.CharField(_("length (English)"), max_length=120, blank=True, default="")
    length_cy = models.CharField(_("length (Welsh)"), max_length=120, blank=True, default="")
    owner_en = models.CharField(_("run by (English)"), max_length=200, blank=True, default="")
    owner_cy = models.CharField(_("run by (Welsh)"), max_length=200, blank=True, default="")
    level = models.CharField(_("level"), max_length=20, choices=Level)
    format = models.CharField(_("format"), max_length=20, choices=Format)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COURSE)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.CURRENT)
    status_note_en = models.CharField(
        _("about the status (English)"), max_length=300, blank=True, default=""
    )
    status_note_cy = models.CharField(
        _("about the status (Welsh)"), max_length=300, blank=True, default=""
    )
    qms = ArrayField(
        models.CharField(max_length=20, choices=Aspect),
        verbose_name=_("quality management aspects"),
        default=list,
        blank=True,
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="courses", blank=True
    )
    sources = ArrayField(
        models.URLField(max_length=500), verbose_name=_("sources"), default=list, blank=True
    )
    sample = models.BooleanField(_("sample"), default=False)

    # Kept by the database (see the migration): a facet needs the ids, the search the words.
    topic_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    topic_words_en = models.TextField(default="", editable=False)
    topic_words_cy = models.TextField(default="", editable=False)
    search = GeneratedField(
        expression=weighed("title_en", "english_unaccented", "A")
        + weighed("title_cy", "welsh", "A")
        + weighed("summary_en", "english_unaccented", "B")
        + weighed("summary_cy", "welsh", "B")
        + weighed("topic_words_en", "english_unaccented", "C")
        + weighed("topic_words_cy", "welsh", "C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    plain = GeneratedField(
        expression=Func(
            Concat(
                "title_en",
                Value(" "),
                "title_cy",
                Value(" "),
                "topic_words_en",
                Value(" "),
                "topic_words_cy",
                output_field=TextField(),
            ),
            function="plain_words",
        ),
        output_field=TextField(),
        db_persist=True,
    )

    title = Bilingual("title")
    summary = Bilingual("summary")
    description = Bilingual("description")
    audience = Bilingual("audience")
    outcomes = Bilingual("outcomes")
    prepare = Bilingual("prepare")
    length = Bilingual("length")
    owner = Bilingual("owner")
    status_note = Bilingual("status_note")
    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        indexes = [
            GinIndex(name="course_search", fields=["search"]),
            GinIndex(OpClass("plain", "gin_trgm_ops"), name="course_plain"),
            GinIndex(name="course_topic_ids", fields=["topic_ids"]),
        ]
        constraints = [
            published_in_both_languages("course", *NEEDED),
            *[
                models.CheckConstraint(
                    name=f"course_says_its_{name}_in_both_languages_or_none",
                    condition=Q(published=False)
                    | ~half_said(name)
                    | Q(one_language_until__isnull=False, one_language_reason__regex=r"\S"),
                )
                for name in OPTIONAL
            ],
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("capability:course", args=[self.slug])

    def missing(self) -> list[str]:
        """Empty fields of the needed texts, and the empty half of any other that was begun."""
        return super().missing() + [
            f"{name}_{code}"
            for name in OPTIONAL
            for code in LANGUAGES
            if not getattr(self, f"{name}_{code}").strip()
            and getattr(self, f"{name}_{other(code)}").strip()
        ]

    @property
    def title_lang(self) -> str:
        """The title's language where it is not the page's: a proper name without a Welsh form."""
        borrowed = self.title_en == self.title_cy or not getattr(self, f"title_{language()}")
        return "en" if borrowed and language() == "cy" else ""

    @property
    def historical(self) -> bool:
        return self.status == Status.HISTORICAL

    @property
    def takes_interest(self) -> bool:
        return takes_interest(self.kind, self.format, self.status)

    def aspects(self) -> list[str]:
        return [str(Aspect(code).label) for code in self.qms]
