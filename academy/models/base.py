"""What public content and editable rules have in common, whichever pillar they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.bilingual import empty_columns, in_both_languages

TOGETHER = timedelta(days=1)  # two languages changed within it were changed as one


class Refusal(Exception):
    """A verb said no for a reason of the domain; the view puts the reason into words."""


class OneLanguageMissing(Refusal):
    """Publishing needs both languages. `columns` are the names of the empty fields."""

    def __init__(self, columns: list[str]) -> None:
        super().__init__(", ".join(columns))
        self.columns = columns


def published_in_both_languages(table: str, *names: str) -> models.CheckConstraint:
    """The database publishes nothing in one language, but for a dated, reasoned exception."""
    excepted = Q(one_language_until__isnull=False, one_language_reason__regex=r"\S")
    return models.CheckConstraint(
        name=f"{table}_published_in_both_languages",
        condition=Q(published=False) | in_both_languages(*names) | excepted,
    )


Content = TypeVar("Content", bound="PublicContent")


class PublicContentQuerySet(models.QuerySet[Content]):
    def published(self) -> Self:
        return self.filter(published=True)


class PublicContent(models.Model):
    """Content a curator keeps in both languages. Subclasses name their texts in `both`."""

    both: ClassVar[tuple[str, ...]] = ()

    published = models.BooleanField(_("published"), default=False)
    one_language_until = models.DateField(
        _("one language until"),
        null=True,
        blank=True,
        help_text=_("Only with a reason. Leave empty: the law wants both languages."),
    )
    one_language_reason = models.CharField(
        _("reason for one language"), max_length=200, blank=True, default=""
    )
    en_changed_at = models.DateTimeField(_("English last changed"), null=True, editable=False)
    cy_changed_at = models.DateTimeField(_("Welsh last changed"), null=True, editable=False)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)

    class Meta:
        abstract = True

    def missing(self) -> list[str]:
        return empty_columns(self, *self.both)

    def excepted(self) -> bool:
        return self.one_language_until is not None and bool(self.one_language_reason.strip())

    def stamp(self, changed: Iterable[str], *, at: datetime) -> list[str]:
        """Note when each language changed: one moment for both when they changed together."""
        changed = list(changed)
        codes = [
            code for code in ("en", "cy") if any(name.endswith(f"_{code}") for name in changed)
        ]
        for code in codes:
            setattr(self, f"{code}_changed_at", at)
        return [f"{code}_changed_at" for code in codes]

    def is_stale(self, code: str) -> bool:
        """The other language was changed after this one, and not in the same go."""
        mine, other = self.cy_changed_at, self.en_changed_at
        if code == "en":
            mine, other = other, mine
        return mine is not None and other is not None and mine + TOGETHER < other

    def say_the_same(self, *, at: datetime) -> None:
        """Somebody has read both languages and found them alike."""
        self.en_changed_at = self.cy_changed_at = at
        self.save(update_fields=["en_changed_at", "cy_changed_at"])

    def publish(self, *, at: datetime) -> None:
        """Show it to everyone. Raises OneLanguageMissing, naming the empty fields."""
        missing = self.missing()
        if missing and not self.excepted():
            raise OneLanguageMissing(missing)
        self.published = True
        self.reviewed_on = at.date()
        self.save(update_fields=["published", "reviewed_on"])

    def withdraw(self) -> None:
        self.published = False
        self.save(update_fields=["published"])


def whole(
    label: Any, start: int, most: int = 365, *, least: int = 1, later: bool = False
) -> models.PositiveSmallIntegerField[int, int]:
    """A whole number of house rules, with what it is to start with and how far it may go.

    `later`: added to a table that older code still writes, so the database knows the start too.
    """
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    known: dict[str, Any] = {"db_default": start} if later else {}
    return models.PositiveSmallIntegerField(label, default=start, validators=limits, **known)


class HouseRules(models.Model):
    """One row of start values an administrator may change."""

    class Meta:
        abstract = True

    @classmethod
    def current(cls) -> Self:
        """The one row; the start values until somebody saved others."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)
