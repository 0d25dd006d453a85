"""A yes to the first words, from before pairs had terms of their own. Kept so that it can be read."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from connections.models.relationships import Relationship


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship).order_by("version", "pk")


class Agreement(models.Model):
    """One person's yes to one version of the words alone."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="agreements"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agreements"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2)
    accepted_at = models.DateTimeField(_("accepted at"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                name="each_accepts_a_version_once", fields=["relationship", "person", "version"]
            )
        ]

    def __str__(self) -> str:
        return str(_("Agreement %(number)s") % {"number": self.pk})
