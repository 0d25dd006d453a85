"""Coordinators see circles and who is in them. Messages and links are in no admin."""

from __future__ import annotations

from django.contrib import admin

from academy.admin_base import HouseRulesAdmin, ReadOnlyAdmin
from connections.models import Circle, CircleMember, CircleRules


@admin.register(Circle)
class CircleAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "host", "places_taken", "places", "opened_at", "closed_at")
    list_filter = ("rhythm", "how", "in_welsh")
    list_select_related = ("host",)
    search_fields = ("title", "host__name")
    ordering = ("-opened_at", "-pk")
    fields = (
        "title",
        "about",
        "host",
        "made_by",
        ("in_welsh", "in_english"),
        ("places", "places_taken"),
        "rhythm",
        "how",
        ("opened_at", "closed_at"),
    )


@admin.register(CircleMember)
class CircleMemberAdmin(ReadOnlyAdmin):
    list_display = ("circle", "person", "joined_at", "left_at", "left_why")
    list_filter = ("left_why",)
    list_select_related = ("circle", "person")
    search_fields = ("circle__title", "person__name")
    ordering = ("-joined_at", "-pk")
    fields = ("circle", "person", "joined_at", "left_at", "left_why")


@admin.register(CircleRules)
class CircleRulesAdmin(HouseRulesAdmin):
    pass
