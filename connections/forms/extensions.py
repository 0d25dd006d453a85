from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.dates import NHSDateField, today


def in_three_years() -> date:
    return today() + timedelta(days=3 * 365)


class ExtendForm(forms.Form):
    """A later end, for the other to agree with."""

    until = NHSDateField(
        label=gettext_lazy("Until when?"),
        help_text=gettext_lazy("You can change the day, and you may end earlier at any time."),
        latest=in_three_years,
    )

    def __init__(self, *args: Any, after: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.after = max(after, today())

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.after:
            words = _("The day must be after %(day)s") % {"day": date_format(self.after, "j F Y")}
            raise forms.ValidationError(words)
        return until


class DayForm(forms.Form):
    """The day that stood on the page when the button was pressed."""

    until = forms.DateField()
