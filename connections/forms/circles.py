from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.bilingual import language
from academy.forms import LANGUAGES, OnceForm
from academy.models import Person
from connections.forms.fit import INLINE
from connections.forms.times import date_field, minutes_field, time_field
from connections.forms.together import TogetherForm, as_told
from connections.forms.words import NO_PATIENTS, WordsForm, told_as_number
from connections.models import Circle, CircleMeeting, CircleRules


class CircleForm(TogetherForm):
    title = forms.CharField(
        label=gettext_lazy("What is the circle called?"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give the circle a name")},
    )
    about = forms.CharField(
        label=gettext_lazy("What is it about, and for whom?"),
        help_text=NO_PATIENTS,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what the circle is about")},
    )
    places = forms.IntegerField(
        label=gettext_lazy("How many places, without the host?"),
        widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-2"}),
        error_messages=told_as_number(gettext_lazy("Enter a number of places")),
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often do you meet?"),
        choices=Circle.Rhythm.choices,
        initial=Circle.Rhythm.MONTHLY,
        widget=forms.RadioSelect,
    )
    host = forms.EmailField(
        label=gettext_lazy("Who hosts it? (their e-mail address)"),
        help_text=gettext_lazy(
            "A mentor or coach whose offer is approved. Leave it empty to host it yourself."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, names_host: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = CircleRules.current()
        self.fields["place"].help_text = _("Only those who are in the circle see this.")
        self.fields["places"].help_text = _("From %(least)s to %(most)s.") % self._limits()
        self.fields["places"].initial = min(8, self.rules.places_most)
        self.speak("title", "about")
        if not names_host:
            del self.fields["host"]

    def _limits(self) -> dict[str, int]:
        return {"least": self.rules.places_least, "most": self.rules.places_most}

    def clean_places(self) -> int:
        places: int = self.cleaned_data["places"]
        if not self.rules.places_least <= places <= self.rules.places_most:
            raise forms.ValidationError(
                _("Enter a number from %(least)s to %(most)s") % self._limits()
            )
        return places

    def clean_host(self) -> Person | None:
        address = self.cleaned_data["host"]
        if not address:
            return None
        found = Person.objects.active().filter(email__iexact=address).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address"))
        return found

    def said(self) -> dict[str, Any]:
        names = ("title", "about", "places", "rhythm")
        return {**self.together(), **{name: self.cleaned_data[name] for name in names}}


def as_kept(circle: Circle) -> dict[str, Any]:
    """What the circle says now, as the form's first values."""
    names = ("title", "about", "places", "rhythm")
    return {**as_told(circle), **{name: getattr(circle, name) for name in names}}


class JoinForm(forms.Form):
    seen = forms.BooleanField(
        label=gettext_lazy("The others in this circle may see my name"),
        error_messages={
            "required": gettext_lazy("Tick the box: people in a circle know one another by name")
        },
    )


class DateForm(OnceForm):
    """A date of a circle: new, or moved."""

    day = date_field(gettext_lazy("Which day?"), gettext_lazy("Enter a day"))
    time = time_field(gettext_lazy("At what time?"))
    minutes = minutes_field()

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

    def when(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_at", "minutes")}


def as_dated(meeting: CircleMeeting) -> dict[str, Any]:
    starts = localtime(meeting.starts_at)
    return {"day": starts.date(), "time": starts.time(), "minutes": meeting.minutes}


class ToAllForm(WordsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = _("Everybody in the circle can read this on its page. Nobody else can.")
        self.fields["words"].label = _("What would you like to say to everybody?")
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"


class ReportForm(OnceForm):
    """A concern from a circle or a coffee: about somebody there, or about nobody named."""

    about = forms.TypedChoiceField(
        label=gettext_lazy("Is it about one person?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What worries you?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Write something first")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )
    field_order = ("about", "words", "language", "token")

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in people}
        self.fields["about"].choices = [  # type: ignore[attr-defined] # a field of choices
            *((person.pk, person.name) for person in people),
            ("", _("Somebody else, or nobody in particular")),
        ]
        self.fields["about"].initial = ""
        audience = _(
            "Only the safeguarding lead reads this. The person it is about is not told, and no "
            "coordinator or administrator can see it."
        )
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"
        self.fields["language"].initial = language()

    def told(self) -> dict[str, Any]:
        names = ("words", "language", "token")
        about = self.people.get(self.cleaned_data["about"])
        return {"about": about, **{name: self.cleaned_data[name] for name in names}}
