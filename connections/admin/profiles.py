from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.bilingual import language
from academy.permissions import signed_in
from connections.admin.verbs import Verb, VerbAdmin
from connections.models import MentorProfile

SHOWN = (
    "person",
    "state",
    ("offers_mentoring", "offers_coaching"),
    "topics",
    "about_help",
    "about_story",
    "about_meeting",
    "written_in",
    ("in_welsh", "in_english"),
    ("online", "in_person"),
    "setting",
    ("capacity", "places_taken"),
    ("paused", "paused_until"),
    "in_directory",
    ("asked_at", "decided_at", "decided_by"),
    "decision",
    "review_on",
)


@admin.register(MentorProfile)
class MentorProfileAdmin(VerbAdmin):
    """Offers: a coordinator reads them and says yes, or what is missing."""

    list_display = (
        "shown_name",
        "state",
        "offers_mentoring",
        "offers_coaching",
        "asked_at",
        "free",
    )
    list_filter = ("state", "paused", "offers_coaching", "in_welsh")
    search_fields = ("shown_name", "person__name")
    ordering = ("asked_at", "pk")
    export_fields = ("shown_name", "state", "capacity", "places_taken", "paused")
    actions = ("approve",)
    fields = SHOWN

    def get_queryset(self, request: HttpRequest) -> QuerySet[MentorProfile]:
        return super().get_queryset(request).defer("vector", "words").select_related("person")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        flat = [name if isinstance(name, tuple) else (name,) for name in SHOWN]
        return [name for names in flat for name in names]

    @admin.display(description=gettext_lazy("free places"))
    def free(self, profile: MentorProfile) -> int:
        return profile.free

    @admin.display(description=gettext_lazy("skills and topics"))
    def topics(self, profile: MentorProfile) -> str:
        return ", ".join(t.name for t in (*profile.methods.all(), *profile.services.all()))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def verbs(self, request: HttpRequest, row: MentorProfile) -> list[Verb]:
        if row.state != MentorProfile.State.WAITING:
            return []
        by = signed_in(request)
        return [
            Verb("approve", _("Approve"), lambda row, _words: self._approve(row, by)),
            Verb(
                "decline",
                _("Ask for a change"),
                lambda row, words: self._decline(row, words, by),
                asks_words=_("What should be changed? The mentor reads this."),
            ),
        ]

    def _approve(self, profile: MentorProfile, by: Any) -> str:
        profile.approve(by=by, at=now())
        return _("Approved, and the mentor is told.")

    def _decline(self, profile: MentorProfile, words: str, by: Any) -> str:
        profile.decline(by=by, words=words[:500], language=language(), at=now())
        return _("The mentor is told what to change.")

    @admin.action(description=gettext_lazy("Approve these offers"), permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[MentorProfile]) -> None:
        done = 0
        for profile in chosen.filter(state=MentorProfile.State.WAITING).order_by("pk"):
            profile.approve(by=signed_in(request), at=now())
            done += 1
        self.message_user(request, _("Approved: %(n)s") % {"n": done})
