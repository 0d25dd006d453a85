"""An offer to mentor or coach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.dates import NHSDateField, today
from connections.forms.fit import FitForm, as_chosen
from connections.forms.words import NO_PATIENTS, told_as_number
from connections.models import MentorProfile
from connections.models.rules import LEAST_PLACES, MOST_PLACES

KINDS = [
    ("mentoring", _("Mentoring: conversations over months with somebody newer to the field")),
    ("coaching", _("Coaching: method help with a piece of improvement, for a set time")),
]
AREA = {"rows": 4}


class OfferForm(FitForm):
    kinds = forms.MultipleChoiceField(
        label=_("What do you offer?"),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose mentoring, coaching or both")},
    )
    about_help = forms.CharField(
        label=_("What I can help with"),
        help_text=_("In your own words; this is what people read first."),
        max_length=1000,
        widget=forms.Textarea(attrs=AREA),
        error_messages={"required": _("Write what you can help with")},
    )
    about_story = forms.CharField(
        label=_("Something I learned the hard way (optional)"),
        help_text=NO_PATIENTS,
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=AREA),
    )
    about_meeting = forms.CharField(
        label=_("What to expect when we meet (optional)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=AREA),
    )
    capacity = forms.IntegerField(
        label=_("How many people do you have room for at one time?"),
        help_text=_("We never give you more. You can change this at any time."),
        min_value=LEAST_PLACES,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
        error_messages=told_as_number(
            _("Give the people you have room for as a number from 1 to 10")
        ),
    )
    in_directory = forms.BooleanField(
        label=_("Show me in the directory, so that people can find and ask me"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("methods") or data.get("services") or self.errors):
            self.add_error("methods", _("Choose at least one skill or topic"))
        return data

    def offered(self) -> dict[str, Any]:
        data = self.cleaned_data
        texts = {
            name: data[name].strip() for name in ("about_help", "about_story", "about_meeting")
        }
        return {
            **self.said(),
            **texts,
            "offers_mentoring": "mentoring" in data["kinds"],
            "offers_coaching": "coaching" in data["kinds"],
            "capacity": data["capacity"],
            "in_directory": data["in_directory"],
        }


def as_offered(profile: MentorProfile) -> dict[str, Any]:
    on = {"mentoring": profile.offers_mentoring, "coaching": profile.offers_coaching}
    return {
        **as_chosen(profile),
        "kinds": [kind for kind, offered in on.items() if offered],
        "about_help": profile.about_help,
        "about_story": profile.about_story,
        "about_meeting": profile.about_meeting,
        "capacity": profile.capacity,
        "in_directory": profile.in_directory,
    }


class PauseForm(forms.Form):
    until = NHSDateField(
        label=_("Until when? (optional)"),
        help_text=_("Leave it empty if you do not know yet."),
        required=False,
        earliest=today,
    )
