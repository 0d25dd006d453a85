"""What a request and an offer both ask: topics, languages, where to meet, how I like to work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES
from connections.forms.topics import TopicsForm
from connections.models import WAYS, Setting

INLINE = {"class": "nhsuk-radios--inline"}
FORMATS = [("online", _("Online")), ("in_person", _("In person"))]


class FitForm(TopicsForm):
    formats = forms.MultipleChoiceField(
        label=_("Where to meet"),
        choices=FORMATS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way of meeting")},
    )
    setting = forms.ChoiceField(
        label=_("Where do you work?"),
        required=False,
        choices=[("", _("I would rather not say")), *Setting.choices],
    )
    way_pace, way_challenge, way_rhythm, way_learning = (
        forms.TypedChoiceField(
            label=way.question,
            choices=way.choices(),
            coerce=int,
            initial=0,
            widget=forms.RadioSelect,
            required=False,
            empty_value="0",
        )
        for way in WAYS
    )
    written_in = forms.ChoiceField(
        label=_("Which language have you written in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formats"].initial = ["online"]
        self.fields["written_in"].initial = language()

    def ways(self) -> list[Any]:
        return [self[way.field] for way in WAYS]

    def said(self) -> dict[str, Any]:
        """What the verbs take."""
        data = self.cleaned_data
        return {
            "methods": list(data["methods"]),
            "services": list(data["services"]),
            "in_welsh": "cy" in data["languages"],
            "in_english": "en" in data["languages"],
            "online": "online" in data["formats"],
            "in_person": "in_person" in data["formats"],
            "setting": data["setting"],
            "written_in": data["written_in"],
            **{way.field: int(data[way.field]) for way in WAYS},
        }


def as_chosen(row: Any) -> dict[str, Any]:
    """What a row holds, as this form's first values."""
    languages = [code for code, on in (("cy", row.in_welsh), ("en", row.in_english)) if on]
    formats = [code for code, on in (("online", row.online), ("in_person", row.in_person)) if on]
    return {
        "methods": list(row.methods.all()),
        "services": list(row.services.all()),
        "languages": languages,
        "formats": formats,
        "setting": row.setting,
        "written_in": row.written_in,
        **{way.field: getattr(row, way.field) for way in WAYS},
    }
