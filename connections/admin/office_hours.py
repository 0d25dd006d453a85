"""Coordinators see who keeps office hours and that people come. Questions and links are in no admin."""

from __future__ import annotations

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from academy.admin_base import HouseRulesAdmin, ReadOnlyAdmin
from connections.models import OfficeHour, OfficeHourRules, SlotBooking

RHYTHM = ("weekday", "begins", "many", "minutes", "rhythm", "from_on", "until_on")


@admin.register(OfficeHour)
class OfficeHourAdmin(ReadOnlyAdmin):
    list_display = ("host", "weekday", "begins", "rhythm", "how", "from_on", "stopped_at")
    list_filter = ("weekday", "how", "in_welsh")
    list_select_related = ("host",)
    search_fields = ("host__name",)
    ordering = ("host__name", "pk")
    fields = (
        "host",
        "about",
        ("in_welsh", "in_english"),
        "how",
        *RHYTHM,
        "opened_at",
        "stopped_at",
    )


@admin.register(SlotBooking)
class SlotBookingAdmin(ReadOnlyAdmin):
    """Who, when and whether they came; what they ask is between the two."""

    view_on_site = False  # its page is for the two alone
    list_display = ("host", "person", "starts_at", "came", "left_why")
    list_filter = ("came", "left_why")
    list_select_related = ("host", "person", "slot")
    search_fields = ("host__name", "person__name")
    ordering = ("-booked_at", "-pk")
    fields = ("host", "person", "starts_at", "booked_at", "came", "left_at", "left_why")
    readonly_fields = ("starts_at",)

    @admin.display(description=gettext_lazy("starts at"), ordering="slot__starts_at")
    def starts_at(self, row: SlotBooking) -> str:
        return date_format(localtime(row.slot.starts_at), "j F Y, H:i")


@admin.register(OfficeHourRules)
class OfficeHourRulesAdmin(HouseRulesAdmin):
    pass
