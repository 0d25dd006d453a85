from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.admin import HouseRulesAdmin, ReadOnlyAdmin
from connections.models import MentoringRequest, MentoringRules

SOON = timedelta(days=3)


class CloseFilter(admin.SimpleListFilter):
    title = gettext_lazy("closes")
    parameter_name = "close"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("soon", _("Within three days"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "soon":
            return queryset.pending().filter(closes_at__lte=now() + SOON)
        return queryset


@admin.register(MentoringRequest)
class MentoringRequestAdmin(ReadOnlyAdmin):
    """Who waits, for whom and until when. What they wrote is between the two of them."""

    view_on_site = False  # its page is for the two alone
    list_display = ("mentee", "kind", "state", "asked_of", "asked_at", "closes_at")
    list_filter = (CloseFilter, "state", "kind", "left_out")
    search_fields = ("mentee__name", "mentor__shown_name")
    ordering = ("closes_at", "pk")
    list_select_related = ("mentee", "mentor__person")
    fields = (
        "mentee",
        "kind",
        "state",
        "asked_of",
        "topics",
        ("in_welsh", "in_english"),
        ("online", "in_person"),
        "setting",
        ("asked_at", "remind_at", "moves_on_at", "closes_at", "ended_at"),
        "suggested_at",
        "left_out",
    )
    readonly_fields = ("asked_of", "topics")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MentoringRequest]:
        return super().get_queryset(request).defer("words", "mentor__words", "mentor__vector")

    @admin.display(description=gettext_lazy("asked of"))
    def asked_of(self, row: MentoringRequest) -> str:
        return row.mentor.person.name if row.mentor else "-"

    @admin.display(description=gettext_lazy("skills and topics"))
    def topics(self, row: MentoringRequest) -> str:
        return ", ".join(t.name for t in (*row.methods.all(), *row.services.all()))


@admin.register(MentoringRules)
class MentoringRulesAdmin(HouseRulesAdmin):
    pass
