"""Coordinators see that a pair exists, its state and its dates. Words are in no admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.admin_base import HouseRulesAdmin, ReadOnlyAdmin
from connections.models import CareRules, Relationship, RelationshipRules, StillThereRules

DATES = ("began_at", "agreed_at", "first_met_at", "last_contact_at", "next_meeting_at", "ended_at")


class Quiet(admin.SimpleListFilter):
    """Nothing has happened for too long, and nothing is planned."""

    title = gettext_lazy("gone quiet")
    parameter_name = "quiet"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Gone quiet")), ("agreement", _("Agreement waits too long"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.silent(now())
        if self.value() == "agreement":
            return queryset.not_agreed(now())
        return queryset


@admin.register(Relationship)
class RelationshipAdmin(ReadOnlyAdmin):
    view_on_site = False  # its page is for the two alone
    list_display = ("__str__", "mentor", "mentee", "kind", "state", "last_contact_at")
    list_filter = (Quiet, "state", "kind")
    list_select_related = ("mentor", "mentee")
    search_fields = ("mentor__name", "mentee__name")
    ordering = ("last_contact_at", "pk")
    fields = ("mentor", "mentee", "kind", "state", *DATES, "ends_on", "paused_until")
    readonly_fields = fields


@admin.register(RelationshipRules)
class RelationshipRulesAdmin(HouseRulesAdmin):
    pass


@admin.register(CareRules)
class CareRulesAdmin(HouseRulesAdmin):
    pass


@admin.register(StillThereRules)
class StillThereRulesAdmin(HouseRulesAdmin):
    pass
