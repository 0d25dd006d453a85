"""The audit as staff read it: what happened, to which kind of thing, in words and in their language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from academy import roles
from academy.admin_base import ReadOnlyAdmin
from academy.models import AuditEvent
from academy.models.audit import happened


def model_of(verb: str, kind: str = "") -> type[models.Model] | None:
    """What kind of thing it happened to; where no row is named, the verb itself may say."""
    named = kind or verb.rpartition(".")[0]
    found = (one for one in apps.get_models() if named in (one._meta.label, one._meta.model_name))
    return next(found, None) if named else None


class Happened(admin.AllValuesFieldListFilter):
    """Each verb once, in words; what many kinds of thing share says of which."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            verb = str(choice["display"])
            model = model_of(verb)
            thing = f"{capfirst(model._meta.verbose_name)}: " if model else ""
            yield {**choice, "display": f"{thing}{happened(verb) or verb}"}


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "what", "thing", "object_id", "columns", "why")
    list_filter = (("verb", Happened),)
    list_select_related = ("actor",)
    fields = (*list_display, "request_id")
    ordering = ("-at", "-pk")

    @admin.display(description=_("what"), ordering="verb")
    def what(self, event: AuditEvent) -> str:
        return happened(event.verb) or event.verb

    @admin.display(description=_("kind of thing"), ordering="kind")
    def thing(self, event: AuditEvent) -> str:
        model = model_of(event.verb, event.kind)
        return capfirst(str(model._meta.verbose_name)) if model else event.kind

    @admin.display(description=_("fields"))
    def columns(self, event: AuditEvent) -> str:
        model = model_of(event.verb, event.kind)
        return ", ".join(self.label(model, name) for name in event.fields)

    def label(self, model: type[models.Model] | None, name: str) -> str:
        if model is None:
            return name
        site = self.admin_site
        window = site.get_model_admin(model) if site.is_registered(model) else None
        try:
            return str(label_for_field(name, model, window))
        except AttributeError:
            return name  # a column of an earlier time, or of a file

    @admin.display(description=_("reason"))
    def why(self, event: AuditEvent) -> str:
        named = roles.NAMES if event.verb.startswith("role ") else {}
        return str(named.get(event.reason, event.reason))
