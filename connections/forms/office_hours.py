from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from academy.dates import NHSDateField, today
from academy.forms import sent_next
from connections.forms.times import time_field
from connections.forms.together import TogetherForm, as_told
from connections.forms.words import NO_PATIENTS, WordsForm, told_as_number
from connections.models import OfficeHour, SlotBooking
from connections.models.office_hours import MOST_SLOTS


class HourForm(TogetherForm):
    """What people read before they book; the times stay as they are."""

    about = forms.CharField(
        label=_("What would you like people to bring? (optional)"),
        help_text=_("One or two sentences; people read them before they book."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak("about")

    def said(self) -> dict[str, Any]:
        return {**self.together(), "about": self.cleaned_data["about"].strip()}


class OpenHourForm(HourForm):
    """New open hours: when, how many slots, how often, from and until."""

    weekday = forms.TypedChoiceField(
        label=_("Which day of the week?"),
        choices=OfficeHour.Weekday.choices,
        coerce=int,
        initial=0,
    )
    begins = time_field(_("When does the first slot begin?"))
    many = forms.IntegerField(
        label=_("How many slots, one after the other?"),
        min_value=1,
        max_value=MOST_SLOTS,
        initial=3,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
        error_messages=told_as_number(_("Give the slots as a number from 1 to 12")),
    )
    rhythm = forms.TypedChoiceField(
        label=_("How often?"),
        help_text=_("Bank holidays are left out."),
        choices=OfficeHour.Rhythm.choices,
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )
    from_on = NHSDateField(label=_("From which day?"), earliest=today)
    until_on = NHSDateField(
        label=_("Until which day? (optional)"),
        help_text=_("Leave it empty to go on until you stop."),
        required=False,
        earliest=today,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day cannot be before the first"))
        return data

    def opened(self) -> dict[str, Any]:
        names = ("weekday", "begins", "many", "rhythm", "from_on", "until_on", "token")
        return {**self.said(), **{name: self.cleaned_data[name] for name in names}}


def as_kept(hour: OfficeHour) -> dict[str, Any]:
    """What these hours say now, as the form's first values."""
    return {**as_told(hour), "about": hour.about}


class QuestionForm(WordsForm):
    """The one question; the two of them read it."""

    words = forms.CharField(
        label=_("What is your one question?"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your question")},
    )

    def __init__(self, *args: Any, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = gettext("You and %(name)s can read this. Nobody else can.") % {"name": other}
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"
        if self.initial.get("language"):  # put in other words: what stands there says its language
            self.fields["words"].widget.attrs["lang"] = self.initial["language"]


class DayForm(forms.Form):
    day = NHSDateField(
        label=_("Which day?"),
        help_text=_("For example 28 12 2026. Whoever has booked that day is told kindly."),
        earliest=today,
    )
    asked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def sure(self, booked: int) -> bool:
        """Whether the page has said how many have booked that day; sent again, it has."""
        now_asked = f"{self.cleaned_data['day'].isoformat()}:{booked}"
        sent_next(self, asked=now_asked)
        return bool(self.cleaned_data["asked"] == now_asked)


class OfferAgainForm(forms.Form):
    day = forms.DateField(input_formats=["%Y-%m-%d"], localize=False)


class CancelSlotForm(forms.Form):
    """The button is the answer; whoever has booked meanwhile is shown before their time is taken."""

    booking = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, booking: SlotBooking | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands = booking.pk if booking else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("booking") != self.stands:
            words = gettext("This time has been booked or given back meanwhile. Please look again")
            raise forms.ValidationError(words)
        return said


class CameForm(forms.Form):
    came = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes"
    )
