"""The NHS design system's components inside Django templates, in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxSelectMultiple,
    RadioSelect,
)
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from jinja2 import ChainableUndefined, Environment, PackageLoader

from academy.bilingual import columns, language
from academy.dates import PARTS, DateBoxes
from academy.nhs_words import told

register = template.Library()
jinja = Environment(
    loader=PackageLoader("nhsuk_frontend_jinja"),
    undefined=ChainableUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def macro(name: str) -> Any:
    """`error-summary` is the macro `errorSummary` in its own file."""
    first, *rest = name.split("-")
    module = jinja.get_template(f"nhsuk/components/{name}/macro.jinja").module
    return getattr(module, first + "".join(part.title() for part in rest))


def nested(params: dict[str, Any]) -> dict[str, Any]:
    """label__text="Name" becomes {"label": {"text": "Name"}}; empty values are left out."""
    out: dict[str, Any] = {}
    for key, value in params.items():
        if value is None or value == "":
            continue
        *path, last = key.split("__")
        place = out
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value if last == "html" else plain(value)
    return out


def plain(value: Any) -> Any:
    """Words as plain text, which Jinja escapes: a component may not take a translation for markup."""
    if isinstance(value, dict):
        return {key: inner if key == "html" else plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, SafeString | Promise):
        return str(value) + ""  # a safe string added to a plain one is plain
    return value


def render(component: str, params: dict[str, Any]) -> SafeString:
    html: str = macro(component)(told(component, params))
    return mark_safe(html)  # noqa: S308 -- Jinja has already escaped it


@register.simple_tag
def nhs(component: str, **params: Any) -> SafeString:
    """`{% nhs "tag" text=_("Open") classes="nhsuk-tag--green" %}`."""
    drawn = render(component, nested(params))
    if component == "back-link":  # it stands before the main part, where only landmarks may stand
        return format_html('<nav aria-label="{}">{}</nav>', _("Back"), drawn)
    return drawn


@register.simple_tag
def trail(*steps: str) -> SafeString:
    """Where a page stands, from home on: `{% trail url _("Learn") %}`, address and words in turn."""
    rooms = [(reverse("home"), _("Home")), *zip(steps[::2], steps[1::2], strict=True)]
    items = [{"href": address, "text": words} for address, words in rooms]
    return render("breadcrumb", {"items": items})


@register.simple_block_tag(end_name="endnhsblock")
def nhsblock(content: str, component: str, **params: Any) -> SafeString:
    """A component round markup of the page's own: `{% nhsblock "inset-text" %}…{% endnhsblock %}`."""
    return render(component, {**nested(params), "html": mark_safe(content)})  # noqa: S308 -- a template's own


@register.simple_tag
def nhs_errors(*forms: BaseForm) -> SafeString | str:
    """The error summary of one or more forms, each line a link to the first control of its field."""
    found = [
        {"text": str(message), "href": f"#{_first_control(form, name)}"}
        for form in forms
        for name, messages in form.errors.items()
        for message in messages
    ]
    return render("error-summary", {"errorList": found}) if found else ""


def _first_control(form: BaseForm, name: str) -> str:
    """The id of what a person would click first to answer this field."""
    if name not in form.fields or form[name].is_hidden:
        return getattr(form, "leads_to", "main-content")
    field = form[name]
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    if isinstance(widget, DateBoxes):
        return f"{field.auto_id}_{PARTS[0]}"
    return field.id_for_label


@register.simple_tag
def nhs_field(field: BoundField) -> SafeString:
    return field.as_field_group()


@register.simple_tag
def nhs_pair(form: BaseForm, name: str) -> SafeString:
    """The two languages of one text, side by side where there is room."""
    fields = [form[column].as_field_group() for column in columns(name)]
    return format_html('<div class="a-pair">{}</div>', mark_safe("".join(fields)))  # noqa: S308 -- drawn by the form


@register.simple_tag
def say(words: str, code: str) -> SafeString:
    """User text with its language on it, where that is not the page's own."""
    text = conditional_escape(words)
    if code and code != language():
        return mark_safe(f'<span lang="{conditional_escape(code)}">{text}</span>')  # noqa: S308 -- escaped above
    return mark_safe(text)  # noqa: S308 -- escaped above
