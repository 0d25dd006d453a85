"""A meeting that took place, in two taps; and the next one."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.bilingual import language
from academy.forms import LANGUAGES, OnceForm, sent_next
from connections.forms.times import date_field, minutes_field, time_field
from connections.forms.words import NO_PATIENTS
from connections.models import Meeting

INLINE = {"class": "nhsuk-radios--inline"}
NOON = time(12)


class MeetingForm(OnceForm):
    """What a past and a planned meeting have in common."""

    minutes = minutes_field()
    how = forms.ChoiceField(
        label=gettext_lazy("How?"),
        choices=Meeting.How.choices,
        initial=Meeting.How.ONLINE,
        widget=forms.RadioSelect(attrs=INLINE),
    )


class SummaryForm(forms.Form):
    """Words about a meeting for both, where there are any."""

    summary = forms.CharField(
        label=gettext_lazy("What you agreed, for you both (optional)"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )

    def __init__(self, *args: Any, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = _("You and %(name)s can read this. Nobody else can.") % {"name": other}
        self.fields["summary"].help_text = f"{audience} {NO_PATIENTS}"
        self.fields["language"].initial = language()


class RecordForm(SummaryForm, MeetingForm):
    """They met: on the day that was planned or today, as long and in the way they met last time."""

    day = date_field(gettext_lazy("When did you meet?"), gettext_lazy("Enter the day you met"))
    another = forms.BooleanField(
        label=gettext_lazy("Yes, this was another meeting"), required=False
    )
    field_order = ("minutes", "how", "day", "another", "summary", "language", "token")

    def __init__(
        self,
        *args: Any,
        at: datetime,
        earliest: date,
        usual: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.earliest = at, earliest
        day = self.fields["day"]
        day.initial = localdate(at)
        day.widget.attrs |= {"min": earliest.isoformat(), "max": localdate(at).isoformat()}
        for name, value in usual.items():
            self.fields[name].initial = value

    @property
    def opened(self) -> bool:
        """Something below the fold wants to be looked at."""
        return bool({"day", "summary", "language"} & set(self.errors))

    @property
    def asks(self) -> bool:
        """Whether it was another meeting on a day that has one."""
        return "another" in self.errors or bool(self["another"].value())

    @property
    def chosen_day(self) -> Any:
        """For the sentence above the fold."""
        return self.fields["day"].initial

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > localdate(self.at):
            raise forms.ValidationError(_("This day is still to come. Plan the meeting instead"))
        if day < self.earliest:
            words = _(
                "Meetings from shortly before you became a pair may be recorded too. "
                "The day must be %(day)s or later"
            )
            raise forms.ValidationError(words % {"day": date_format(self.earliest, "j F Y")})
        return day

    def told(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in self.fields if name != "day"}
        noon = make_aware(datetime.combine(self.cleaned_data["day"], NOON))
        return {**said, "starts_at": min(noon, self.at)}


class PlaceForm(MeetingForm):
    """How long, how and where."""

    place = forms.CharField(
        label=gettext_lazy("Where, or a link to join (optional)"), max_length=200, required=False
    )


class PlanForm(PlaceForm):
    """A time both have agreed on already, or another time for a planned meeting."""

    day = date_field(gettext_lazy("Which day?"), gettext_lazy("Enter a day"))
    time = time_field(gettext_lazy("At what time?"))
    field_order = ("day", "time", "minutes", "how", "place", "token")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "day" in said and "time" in said:
            said["starts_at"] = make_aware(datetime.combine(said["day"], said["time"]))
            if said["starts_at"] <= self.at:
                self.add_error("day", _("This time is over. Choose one that is still to come"))
        return said

    def told(self) -> dict[str, Any]:
        names = ("starts_at", "minutes", "how", "place", "token")
        return {name: self.cleaned_data[name] for name in names}


class MoveForm(PlanForm):
    """Another time, place or way; it carries how often the meeting had been changed when read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2147483647)

    def told(self) -> dict[str, Any]:
        told = {**super().told(), "seen": self.cleaned_data["seen"]}
        return {name: value for name, value in told.items() if name != "token"}

    def answers(self, meeting: Meeting) -> None:
        """Sent again, it comes as an answer to the time that was chosen meanwhile."""
        sent_next(self, seen=str(meeting.sequence))


class SettleForm(SummaryForm):
    """A planned meeting is over: did it take place?"""

    held = forms.TypedChoiceField(
        label=gettext_lazy("Did it take place?"),
        choices=[("yes", gettext_lazy("Yes, we met")), ("no", gettext_lazy("No, not this time"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect(attrs=INLINE),
        error_messages={"required": gettext_lazy("Choose yes or no")},
    )
    field_order = ("held", "summary", "language")
