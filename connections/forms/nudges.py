"""A few kind words to those who are ticked on the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from academy.bilingual import language, other
from academy.forms import LANGUAGES, OnceForm
from connections.forms.words import NO_PATIENTS
from connections.models import Relationship

OWN = "own"
READY = {
    "how": _("I have been thinking of you. How is it going? One line is enough."),
    "meet": _("Shall we find a time to talk? Name two or three that would suit you."),
    "here": _("You need not answer this. I only want to say that I am here when you need me."),
}


class NudgeForm(OnceForm):
    """Ready words go to each in their own language; one's own go as they were written."""

    message = forms.ChoiceField(
        label=_("What would you like to say?"),
        choices=[*READY.items(), (OWN, _("Something in my own words"))],
        initial="how",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you would like to say")},
    )
    words = forms.CharField(
        label=_("Your own words"),
        help_text=NO_PATIENTS,
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("Which language have you written in?"),
        choices=LANGUAGES,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
    )
    people = forms.MultipleChoiceField(
        label=_("People"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one person in the list")},
    )

    def __init__(self, *args: Any, pairs: Iterable[Relationship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.able = {str(pair.pk): pair for pair in pairs if pair.current}
        people: Any = self.fields["people"]
        people.choices = [(pk, pk) for pk in self.able]
        people.error_messages["invalid_choice"] = _(
            "Somebody you ticked is no longer on your list. Look at it again"
        )
        self.fields["language"].initial = language()

    def ticked(self) -> set[int]:
        """Whose box is ticked, whatever else was wrong."""
        sent = self["people"].value() or []
        return {int(pk) for pk in sent if pk in self.able}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("message") == OWN and not (data.get("words") or "").strip():
            self.add_error("words", _("Write something first"))
        return data

    def pairs(self) -> list[Relationship]:
        return [self.able[pk] for pk in self.cleaned_data["people"]]

    def told(self) -> dict[str, str]:
        """What is said, by language, the writer's own first."""
        data, here = self.cleaned_data, language()
        if data["message"] == OWN:
            return {data["language"] or here: data["words"].strip()}
        return {code: _in(code, data["message"]) for code in (here, other(here))}


def _in(code: str, message: str) -> str:
    with override(code):
        return str(READY[message])
