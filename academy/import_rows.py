"""The form of one row of a CSV file, and the fields its cells need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from academy.models import AuditEvent, Organisation, Topic
from academy.models.base import PublicContent

if TYPE_CHECKING:
    OrganisationField = forms.ModelChoiceField[Organisation]
else:
    OrganisationField = forms.ModelChoiceField

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


def both_names(label: Any) -> tuple[str, str, str]:
    """The label in English, in Welsh, and as the heading of a file says it: both."""
    with override("en"):
        english = capfirst(str(label))
    with override("cy"):
        welsh = capfirst(str(label))
    return english, welsh, english if english == welsh else f"{english} / {welsh}"


class RowForm(forms.Form):
    """One row. A choice may be given by its code or by its words, in either language."""

    read_only: ClassVar[dict[str, Any]] = {}  # columns of our own export a file cannot change

    def __init__(self, cells: dict[str, str]) -> None:
        super().__init__({**cells, **self.codes(cells)})

    @classmethod
    def codes(cls, cells: dict[str, str]) -> dict[str, str]:
        found = {}
        for name, field in cls.base_fields.items():
            if type(field) in (forms.ChoiceField, forms.TypedChoiceField):
                said = cells.get(name, "").casefold()
                for code, label in field.choices:  # type: ignore[attr-defined]
                    if said in (word.casefold() for word in (str(code), *both_names(label))):
                        found[name] = str(code)
        return found


def columns_from(model: type[models.Model], *names: str, key: str) -> dict[str, forms.Field | None]:
    """Form fields as the model's own columns are; only the key must be there."""
    made: dict[str, forms.Field | None] = {}
    for name in names:
        column: Any = model._meta.get_field(name)
        made[name] = column.formfield(required=name == key, label=column.verbose_name)
    return made


def row_form(
    name: str, fields: dict[str, forms.Field | None], *, read_only: dict[str, Any] | None = None
) -> type[RowForm]:
    return type(name, (RowForm,), {**fields, "read_only": read_only or {}})


class Codes(forms.Field):
    """Several codes in one cell, with a space, comma, semicolon or bar between them."""

    between = r"[\s,;|]+"

    def __init__(self, *, allowed: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allowed = allowed

    def to_python(self, value: Any) -> list[str]:
        codes = [code for code in re.split(self.between, str(value or "")) if code]
        strange = [code for code in codes if self.allowed is not None and code not in self.allowed]
        if strange:
            raise ValidationError(_("Not known: %(codes)s.") % {"codes": ", ".join(strange)})
        return codes


class Addresses(Codes):
    """Web addresses, with spaces or bars between them."""

    between = r"[\s|]+"


class Topics(Codes):
    """Topics by their address words."""

    def clean(self, value: Any) -> list[Topic]:
        slugs = super().clean(value)
        found = Topic.objects.in_bulk(slugs, field_name="slug")
        strange = [slug for slug in slugs if slug not in found]
        if strange:
            raise ValidationError(_("Not known: %(codes)s.") % {"codes": ", ".join(strange)})
        return [found[slug] for slug in slugs]


class Workplace(OrganisationField):
    """An organisation by its code; a former one stands for its successor."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"invalid_choice": _("No organisation has the code “%(value)s”.")}
        everywhere = Organisation.objects.select_related("successor")
        super().__init__(everywhere, to_field_name="code", error_messages=words, **kwargs)

    def clean(self, value: Any) -> Organisation | None:
        found: Organisation | None = super().clean(value)
        return (found.successor or found) if found else None


def given(row: dict[str, Any], *but: str) -> dict[str, Any]:
    """The cells that say something: an empty one changes nothing."""
    return {
        name: value
        for name, value in row.items()
        if name not in but and value not in ("", None, [])
    }


def differs(before: Any, after: Any) -> bool:
    """A browser sends lines with another ending than a file: that alone is no change."""
    if isinstance(before, str) and isinstance(after, str):
        return before.splitlines() != after.splitlines()
    return bool(before != after)


@transaction.atomic
def keep(
    model: type[models.Model], key: dict[str, Any], facts: dict[str, Any], *, by: Any, at: Any
) -> tuple[Any, bool, tuple[str, ...]]:
    """Add the row with this key, or change what differs: row, whether new, changed columns."""
    found = model._default_manager.select_for_update(no_key=True).filter(**key).first()
    row: Any = found or model(**key)
    changed = tuple(name for name, value in facts.items() if differs(getattr(row, name), value))
    for name in changed:
        setattr(row, name, facts[name])
    if found is None or changed:
        stamps = row.stamp(changed, at=at) if isinstance(row, PublicContent) else []
        require_both_languages(row)
        row.full_clean()
        row.save(**({"update_fields": [*changed, *stamps]} if found else {}))
        verb = f"{model._meta.model_name}.{'changed' if found else 'added'}"
        AuditEvent.objects.record(verb, actor=by, thing=row, fields=list(changed), at=at)
    return row, found is None, changed


def require_both_languages(row: Any) -> None:
    if isinstance(row, PublicContent) and row.published and not row.excepted():
        words = _("This is public, so it needs both languages.")
        if missing := row.missing():
            raise ValidationError({name: [words] for name in missing})
