"""A supervision group, one of its sessions, and who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.bilingual import language
from academy.dates import NHSDateField, today
from academy.forms import LANGUAGES, OnceForm
from connections.forms.times import time_field
from connections.forms.words import told_as_number
from connections.models import Meeting, SupervisionGroup, SupervisionSession
from connections.models.planning import LONGEST, SHORTEST
from connections.models.supervision import MOST_PLACES

INLINE = {"class": "nhsuk-radios--inline"}


def places_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
        error_messages=told_as_number(
            gettext_lazy("Give the places as a number from 1 to 30"),
            missing=gettext_lazy("Enter how many places there are"),
        ),
    )


class GroupForm(OnceForm):
    name = forms.CharField(
        label=gettext_lazy("What is the group called?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter a name")},
    )
    name_language = forms.ChoiceField(
        label=gettext_lazy("Which language is the name in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language do you speak in the group?"),
        choices=SupervisionGroup.Language.choices,
        widget=forms.RadioSelect(attrs=INLINE),
        error_messages={"required": gettext_lazy("Choose a language")},
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How do you meet?"),
        choices=Meeting.How.choices,
        widget=forms.RadioSelect(attrs=INLINE),
        error_messages={"required": gettext_lazy("Choose how you meet")},
    )
    places = places_field(gettext_lazy("How many places has a session?"))
    lead = forms.TypedChoiceField(label=gettext_lazy("Who leads it?"), coerce=int)

    def __init__(self, *args: Any, leads: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leads = {one.pk: one for one in leads}
        self.fields["name_language"].initial = language()
        self.fields["lead"].choices = [(one.pk, one.name) for one in leads]  # type: ignore[attr-defined]
        if len(leads) < 2:
            del self.fields["lead"]

    def facts(self) -> dict[str, Any]:
        names = ("name", "name_language", "language", "how", "places")
        facts = {name: self.cleaned_data[name] for name in names}
        lead = self.leads.get(self.cleaned_data.get("lead", 0)) or next(iter(self.leads.values()))
        return {**facts, "lead": lead}


def as_group(group: SupervisionGroup) -> dict[str, Any]:
    names = ("name", "name_language", "language", "how", "places")
    return {**{name: getattr(group, name) for name in names}, "lead": group.lead_id}


class SessionForm(OnceForm):
    day = NHSDateField(
        label=gettext_lazy("Which day?"),
        earliest=today,
        error_messages={"required": gettext_lazy("Enter a day")},
    )
    time = time_field(gettext_lazy("At what time?"))
    minutes = forms.IntegerField(
        label=gettext_lazy("How many minutes?"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=90,
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
        error_messages=told_as_number(
            gettext_lazy("Give the minutes as a number from 5 to 480"),
            missing=gettext_lazy("Enter how many minutes it takes"),
        ),
    )
    place = forms.CharField(
        label=gettext_lazy("Where, or a link to join (optional)"),
        help_text=gettext_lazy("Only those who have a place see this."),
        max_length=200,
        required=False,
    )
    places = places_field(gettext_lazy("How many places?"))
    field_order = ("day", "time", "minutes", "place", "places", "token")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("day") and said.get("time") is not None:
            said["starts_at"] = make_aware(datetime.combine(said["day"], said["time"]))
            if said["starts_at"] <= self.at:
                self.add_error("day", _("This time is over. Choose one that is still to come"))
        return said

    def facts(self) -> dict[str, Any]:
        names = ("starts_at", "minutes", "place", "places")
        return {name: self.cleaned_data[name] for name in names}


def as_session(session: SupervisionSession) -> dict[str, Any]:
    start = localtime(session.starts_at)
    return {
        "day": start.date(),
        "time": start.time(),
        "minutes": session.minutes,
        "place": session.place,
        "places": session.places,
    }


class AttendanceForm(forms.Form):
    """Who came, of those who had a place."""

    came = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who came?"),
        help_text=gettext_lazy(
            "Tick all who were there. Each of them gets a line in their own log."
        ),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    nobody = forms.BooleanField(
        label=gettext_lazy("Nobody came"),
        error_messages={"required": gettext_lazy("Did nobody come? Tick the box to say so")},
    )

    def __init__(self, *args: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        came = self.fields["came"]
        came.choices = [(one.pk, one.person.name) for one in places]  # type: ignore[attr-defined]
        came.initial = [one.pk for one in places if one.came]
        if not self.is_bound or self.data.get("came"):  # asked only of who ticked nobody
            del self.fields["nobody"]


class BookForm(OnceForm):
    """Nothing to say but yes."""
