from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from academy.admin import PublicContentAdmin, pairs
from academy.bilingual import columns
from conditions.models import NOTES, TEXTS, Approach


@admin.register(Approach)
class ApproachAdmin(PublicContentAdmin):
    list_display = ("title_en", "title_cy", "effect", "strength", "published", "checked_on")
    list_filter = ("effect", "strength")
    search_fields = ("title_en", "title_cy", "slug")
    autocomplete_fields = ("topics",)
    ordering = ("slug", "pk")
    export_fields = (
        *("slug", *columns("title", "summary", "first_step"), "effect", "strength"),
        *("sources", "checked_on", "published", "reviewed_on"),
    )
    fieldsets = (
        (None, {"fields": (*pairs(*TEXTS), "slug")}),
        (_("Effect and evidence"), {"fields": ("effect", "strength", *pairs(*NOTES), "levels")}),
        (_("Sources"), {"fields": ("sources", "checked_on", "topics")}),
        (_("One language only"), {"fields": ("one_language_until", "one_language_reason")}),
    )
