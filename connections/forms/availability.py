from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from connections.models.availability import DAYS, PARTS, cell


class AvailabilityForm(forms.Form):
    """A week of boxes to tick; no box at all is an answer too: rather not say."""

    cells = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            cell(day, part): _("%(day)s: %(parts)s")
            % {"day": WEEKDAYS[day], "parts": str(part.label).lower()}
            for day in DAYS
            for part in PARTS
        }
        self.fields["cells"].choices = list(names.items())  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Each day with its boxes, as the table draws them."""
        boxes = [
            {
                "id": box.id_for_label,
                "value": box.data["value"],
                "words": box.choice_label,
                "on": box.data["selected"],
            }
            for box in self["cells"]
        ]
        wide = len(PARTS)
        return [(str(WEEKDAYS[day]), boxes[day * wide : (day + 1) * wide]) for day in DAYS]
