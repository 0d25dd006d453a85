"""Staff's window on the house: organisations, topics, people, the outbox, the audit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.admin_audit import AuditEventAdmin
from academy.admin_base import (
    AcademyAdmin,
    HouseRulesAdmin,
    PublicContentAdmin,
    ReadOnlyAdmin,
    pairs,
)
from academy.admin_people import PersonAdmin
from academy.models import (
    AuditEvent,
    Notification,
    Organisation,
    SupportRequest,
    Topic,
)

__all__ = [
    "AcademyAdmin",
    "AuditEventAdmin",
    "HouseRulesAdmin",
    "PersonAdmin",
    "PublicContentAdmin",
    "ReadOnlyAdmin",
    "pairs",
]


@admin.register(Organisation)
class OrganisationAdmin(AcademyAdmin):
    list_display = ("name_en", "name_cy", "kind", "region", "status")
    list_filter = ("kind", "region", "status", "cy_source")
    search_fields = ("name_en", "name_cy", "code")
    autocomplete_fields = ("successor",)
    fields = (
        *pairs("name"),
        "code",
        "kind",
        "region",
        "status",
        "successor",
        ("cy_source", "source"),
    )
    ordering = ("name_en", "pk")
    export_fields = (
        *("code", "name_en", "name_cy", "kind", "region"),
        *("status", "cy_source", "source"),
    )


@admin.register(Topic)
class TopicAdmin(AcademyAdmin):
    list_display = ("name_en", "name_cy", "group", "cy_source")
    list_filter = ("group", "cy_source")
    search_fields = ("name_en", "name_cy", "slug")
    fields = (*pairs("name"), "slug", "group", ("cy_source", "source"))
    ordering = ("group", "name_en", "pk")
    export_fields = ("slug", "name_en", "name_cy", "group", "cy_source", "source")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            hooks.tell("academy.topic_changed", topic=obj)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """The outbox by its states; what a message says is not shown here."""

    list_display = ("kind", "state", "tries", "why", "due_at", "created_at", "sent_at")
    list_filter = ("state", "kind")
    fields = list_display
    ordering = ("created_at", "pk")
    actions = ("send_again",)

    @admin.action(description=_("Put back into the outbox"), permissions=["view"])
    def send_again(self, request: HttpRequest, chosen: Any) -> None:
        for letter in chosen:
            letter.retry(at=now())
        AuditEvent.objects.record("messages put back", actor=request.user, at=now())


@admin.register(SupportRequest)
class SupportRequestAdmin(ReadOnlyAdmin):
    """Who waits for an answer, and since when; the words are read where they are answered."""

    list_display = ("asked_at", "reply_by", "topic", "language", "owner", "answered_at", "answer")
    list_filter = ("language", ("answered_at", admin.EmptyFieldListFilter))
    list_select_related = ("topic", "owner")
    fields = ("asker", "topic", "language", "asked_at", "reply_by", "owner", "answered_at")
    ordering = ("reply_by", "pk")

    @admin.display(description=_("answer"))
    def answer(self, request: SupportRequest) -> SafeString:
        url = reverse("answer_question", args=[request.pk])
        return format_html('<a href="{}">{}</a>', url, _("Read and answer"))
