from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual, in_both_languages

METHOD_GROUPS = ("method", "leadership", "journey")
SERVICE_GROUPS = ("service_area", "patient_safety", "cross_cutting")


class TopicQuerySet(models.QuerySet["Topic"]):
    def methods(self) -> Self:
        """How to improve: improvement skills."""
        return self.filter(group__in=METHOD_GROUPS)

    def services(self) -> Self:
        """What is improved: topic expertise."""
        return self.filter(group__in=SERVICE_GROUPS)


class Topic(models.Model):
    """The words all pillars tag with, so that related things find one another."""

    class Group(models.TextChoices):
        PILLAR = "pillar", _("Pillar")
        JOURNEY = "journey", _("Stage of the improvement journey")
        QMS = "qms", _("Quality management")
        QUALITY_DOMAIN = "quality_domain", _("Domain of quality")
        QUALITY_ENABLER = "quality_enabler", _("Enabler of quality")
        METHOD = "method", _("Improvement method")
        LEADERSHIP = "leadership", _("Leadership and people")
        PATIENT_SAFETY = "patient_safety", _("Patient safety")
        SERVICE_AREA = "service_area", _("Service area")
        CROSS_CUTTING = "cross_cutting", _("Across services")

    slug = models.SlugField(_("address word"), max_length=60, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_cy = models.CharField(_("name (Welsh)"), max_length=120)
    group = models.CharField(_("group"), max_length=20, choices=Group)
    cy_source = models.CharField(_("source of the Welsh"), max_length=20, default="own")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    name = Bilingual("name")
    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                name="topic_named_in_both_languages", condition=in_both_languages("name")
            )
        ]

    def __str__(self) -> str:
        return self.name
