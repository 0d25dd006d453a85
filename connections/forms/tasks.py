from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.forms.meetings import INLINE
from connections.forms.times import date_field
from connections.forms.words import NO_PATIENTS, WordsForm


class TaskForm(WordsForm):
    """What, who, by when, and for which goal; only the first two are needed."""

    words = forms.CharField(
        label=gettext_lazy("What will be done?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write something first")},
    )
    doer = forms.TypedChoiceField(
        label=gettext_lazy("Who does it?"),
        coerce=int,
        widget=forms.RadioSelect(attrs=INLINE),
        error_messages={"required": gettext_lazy("Choose who does it")},
    )
    due_on = date_field(gettext_lazy("By when? (optional)"), "", required=False)
    goal = forms.TypedChoiceField(
        label=gettext_lazy("Which goal does it serve?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("words", "doer", "due_on", "goal", "language", "token")

    def __init__(
        self,
        *args: Any,
        reader: Any,
        other: Any,
        goals: Mapping[int, str],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()
        audience = _("You and %(name)s can read this. Nobody else can.") % {"name": other.name}
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"
        self.fields["doer"].choices = [(reader.pk, _("I do")), (other.pk, other.name)]  # type: ignore[attr-defined]
        self.fields["doer"].initial = reader.pk
        if goals:
            self.fields["goal"].choices = [*goals.items(), ("", _("None of them"))]  # type: ignore[attr-defined]
            self.fields["goal"].initial = ""
        else:
            del self.fields["goal"]

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("Choose today or a later day"))
        return day

    def told(self) -> dict[str, Any]:
        names = ("words", "language", "token", "doer", "due_on", "goal")
        return {name: self.cleaned_data.get(name) for name in names}
