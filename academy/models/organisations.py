from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.bilingual import Bilingual, in_both_languages


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def choices(self) -> Self:
        """What a person may choose: former names are aliases of their successor."""
        return self.filter(successor=None).exclude(status=Organisation.Status.FORMER)


class Organisation(models.Model):
    """Where people work. Former names point at their successor."""

    class Status(models.TextChoices):
        CURRENT = "current", _("Current")
        BRAND_IN_USE = "brand_in_use", _("Name in use")
        FORMER = "former", _("Former name")

    class Kind(models.TextChoices):
        HEALTH_BOARD = "health_board", _("Health board")
        NHS_TRUST = "nhs_trust", _("NHS trust")
        NATIONAL = "national", _("National NHS body")
        GOVERNMENT = "government", _("Government, regulator or public body")
        LOCAL_AUTHORITY = "local_authority", _("Local authority")
        UNIVERSITY = "university", _("University")
        PARTNER = "partner", _("Partner or third sector")
        OTHER = "other", _("Other")

    class Region(models.TextChoices):
        """The seven regional partnerships, each the footprint of one health board."""

        NORTH_WALES = "north_wales", _("North Wales")
        POWYS = "powys", _("Powys")
        WEST_WALES = "west_wales", _("West Wales")
        WEST_GLAMORGAN = "west_glamorgan", _("West Glamorgan")
        CWM_TAF_MORGANNWG = "cwm_taf_morgannwg", _("Cwm Taf Morgannwg")
        CARDIFF_AND_VALE = "cardiff_and_vale", _("Cardiff and the Vale of Glamorgan")
        GWENT = "gwent", _("Gwent")
        ALL_WALES = "all_wales", _("All Wales")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=160)
    name_cy = models.CharField(_("name (Welsh)"), max_length=160)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.CURRENT)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="former_names",
    )
    region = models.CharField(_("region"), max_length=20, choices=Region, default=Region.ALL_WALES)
    cy_source = models.CharField(_("source of the Welsh"), max_length=20, default="own")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")

    name = Bilingual("name")
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                name="organisation_named_in_both_languages", condition=in_both_languages("name")
            ),
            models.CheckConstraint(
                name="organisation_is_not_its_own_successor",
                condition=Q(successor=None) | ~Q(successor=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
