"""What administrators keep about coaching: numbers, and the words of the ladder. No log, no person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from academy.admin_base import AcademyAdmin, HouseRulesAdmin, pairs
from connections.models import CoachRules, LadderStep, Requirement


@admin.register(CoachRules)
class CoachRulesAdmin(HouseRulesAdmin):
    pass


class OwnWordsAdmin(AcademyAdmin):
    """What an administrator has saved is no start value any more."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        obj.keep_as_own()


@admin.register(LadderStep)
class LadderStepAdmin(OwnWordsAdmin):
    list_display = ("step", "means_en", "means_cy", "start_value")
    fields = ("step", *pairs("means"))
    readonly_fields = ("step",)
    ordering = ("pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Requirement)
class RequirementAdmin(OwnWordsAdmin):
    list_display = ("ladder_step", "place", "words_en", "words_cy", "fact", "start_value")
    list_select_related = ("ladder_step",)
    fields = ("ladder_step", "place", "fact", *pairs("words"))
    ordering = ("ladder_step", "place", "pk")
