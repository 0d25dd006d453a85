from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.dates import NHSDateField, today


def tomorrow() -> date:
    return today() + timedelta(days=1)


def in_a_year() -> date:
    return today() + timedelta(days=365)


class PausePairForm(forms.Form):
    """Until a day, or until one of the two says otherwise."""

    until = NHSDateField(
        label=_("When do you want to go on? (optional)"),
        help_text=_("It goes on by itself on that day. Leave it empty if you do not know yet."),
        required=False,
        earliest=tomorrow,
        latest=in_a_year,
    )
