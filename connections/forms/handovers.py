"""Handing over: a word to the new mentor, and what goes along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.forms.words import NO_PATIENTS, WordsForm
from connections.models import HandOver

GOALS = gettext_lazy("Take our open goals along")


class HandOverForm(WordsForm):
    """Words are welcome and not needed; the mentee says whether the goals go along."""

    goals = forms.BooleanField(label=GOALS, required=False, initial=True)

    def __init__(self, *args: Any, new: str, mentees_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.fields["words"]
        words.required = False
        words.label = _("A few words to %(name)s (optional)") % {"name": new}
        audience = _("You both read this, and %(name)s when they are asked.") % {"name": new}
        words.help_text = f"{audience} {NO_PATIENTS}"
        words.widget.attrs["rows"] = 4
        if not mentees_own:
            del self.fields["goals"]

    def told(self) -> dict[str, Any]:
        return {**super().told(), "goals": self.cleaned_data.get("goals", True)}


class StandingForm(forms.Form):
    """The button is the answer, to the very hand-over that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def about(self, standing: HandOver) -> bool:
        return self.is_valid() and bool(self.cleaned_data["seen"] == standing.pk)


class MenteesYesForm(StandingForm):
    goals = forms.BooleanField(label=GOALS, required=False, initial=True)
