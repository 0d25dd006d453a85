"""How somebody would like their coffee: in which languages, where, and how a partner reaches them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.forms import LANGUAGES
from connections.forms.fit import FORMATS
from connections.models import CoffeeMember


class CoffeeForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Which languages would you like to talk in?"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language")},
    )
    formats = forms.MultipleChoiceField(
        label=_("How would you like to meet?"),
        choices=FORMATS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way of meeting")},
    )
    reach = forms.CharField(
        label=_("How can your partner of the month reach you?"),
        help_text=_(
            "Only the people you are put together with see this, and only in that month."
            " Write something else if you like, such as a telephone number."
        ),
        max_length=200,
        error_messages={"required": _("Write an e-mail address or a telephone number")},
    )

    def choices(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        return {
            "in_welsh": "cy" in data["languages"],
            "in_english": "en" in data["languages"],
            "online": "online" in data["formats"],
            "in_person": "in_person" in data["formats"],
            "reach": data["reach"],
        }


def as_member(member: CoffeeMember | None, person: Any) -> dict[str, Any]:
    """What stands there to begin with: one's choices, or what the account already says."""
    if member is None or member.left_at is not None:
        return {"languages": person.languages(), "formats": ["online"], "reach": person.email}
    languages = {"cy": member.in_welsh, "en": member.in_english}
    formats = {"online": member.online, "in_person": member.in_person}
    return {
        "languages": [code for code, on in languages.items() if on],
        "formats": [code for code, on in formats.items() if on],
        "reach": member.reach,
    }
