"""A credential as a coach writes it down, and what a coordinator asks about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.bilingual import language
from academy.dates import NHSDateField, today
from academy.forms import LANGUAGES, OnceForm
from connections.models import Credential

INLINE = {"class": "nhsuk-radios--inline"}


class CredentialForm(OnceForm):
    name = forms.CharField(
        label=gettext_lazy("What is it called?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the name of the credential")},
    )
    awarded_by = forms.CharField(
        label=gettext_lazy("Who awarded it?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter who awarded it")},
    )
    awarded_on = NHSDateField(
        label=gettext_lazy("When was it awarded?"),
        latest=today,
        error_messages={"required": gettext_lazy("Enter the day it was awarded")},
    )
    expires_on = NHSDateField(
        label=gettext_lazy("When does it expire? (optional)"),
        help_text=gettext_lazy("Leave this empty if it does not expire. We remind you in time."),
        required=False,
    )
    evidence = forms.CharField(
        label=gettext_lazy("Where can a coordinator check it? (optional)"),
        help_text=gettext_lazy(
            "A number, a link or a name to ask. Only coordinators and you read this."
        ),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )
    field_order = ("name", "awarded_by", "awarded_on", "expires_on", "evidence", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        awarded, expires = said.get("awarded_on"), said.get("expires_on")
        if awarded and expires and expires <= awarded:
            self.add_error("expires_on", _("It must expire after it was awarded"))
        return said

    def facts(self) -> dict[str, Any]:
        """What the verbs take, but for the form's token."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "token"}


def as_written(credential: Credential) -> dict[str, Any]:
    """A form begins with what stands."""
    names = ("name", "awarded_by", "awarded_on", "expires_on", "evidence", "language")
    return {name: getattr(credential, name) for name in names}


class SendBackForm(forms.Form):
    """What is missing, in words for the coach."""

    words = forms.CharField(
        label=gettext_lazy("What is missing?"),
        help_text=gettext_lazy("The coach reads this and may change the credential."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what is missing")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language()
