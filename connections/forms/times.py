"""A day, a time of day and how long, asked for everywhere in the same way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MINUTES = [
    (30, _("Half an hour")),
    (45, _("Three quarters of an hour")),
    (60, _("An hour")),
    (90, _("An hour and a half")),
    (120, _("Two hours")),
]


def date_field(label: Any, missing: Any, **facts: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "class": "nhsuk-input--width-10"}
        ),
        error_messages={"required": missing, "invalid": _("Enter a date")},
        **facts,
    )


def time_field(label: Any, **facts: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(
            format="%H:%M", attrs={"type": "time", "class": "nhsuk-input--width-5"}
        ),
        error_messages={
            "required": _("Enter a time"),
            "invalid": _("Enter a time, such as 14:30"),
        },
        **facts,
    )


def minutes_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("How long?"),
        choices=MINUTES,
        coerce=int,
        initial=60,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
    )
