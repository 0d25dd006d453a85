"""The questions to begin with and the rules. Who sits with whom, and who said what, is in no admin."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from academy.admin_base import HouseRulesAdmin, PublicContentAdmin, pairs
from connections.models import CoffeePrompt, CoffeeRules


@admin.register(CoffeePrompt)
class CoffeePromptAdmin(PublicContentAdmin):
    list_display = ("slug", "in_english", "in_welsh", "published", "reviewed_on")
    search_fields = ("text_en", "text_cy", "slug")
    ordering = ("slug", "pk")
    export_fields = ("slug", "text_en", "text_cy", "published", "reviewed_on")
    fieldsets = (
        (None, {"fields": (*pairs("text"), "slug")}),
        (_("One language only"), {"fields": ("one_language_until", "one_language_reason")}),
    )

    @admin.display(description=_("question (English)"), ordering="text_en")
    def in_english(self, row: CoffeePrompt) -> SafeString:
        return format_html('<span lang="en">{}</span>', row.text_en)

    @admin.display(description=_("question (Welsh)"), ordering="text_cy")
    def in_welsh(self, row: CoffeePrompt) -> SafeString:
        return format_html('<span lang="cy">{}</span>', row.text_cy)


@admin.register(CoffeeRules)
class CoffeeRulesAdmin(HouseRulesAdmin):
    pass
