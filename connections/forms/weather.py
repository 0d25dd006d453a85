"""What a coordinator asks of the weather page, and whom a nudge is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.models import Organisation
from connections.models import Relationship
from connections.models.care import Level
from connections.models.pair_care import Whom
from connections.models.relationships import RelationshipQuerySet

ALONE = "alone"  # as `Counts` calls them
LEVELS = [
    ("", _("All pairs")),
    (Level.HELP.value, _("Needs help")),
    (ALONE, _("Needs help, and nobody looks after them yet")),
    (Level.WATCH.value, _("Keep an eye on it")),
    (Level.CALM.value, _("All is well")),
]


class WeatherForm(forms.Form):
    """Filters in the address; what makes no sense narrows nothing."""

    level = forms.ChoiceField(label=_("Weather"), choices=LEVELS, required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation of either"),
        queryset=Organisation.objects.none(),
        empty_label=_("All organisations"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Organisation.objects.choices().order_by(f"name_{language()}", "pk")
        self.fields["organisation"].queryset = choices  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in ("level", "organisation")}


class NudgeForm(forms.Form):
    whom = forms.ChoiceField(choices=Whom, initial=Whom.BOTH)


class NudgeManyForm(forms.Form):
    """The pairs ticked in the list, among those the coordinator may see."""

    pairs = forms.ModelMultipleChoiceField(queryset=Relationship.objects.none())

    def __init__(self, *args: Any, among: RelationshipQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pairs"].queryset = among.select_related("mentor", "mentee")  # type: ignore[attr-defined]
