from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual, language
from academy.models import Organisation
from capability.models.choices import Format, Taught
from capability.models.courses import Course


class CohortFacts(models.Model):
    """What is true of a cohort: who, where, in which language, how many. Nothing here asks a query."""

    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="cohorts"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        help_text=_("Who hosts it. Leave empty when it is for all of Wales."),
    )
    region = models.CharField(
        _("region"), max_length=20, choices=Organisation.Region, blank=True, default=""
    )
    place_en = models.CharField(_("place (English)"), max_length=200, blank=True, default="")
    place_cy = models.CharField(_("place (Welsh)"), max_length=200, blank=True, default="")
    joining_link = models.URLField(_("joining link"), max_length=500, blank=True, default="")
    booking_link = models.URLField(
        _("booking link elsewhere"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("Only when another organisation takes the bookings."),
    )
    language = models.CharField(_("taught in"), max_length=4, choices=Taught)
    format = models.CharField(_("format"), max_length=20, choices=Format)
    places = models.PositiveIntegerField(_("places"))
    # Kept by the database itself (see the migration), so that no code can forget it.
    places_taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    starts_at = models.DateTimeField(_("first session"), null=True, editable=False)
    ends_at = models.DateTimeField(_("end of the last session"), null=True, editable=False)
    closes_at = models.DateTimeField(_("booking closes"), null=True, editable=False)
    published = models.BooleanField(_("published"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    sample = models.BooleanField(_("sample"), default=False, editable=False)

    place = Bilingual("place")

    class Meta:
        abstract = True

    @property
    def left(self) -> int:
        return max(self.places - self.places_taken, 0)

    @property
    def bar(self) -> int:
        """How much of a bar of 132 the taken places fill."""
        return 132 * min(self.places_taken, self.places) // self.places if self.places else 132

    @property
    def place_lang(self) -> str:
        """The place's language where only the other one has been written."""
        return "" if getattr(self, f"place_{language()}") or not self.place else "en"

    def over(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at

    def is_open(self, at: datetime) -> bool:
        """Bookable here and now; needs no query."""
        return (
            self.published
            and not self.cancelled_at
            and not self.booking_link
            and self.closes_at is not None
            and self.closes_at > at
            and self.left > 0
        )

    def facts(self) -> dict[str, Any]:
        """Public words for the subject of a message about this cohort."""
        return {
            "cohort": self.pk,
            "title_en": self.course.title_en,
            "title_cy": self.course.title_cy or self.course.title_en,
        }
