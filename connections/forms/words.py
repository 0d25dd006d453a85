"""What every form that takes a person's own words has in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES, OnceForm

NO_PATIENTS = _("Do not write anything that could identify a patient.")


def told_as_number(words: Any, *, missing: Any = None) -> dict[str, Any]:
    """The messages of a number field: one sentence that names the thing, whatever was wrong."""
    return {"required": missing or words, "invalid": words, "min_value": words, "max_value": words}


class WordsForm(OnceForm):
    """Words, and the language they are in."""

    words = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Write something first")},
    )
    language = forms.ChoiceField(
        label=_("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language()

    def told(self) -> dict[str, Any]:
        """What the verbs take: words, language, token."""
        return {name: self.cleaned_data[name] for name in ("words", "language", "token")}
