"""What every admin page of ours shares: it saves only what was changed, and writes down who did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import get_text_list
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.admin_export import export
from academy.bilingual import LANGUAGES, columns
from academy.content_care import wanting
from academy.models import AuditEvent
from academy.models.base import OneLanguageMissing, PublicContent

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm


ADDRESS_WORD = gettext_lazy(
    "An address word has letters without accents, numbers and hyphens only."
)
LONG_LINE = 200  # letters; what may be longer gets more than one line


def pairs(*names: str) -> list[tuple[str, ...]]:
    """Rows of a fieldset with English and Welsh side by side."""
    return [(f"{name}_en", f"{name}_cy") for name in names]


def in_words(row: models.Model, names: list[str]) -> str:
    """Columns by the names people know them by: “title (Welsh) and summary (Welsh)”."""
    labels = [str(row._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]
    return get_text_list(labels, _("and"))


class AcademyAdmin(ModelAdmin):
    """A window for staff. Only changed columns are saved, so that nothing else is undone."""

    list_per_page = 50
    show_full_result_count = False
    export_fields: tuple[str, ...] = ()  # what a CSV file of the list may hold; none, no file

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A text of one language says which: for spelling, and for who listens to the page."""
        code = db_field.name.rpartition("_")[2]
        if code in LANGUAGES and (db_field.max_length or 0) > LONG_LINE:
            kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 3}))
        if isinstance(db_field, models.SlugField):
            kwargs.setdefault("error_messages", {"invalid": ADDRESS_WORD})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and code in LANGUAGES:
            field.widget.attrs["lang"] = code
        return field

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what the list shows may be asked for in its address: letter by letter, a filter
        on any other column would tell what stands in it."""
        shown = {*self.get_list_display(request), self.date_hierarchy, "id", "pk"}
        for one in self.get_list_filter(request):
            column = one[0] if isinstance(one, tuple) else one
            shown.add(getattr(column, "parameter_name", column))
        known = lookup.partition("__")[0] in shown or lookup in shown
        return known and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        at = now()
        concrete = {field.name for field in obj._meta.concrete_fields}
        changed = [name for name in form.changed_data if name in concrete]
        stamps = obj.stamp(changed, at=at) if isinstance(obj, PublicContent) else []
        if change:
            obj.save(update_fields=[*changed, *stamps])
        else:
            obj.save()
        AuditEvent.objects.record(
            f"{obj._meta.model_name}.{'changed' if change else 'added'}",
            actor=request.user,
            thing=obj,
            fields=list(form.changed_data),
            at=at,
        )

    @admin.action(description=gettext_lazy("Export as CSV"), permissions=["export"])
    def export_as_csv(self, request: HttpRequest, chosen: Any) -> HttpResponse:
        return export(self, request, chosen)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the list, where it may be taken away at all."""
        return bool(self.export_fields) and self.has_view_permission(request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        if self.has_export_permission(request) and "_popup" not in request.GET:
            actions["export_as_csv"] = self.get_action("export_as_csv")
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting is a flow of its own; the admin withdraws and ends instead."""
        return False


class ReadOnlyAdmin(AcademyAdmin):
    """Staff look here, and act only through verbs."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HouseRulesAdmin(AcademyAdmin):
    """The one row of start values."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)


class LanguageFilter(admin.SimpleListFilter):
    """Missing or stale Welsh (or English)."""

    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("no_cy", _("Welsh missing")),
            ("no_en", _("English missing")),
            ("stale_cy", _("Welsh older than the English")),
            ("stale_en", _("English older than the Welsh")),
            ("excepted", _("Published in one language")),
            ("ran_out", _("The time for one language is over")),
            ("review", _("Not reviewed for a year")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        found = wanting(queryset.model, localdate()).get(self.value() or "")
        return queryset if found is None else queryset.filter(found)


class PublicContentForm(ModelForm):
    """What is public stays in both languages: said beside the field, before the database refuses."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        row: PublicContent = self.instance
        if row.published and not (
            self.cleaned_data.get("one_language_until")
            and self.cleaned_data.get("one_language_reason", "").strip()
        ):
            for name in columns(*row.both):
                if name in self.fields and not str(self.cleaned_data.get(name) or "").strip():
                    self.add_error(
                        name, ValidationError(_("This is public, so it needs both languages."))
                    )
        return cleaned


class PublicContentAdmin(AcademyAdmin):
    """Content in both languages: side by side, with publishing and the reason when refused."""

    form = PublicContentForm
    actions = ("publish", "withdraw")
    change_form_template = "admin/academy/public_content_change_form.html"

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return ["published", LanguageFilter, *self.list_filter]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["published"]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Above the form, what is older than its other half."""
        row, words = obj, ""
        if row is not None and row.is_stale("cy"):
            words = _("The English was changed after the Welsh. Does the Welsh still say the same?")
        elif row is not None and row.is_stale("en"):
            words = _(
                "The Welsh was changed after the English. Does the English still say the same?"
            )
        facts = {**context, "stale_words": words}
        return super().render_change_form(request, facts, add, change, form_url, obj)

    def try_to_publish(self, request: HttpRequest, row: Any) -> bool:
        """Publish, or say in words what is in the way."""
        try:
            row.publish(at=now())
        except OneLanguageMissing as refusal:
            self.message_user(
                request,
                _("“%(title)s” is not public yet. Still empty: %(columns)s.")
                % {"title": row, "columns": in_words(row, refusal.columns)},
                messages.ERROR,
            )
            return False
        AuditEvent.objects.record(
            f"{row._meta.model_name}.published", actor=request.user, thing=row, at=now()
        )
        return True

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, chosen: Any) -> None:
        done = sum(self.try_to_publish(request, row) for row in chosen)
        if done:
            self.message_user(request, _("Published: %(number)s.") % {"number": done})

    @admin.action(description=gettext_lazy("Withdraw from the site"), permissions=["change"])
    def withdraw(self, request: HttpRequest, chosen: Any) -> None:
        for row in chosen:
            row.withdraw()
            AuditEvent.objects.record(
                f"{row._meta.model_name}.withdrawn", actor=request.user, thing=row, at=now()
            )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_publish" in request.POST and self.try_to_publish(request, obj):
            self.message_user(request, _("“%(title)s” is public now.") % {"title": obj})
        if "_withdraw" in request.POST:
            self.withdraw(request, [obj])
            self.message_user(request, _("“%(title)s” is no longer public.") % {"title": obj})
        if "_same" in request.POST:
            obj.say_the_same(at=now())
            self.message_user(request, _("Noted: the two languages say the same."))
        if {"_publish", "_withdraw", "_same"} & set(request.POST):
            return HttpResponseRedirect(request.get_full_path())
        return super().response_change(request, obj)
