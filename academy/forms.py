"""Forms that draw themselves as NHS markup, and what forms of a person's own words share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LANGUAGES = [("cy", _("Welsh")), ("en", _("English"))]
# Every text field asks this validator, ours and our libraries': all say it in the house's words.
MaxLengthValidator.message = ngettext_lazy(
    "Use %(limit_value)d character or fewer. You have written %(show_value)d",
    "Use %(limit_value)d characters or fewer. You have written %(show_value)d",
    "limit_value",
)


class NHSRenderer(TemplatesSetting):
    """Django's own rendering, pointed at nhs/form.html and nhs/field.html."""

    form_template_name = "nhs/form.html"
    field_template_name = "nhs/field.html"


class RadioCards(forms.RadioSelect):
    """Radios with sentences under each choice; `said` has them by its value."""

    said: Mapping[str, list[str]] = MappingProxyType({})


def sent_next(form: forms.Form, **said: str) -> None:
    """What the page sends when this form, shown again, is pressed once more. One value a field."""
    data: Any = form.data
    form.data = {**data.dict(), **said}


class OnceForm(forms.Form):
    """A form that counts once however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid4
