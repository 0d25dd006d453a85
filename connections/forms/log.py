"""One line of a coach's own log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.dates import NHSDateField, today
from academy.forms import LANGUAGES, OnceForm
from connections.forms.words import NO_PATIENTS, told_as_number
from connections.models.log import LONGEST, SHORTEST, LogLine, OpenedLine

ONLY_YOU = _("Only you can read this. It is sealed: no supervisor and no member of staff can.")
YEARS_BACK = 5


def earliest() -> date:
    return today() - timedelta(days=365 * YEARS_BACK)


class ReflectionForm(OnceForm):
    """Words of one's own, to any line."""

    title = forms.CharField(
        label=_("What did you do?"),
        help_text=ONLY_YOU,
        max_length=150,
        error_messages={"required": _("Write in a few words what you did")},
    )
    reflection = forms.CharField(
        label=_("What do you take from it? (optional)"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = forms.ChoiceField(
        label=_("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language()
        self.fields["reflection"].help_text = f"{ONLY_YOU} {NO_PATIENTS}"

    def told(self) -> dict[str, Any]:
        """What the verb for a new line takes."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def facts(self) -> dict[str, Any]:
        """What the verb for an old line takes."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "token"}


class LogForm(ReflectionForm):
    done_on = NHSDateField(
        label=_("When was it?"),
        earliest=earliest,
        latest=today,
        error_messages={"required": _("Enter the day")},
    )
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
        error_messages=told_as_number(
            _("Give the minutes as a number from 5 to 1440"),
            missing=_("Enter how many minutes it took"),
        ),
    )
    kind = forms.ChoiceField(
        label=_("What kind of thing was it?"),
        choices=LogLine.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of thing it was")},
    )
    field_order = ("done_on", "minutes", "kind", "title", "reflection", "language", "token")


def as_written(opened: OpenedLine) -> dict[str, Any]:
    line = opened.line
    return {
        "done_on": line.done_on,
        "minutes": line.minutes,
        "kind": line.kind,
        "title": opened.title,
        "reflection": opened.reflection,
        "language": line.language,
    }
