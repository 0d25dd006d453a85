from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.forms import OnceForm


class BookForm(OnceForm):
    """What a person tells us when they ask for a place."""

    hope = forms.CharField(
        label=_("What do you hope to change?"),
        help_text=_(
            "One or two sentences, in Welsh or English. The course team reads this. "
            "Do not write anything that could identify a patient."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tell us what you hope to change")},
    )

    def clean_hope(self) -> str:
        hope: str = self.cleaned_data["hope"]
        return " ".join(hope.split())


class MessageForm(OnceForm):
    """One mail to everyone on a cohort, in both languages."""

    heading_en = forms.CharField(
        label=_("Subject in English"),
        max_length=100,
        error_messages={"required": _("Write a subject in English")},
    )
    heading_cy = forms.CharField(
        label=_("Subject in Welsh"),
        max_length=100,
        widget=forms.TextInput(attrs={"lang": "cy"}),
        error_messages={"required": _("Write a subject in Welsh")},
    )
    body_en = forms.CharField(
        label=_("Message in English"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write the message in English")},
    )
    body_cy = forms.CharField(
        label=_("Message in Welsh"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "cy"}),
        error_messages={"required": _("Write the message in Welsh")},
    )

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "token"}
