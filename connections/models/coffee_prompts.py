"""A question to begin with: one for each group of a round, so that the first message is easy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual
from academy.models.base import PublicContent, PublicContentQuerySet, published_in_both_languages


class CoffeePromptQuerySet(PublicContentQuerySet["CoffeePrompt"]):
    def load(self, rows: Iterable[dict[str, str]]) -> int:
        """Those that are shipped; what staff have changed since stays."""
        made = self.bulk_create(
            [self.model(published=True, **row) for row in rows], ignore_conflicts=True
        )
        return len(made)


class CoffeePrompt(PublicContent):
    both: ClassVar[tuple[str, ...]] = ("text",)

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    text_en = models.CharField(_("question (English)"), max_length=200, blank=True, default="")
    text_cy = models.CharField(_("question (Welsh)"), max_length=200, blank=True, default="")

    text = Bilingual("text")
    objects = CoffeePromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("question for a coffee")
        verbose_name_plural = _("questions for a coffee")
        constraints = [published_in_both_languages("coffee_prompt", "text")]

    def __str__(self) -> str:
        return self.text or self.slug
