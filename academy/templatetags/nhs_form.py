"""One form field as its NHS component: which macro, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from academy.dates import PARTS, DateBoxes
from academy.templatetags.nhs import render

register = template.Library()

INPUT_TYPES = ("text", "email", "number", "url", "tel", "search", "password", "date", "time")


def _shared(field: BoundField) -> dict[str, Any]:
    """Name, id, hint, errors: what every component takes."""
    params: dict[str, Any] = {"name": field.html_name, "id": field.id_for_label or field.auto_id}
    if field.help_text:
        params["hint"] = {"html": str(field.help_text)}
    if field.errors:
        params["errorMessage"] = {"text": " ".join(str(error) for error in field.errors)}
    return params


NOT_SAID = {
    "required",
    "placeholder",
    "aria-describedby",
    "aria-invalid",
}  # NHS fields say it in words


def _attributes(field: BoundField, *drop: str) -> dict[str, Any]:
    attrs = {**field.field.widget.attrs, **field.build_widget_attrs({}, field.field.widget)}
    return {
        key: "" if value is True else value
        for key, value in attrs.items()
        if key not in {*NOT_SAID, *drop} and value is not False
    }


def _choices(field: BoundField) -> list[tuple[Any, Any]]:
    """Read once: a field of rows asks the database each time, and list() alone also for their number."""
    return list(iter(field.field.choices))  # type: ignore[attr-defined]


def _options(field: BoundField, choices: list[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """The choices with the chosen ones marked, groups flattened."""
    chosen = field.value()
    values = chosen if isinstance(chosen, list | tuple | set) else [chosen]
    marked = {str(value) for value in values if value is not None}
    options = []
    for value, label in choices:
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        for one, words in inner:
            key = "" if one is None else str(one)
            options.append({"value": key, "text": str(words), "on": key in marked})
    return options


def _text(field: BoundField) -> SafeString:
    widget = field.field.widget
    value = field.value()
    formatted = widget.format_value(value)
    size = widget.attrs.get("class", "")
    params = {
        **_shared(field),
        "label": {"text": str(field.label), "classes": "nhsuk-label--s"},
        "type": getattr(widget, "input_type", "text"),
        "value": "" if formatted is None else str(formatted),
        "attributes": _attributes(field, "class", "type", "autocomplete"),
        "autocomplete": widget.attrs.get("autocomplete", ""),
        "classes": size,
    }
    if params["type"] == "password":
        params.pop("type")
        params.pop("value")
        return render("password-input", params)
    return render("input", params)


def _area(field: BoundField) -> SafeString:
    params = {
        **_shared(field),
        "label": {"text": str(field.label), "classes": "nhsuk-label--s"},
        "value": field.value() or "",
        "rows": str(field.field.widget.attrs.get("rows", 5)),
        "attributes": _attributes(field, "rows", "cols", "maxlength"),
    }
    longest = getattr(field.field, "max_length", None)
    if longest:
        return render("character-count", {**params, "maxlength": str(longest), "threshold": "75"})
    return render("textarea", params)


def _select(field: BoundField) -> SafeString:
    choices = _choices(field)
    if any(isinstance(label, list | tuple) for _value, label in choices):
        return _grouped_select(field, choices)
    items = [{**option, "selected": option.pop("on")} for option in _options(field, choices)]
    return render(
        "select",
        {
            **_shared(field),
            "label": {"text": str(field.label), "classes": "nhsuk-label--s"},
            "items": items,
            "attributes": _attributes(field),
        },
    )


def _grouped_select(field: BoundField, choices: list[tuple[Any, Any]]) -> SafeString:
    """A long list in named groups, which the NHS macro does not draw."""
    chosen = "" if field.value() is None else str(field.value())
    groups: list[tuple[str, list[dict[str, Any]]]] = []
    for value, label in choices:
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        options = [
            {"value": str(one), "text": str(words), "selected": str(one) == chosen}
            for one, words in inner
        ]
        groups.append((str(value) if inner is label else "", options))
    return render_to_string(
        "nhs/grouped_select.html",
        {"field": field, "groups": groups, "shared": _shared(field)},
    )


def _several(field: BoundField, component: str) -> SafeString:
    """Radios or checkboxes, in a fieldset whose legend is the field's label."""
    shared = _shared(field)
    said = getattr(field.field.widget, "said", {})
    items = [
        {
            **option,
            "checked": option.pop("on"),
            "id": f"{shared['id'] or field.auto_id}_{index}",
            **_sentences(said.get(option["value"], ())),
        }
        for index, option in enumerate(_options(field, _choices(field)))
    ]
    return render(
        component,
        {
            **{key: value for key, value in shared.items() if key != "id"},
            "idPrefix": shared["id"] or field.auto_id,
            "fieldset": {
                "legend": {"text": str(field.label), "classes": "nhsuk-fieldset__legend--s"}
            },
            "items": items,
            "classes": field.field.widget.attrs.get("class", ""),
        },
    )


def _sentences(said: Iterable[str]) -> dict[str, Any]:
    """What stands under one choice, as a list."""
    lines = format_html_join("", "<li>{}</li>", ((words,) for words in said))
    return {"hint": {"html": format_html("<ul>{}</ul>", lines)}} if lines else {}


def _tick(field: BoundField) -> SafeString:
    shared = _shared(field)
    hint = shared.pop("hint", None)
    item = {
        "value": "on",
        "text": str(field.label),
        "checked": bool(field.value()),
        "id": shared["id"],
        **({"hint": hint} if hint else {}),
    }
    return render(
        "checkboxes",
        {
            **{key: value for key, value in shared.items() if key != "id"},
            "idPrefix": shared["id"],
            "items": [item],
        },
    )


def _date(field: BoundField) -> SafeString:
    """Three boxes in a fieldset; the label is its legend."""
    shared = _shared(field)
    boxes = field.value()
    values = boxes if isinstance(boxes, list) else DateBoxes().decompress(boxes)
    parts = {
        part: {
            "id": f"{field.auto_id}_{part}",
            "name": f"{field.html_name}_{part}",
            "value": value or "",
            "width": 4 if part == "year" else 2,
        }
        for part, value in zip(PARTS, values, strict=True)
    }
    legend = {"text": str(field.label), "classes": "nhsuk-fieldset__legend--s"}
    facts = {key: value for key, value in shared.items() if key != "name"}
    return render("date-input", {**facts, **parts, "fieldset": {"legend": legend}})


@register.simple_tag
def nhs_control(field: BoundField) -> SafeString:
    """Draw one bound field; a widget nobody foresaw is drawn by Django inside NHS dress."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return _several(field, "checkboxes")
    if isinstance(widget, forms.RadioSelect):
        return _several(field, "radios")
    if isinstance(widget, DateBoxes):
        return _date(field)
    if isinstance(widget, forms.CheckboxInput):
        return _tick(field)
    if isinstance(widget, forms.Select):
        return _select(field)
    if isinstance(widget, forms.Textarea):
        return _area(field)
    if getattr(widget, "input_type", "") in INPUT_TYPES:
        return _text(field)
    return format_html(
        '<div class="nhsuk-form-group">{}{}{}{}</div>',
        mark_safe(field.label_tag(attrs={"class": "nhsuk-label"})),  # noqa: S308 -- Django escaped it
        format_html('<div class="nhsuk-hint">{}</div>', field.help_text) if field.help_text else "",
        field.errors,
        field.as_widget(),
    )
