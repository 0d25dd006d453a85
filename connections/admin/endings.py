"""Why relationships end, in numbers large enough to point at nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import now

from academy.admin_base import ReadOnlyAdmin
from connections.models import Ending


@admin.register(Ending)
class EndingAdmin(ReadOnlyAdmin):
    list_display = ("reason", "quarter", "times")
    ordering = ("-quarter", "reason", "pk")
    fields = ("quarter", "reason", "times")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return Ending.objects.shown(now()).order_by(*self.ordering)
