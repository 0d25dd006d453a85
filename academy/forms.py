"""Forms that draw themselves as NHS markup, and the fields all pillars share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from academy.models import Person


class NHSRenderer(TemplatesSetting):
    """Django's own rendering, pointed at nhs/form.html and nhs/field.html."""

    form_template_name = "nhs/form.html"
    field_template_name = "nhs/field.html"


class SignupForm(forms.Form):
    """What we ask of a newcomer beside address and password: a name, and a language."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    language = forms.ChoiceField(
        label=_("Which language should we write to you in?"),
        choices=Person.Language.choices,
        initial=Person.Language.BOTH,
        widget=forms.RadioSelect,
    )

    def signup(self, request: Any, user: Person) -> None:
        """allauth saves the person; their choice of language is kept with them."""
