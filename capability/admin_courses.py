"""Courses in the admin: every text in both languages, and a file of them that can be brought back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.admin import PublicContentAdmin, pairs
from academy.admin_base import PublicContentForm
from academy.bilingual import LANGUAGES, columns, other
from capability.models import Course
from capability.models.choices import Aspect
from capability.models.courses import NEEDED, OPTIONAL


class CourseForm(PublicContentForm):
    """Whatever a public course says, it says in both languages."""

    qms = forms.MultipleChoiceField(
        label=gettext_lazy("Quality management aspects"),
        choices=Aspect.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sources = SimpleArrayField(
        forms.URLField(assume_scheme="https"),
        label=gettext_lazy("Sources"),
        help_text=gettext_lazy("One address on each line."),
        delimiter="\n",
        required=False,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.published and not self.instance.excepted():
            for name in OPTIONAL:
                for code in LANGUAGES:
                    here = str(self.cleaned_data.get(f"{name}_{code}") or "").strip()
                    there = str(self.cleaned_data.get(f"{name}_{other(code)}") or "").strip()
                    if there and not here and f"{name}_{code}" in self.fields:
                        self.add_error(
                            f"{name}_{code}", _("This is public, so it needs both languages.")
                        )
        return cleaned


@admin.register(Course)
class CourseAdmin(PublicContentAdmin):
    form = CourseForm
    list_display = ("title_en", "title_cy", "level", "status", "published", "reviewed_on")
    list_filter = ("level", "format", "status", "kind", "sample")
    search_fields = ("title_en", "title_cy", "slug")
    prepopulated_fields = {"slug": ("title_en",)}
    filter_horizontal = ("topics",)
    fields = (
        *pairs("title", "summary", "description", "audience", "outcomes", "prepare", "length"),
        *pairs("owner"),
        "slug",
        ("level", "format", "kind"),
        "status",
        *pairs("status_note"),
        "qms",
        "topics",
        "sources",
        "sample",
        "reviewed_on",
        ("one_language_until", "one_language_reason"),
    )
    ordering = ("title_en", "pk")
    export_fields = (
        *("slug", *columns(*NEEDED), "level", "format", "kind", "status", *columns(*OPTIONAL)),
        *("qms", "topic_words", "source_words", "reviewed_on", "published"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("search", "plain")

    @admin.display(description=gettext_lazy("topics"))
    def topic_words(self, course: Course) -> str:
        return " ".join(topic.slug for topic in course.topics.all())

    @admin.display(description=gettext_lazy("sources"))
    def source_words(self, course: Course) -> str:
        return " ".join(course.sources)

    def export_as_csv(self, request: HttpRequest, chosen: Any) -> HttpResponse:
        return super().export_as_csv(request, chosen.prefetch_related("topics"))
