"""What office hours and circles both ask: topics, languages, how and where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES, OnceForm
from connections.forms.fit import INLINE
from connections.forms.topics import TopicsForm
from connections.models import Meeting


class TogetherForm(OnceForm, TopicsForm):
    how = forms.ChoiceField(
        label=_("How?"),
        choices=Meeting.How.choices,
        initial=Meeting.How.ONLINE,
        widget=forms.RadioSelect(attrs=INLINE),
    )
    place = forms.CharField(
        label=_("Where, or a link to join (optional)"),
        max_length=200,
        required=False,
    )
    written_in = forms.ChoiceField(
        label=_("Which language have you written in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["written_in"].initial = language()

    def speak(self, *names: str) -> None:
        """What stands in these boxes is in the language it was written in: it says so."""
        for name in names:
            if self.initial.get("written_in"):
                self.fields[name].widget.attrs["lang"] = self.initial["written_in"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("methods") or data.get("services") or self.errors):
            self.add_error("methods", _("Choose at least one skill or topic"))
        return data

    def together(self) -> dict[str, Any]:
        """What the verbs of both take."""
        data = self.cleaned_data
        return {
            "topics": [*data["methods"], *data["services"]],
            "in_welsh": "cy" in data["languages"],
            "in_english": "en" in data["languages"],
            "how": data["how"],
            "place": data["place"],
            "written_in": data["written_in"],
        }


def as_told(row: Any) -> dict[str, Any]:
    """What a row holds, as this form's first values."""
    topics = list(row.topics.all())
    return {
        "methods": topics,
        "services": topics,
        "languages": [code for code, on in (("cy", row.in_welsh), ("en", row.in_english)) if on],
        "how": row.how,
        "place": row.place,
        "written_in": row.written_in,
    }
