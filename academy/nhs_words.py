"""What the NHS components would otherwise say in English, whatever the page's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from academy.bilingual import language

Words = dict[str, Any]


def _counted(one: str, other: str) -> Words:
    """A script's plural forms. Welsh has six, and this noun is the same after every number."""
    if language() == "en":
        return {"one": one, "other": other}
    return dict.fromkeys(("zero", "one", "two", "few", "many", "other"), other)


def _character_count() -> Words:
    return {
        "textareaDescriptionText": _("You can enter up to %{count} characters"),
        "charactersUnderLimitText": _counted(
            _("You have %{count} character remaining"), _("You have %{count} characters remaining")
        ),
        "charactersAtLimitText": _("You have 0 characters remaining"),
        "charactersOverLimitText": _counted(
            _("You have %{count} character too many"), _("You have %{count} characters too many")
        ),
    }


def _notification_banner() -> Words:
    return {"title": {"text": _("Important")}}


def _pagination() -> Words:
    return {
        "ariaLabel": _("Pages"),
        "previous": {"text": _("Previous page")},
        "next": {"text": _("Next page")},
    }


def _password_input() -> Words:
    return {
        "showPasswordText": _("Show"),
        "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show password"),
        "hidePasswordAriaLabelText": _("Hide password"),
        "passwordShownAnnouncementText": _("Your password is visible"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
    }


def _date_input() -> Words:
    return {
        "day": {"label": {"text": _("Day")}},
        "month": {"label": {"text": _("Month")}},
        "year": {"label": {"text": _("Year")}},
    }


COMPONENTS: dict[str, Callable[[], Words]] = {
    "back-link": lambda: {"text": _("Back")},
    "breadcrumb": lambda: {
        "ariaLabel": _("Where you are"),
        "backLink": {"visuallyHiddenText": _("Back to")},
    },
    "character-count": _character_count,
    "contents-list": lambda: {
        "ariaLabel": _("Pages in this guide"),
        "visuallyHiddenText": _("Contents"),
    },
    "date-input": _date_input,
    "error-message": lambda: {"visuallyHiddenText": _("Error")},
    "error-summary": lambda: {"titleText": _("There is a problem")},
    "inset-text": lambda: {"visuallyHiddenText": _("Information")},
    "notification-banner": _notification_banner,
    "pagination": _pagination,
    "password-input": _password_input,
    "skip-link": lambda: {"text": _("Skip to main content")},
    "tabs": lambda: {"title": _("Contents")},
    "warning-callout": lambda: {"visuallyHiddenText": _("Important"), "headingLevel": 2},
}


def told(component: str, params: Words) -> Words:
    """What the page says to a component, on top of what the house says."""
    words = COMPONENTS.get(component, dict)()
    told = _over(words, params)
    if "errorMessage" in told:
        told["errorMessage"] = {"visuallyHiddenText": _("Error"), **told["errorMessage"]}
    if component == "pagination":
        told["items"] = [_page(item) for item in told.get("items", [])]
    return told


def _over(under: Words, over: Words) -> Words:
    """The second on top of the first, into the depth."""
    merged = {**under, **over}
    for key in under.keys() & over.keys():
        if isinstance(under[key], dict) and isinstance(over[key], dict):
            merged[key] = _over(under[key], over[key])
    return merged


def _page(item: Words) -> Words:
    if "number" not in item:
        return item
    return {"ariaLabel": _("Page %(number)s") % {"number": item["number"]}, **item}
