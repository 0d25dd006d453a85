"""How the register is narrowed, and the step a coordinator gives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from connections.models import Step
from connections.models.credentials import Standing
from connections.models.ladder import Ladder
from connections.models.register import NONE, Asked

ANY = ("", _("All"))
CREDENTIALS = [
    ANY,
    *[
        (str(one), one.label)
        for one in (Standing.WAITING, Standing.CURRENT, Standing.SOON, Standing.EXPIRED)
    ],
    (NONE, _("None yet")),
]
ALL_THE_SAME = _("I give this step all the same")
NOT_DONE = _("Something this step asks for is not done yet: tick to give it all the same")
SUPERVISION = [ANY, ("recent", _("Recent enough")), ("due", _("Due")), (NONE, _("None yet"))]


class RegisterForm(forms.Form):
    """In the address, so that a view of the register can be kept."""

    q = forms.CharField(label=_("Name"), max_length=100, required=False)
    step = forms.ChoiceField(label=_("Step"), choices=[ANY, *Step.choices], required=False)
    credential = forms.ChoiceField(label=_("Credential"), choices=CREDENTIALS, required=False)
    supervision = forms.ChoiceField(label=_("Supervision"), choices=SUPERVISION, required=False)

    def asked(self) -> Asked:
        """What can be read of it; what cannot narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        return Asked(
            words=said.get("q", ""),
            step=said.get("step", ""),
            credential=said.get("credential", ""),
            supervision=said.get("supervision", ""),
        )


class StepForm(forms.Form):
    step = forms.ChoiceField(
        label=_("Which step?"),
        choices=Step.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a step")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For the record of decisions. The person is told the step, not the reason."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why")},
    )

    all_the_same = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), NOT_DONE),
    )

    def __init__(self, *args: Any, ladder: Ladder, **kwargs: Any) -> None:
        """Only where something is missing for the step it asks for the tick, which is for this step alone."""
        super().__init__(*args, **kwargs)
        asked = self.data.get("step", "")
        missing = ladder.missing_for(asked)
        if not missing:
            del self.fields["all_the_same"]
            return
        tick = self.fields["all_the_same"]
        tick.label = Step(asked).label
        tick.choices = [(asked, ALL_THE_SAME)]  # type: ignore[attr-defined]
        tick.help_text = " ".join([str(_("Not yet:")), *(point.words for point in missing)])

    def told(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("step", "reason")}
