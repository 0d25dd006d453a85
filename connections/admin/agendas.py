"""Agendas of the stages, in both languages; there is one for each kind and stage."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from academy.admin_base import PublicContentAdmin, pairs
from academy.bilingual import columns
from connections.models import Agenda
from connections.models.agendas import TEXTS


@admin.register(Agenda)
class AgendaAdmin(PublicContentAdmin):
    list_display = ("title_en", "title_cy", "kind", "stage", "published")
    list_filter = ("kind", "stage", "cy_source")
    search_fields = ("title_en", "title_cy")
    ordering = ("kind", "pk")
    export_fields = ("kind", "stage", *columns(*TEXTS), "published", "reviewed_on")
    fieldsets = (
        (None, {"fields": (*pairs(*TEXTS), "kind", "stage", "cy_source")}),
        (_("One language only"), {"fields": ("one_language_until", "one_language_reason")}),
    )
