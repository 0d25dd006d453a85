"""The NHS design system's components inside Django templates, in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from jinja2 import ChainableUndefined, Environment, PackageLoader

from academy.bilingual import language

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
        place[last] = plain(value)
    return out


def plain(value: Any) -> Any:
    """Lazy translations as text, so that Jinja escapes words and not objects."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return str(value) if hasattr(value, "_proxy____args") else value


def house_words(component: str) -> dict[str, Any]:
    """What a component would otherwise say in English, whatever the page's language."""
    words: dict[str, dict[str, Any]] = {
        "back-link": {"text": _("Back")},
        "breadcrumb": {"labelText": _("Breadcrumb")},
        "character-count": {
            "charactersUnderLimitText": {
                "one": _("You have %{count} character remaining"),
                "other": _("You have %{count} characters remaining"),
            },
            "charactersAtLimitText": _("You have 0 characters remaining"),
            "charactersOverLimitText": {
                "one": _("You have %{count} character too many"),
                "other": _("You have %{count} characters too many"),
            },
        },
        "contents-list": {"visuallyHiddenTitle": _("Contents")},
        "error-message": {"visuallyHiddenText": _("Error")},
        "error-summary": {"titleText": _("There is a problem")},
        "inset-text": {"visuallyHiddenText": _("Information")},
        "notification-banner": {"titleText": _("Important")},
        "pagination": {
            "previous": {"text": _("Previous"), "labelText": _("Previous page")},
            "next": {"text": _("Next"), "labelText": _("Next page")},
        },
        "password-input": {
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        },
        "skip-link": {"text": _("Skip to main content")},
        "warning-callout": {"visuallyHiddenText": _("Important")},
    }
    return words.get(component, {})


def render(component: str, params: dict[str, Any]) -> SafeString:
    said = house_words(component)
    html: str = macro(component)({**said, **params})
    return mark_safe(html)  # noqa: S308 -- Jinja has already escaped it


@register.simple_tag
def nhs(component: str, **params: Any) -> SafeString:
    """`{% nhs "tag" text=_("Open") classes="nhsuk-tag--green" %}`."""
    return render(component, nested(params))


@register.simple_block_tag(end_name="endnhsblock")
def nhsblock(content: str, component: str, **params: Any) -> SafeString:
    """A component round markup of the page's own: `{% nhsblock "inset-text" %}…{% endnhsblock %}`."""
    return render(component, {**nested(params), "html": mark_safe(content)})  # noqa: S308 -- a template's own


@register.simple_tag
def nhs_errors(*forms: BaseForm) -> SafeString | str:
    """The error summary of one or more forms, each line a link to its field."""
    found = []
    for form in forms:
        for name, messages in form.errors.items():
            href = f"#{form[name].id_for_label}" if name in form.fields else "#main-content"
            if name in form.fields and form[name].field.widget.input_type in ("radio", "checkbox"):  # type: ignore[attr-defined]
                href = f"#{form[name].auto_id}_0" if hasattr(form[name].field, "choices") else href
            found += [{"text": str(message), "href": href} for message in messages]
    return render("error-summary", {"errorList": found}) if found else ""


@register.simple_tag
def nhs_field(field: BoundField) -> SafeString:
    return field.as_field_group()


@register.simple_tag
def say(words: str, code: str) -> SafeString:
    """User text with its language on it, where that is not the page's own."""
    text = conditional_escape(words)
    if code and code != language():
        return mark_safe(f'<span lang="{conditional_escape(code)}">{text}</span>')  # noqa: S308 -- escaped above
    return mark_safe(text)  # noqa: S308 -- escaped above
