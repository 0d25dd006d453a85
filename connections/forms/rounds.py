"""What a coordinator says about a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.forms import OnceForm
from connections.models import MatchingRound, Weights


class RoundForm(OnceForm):
    """A new round needs a name; everything else is found in the people who wait."""

    title = forms.CharField(
        label=_("Name of the round"),
        help_text=_("For example: spring. Only staff see it."),
        max_length=120,
        error_messages={"required": _("Give the round a name")},
    )


if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Weights]
else:
    ModelChoiceField = forms.ModelChoiceField


class VersionChoice(ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}: {obj.why}" if obj.why else str(obj)


class CompareForm(forms.Form):
    """Another version of the weights than the round goes by."""

    weights = VersionChoice(
        queryset=Weights.objects.none(),
        label=_("Which version of the weights would you like to try?"),
        empty_label=None,
        error_messages={
            "required": _("Choose a version"),
            "invalid_choice": _("Choose one of the versions in the list"),
        },
    )

    def __init__(self, *args: Any, round: MatchingRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["weights"]
        choice.queryset = Weights.objects.exclude(pk=round.weights_id).order_by("-version")


class Ticked(forms.Field):
    """Keys of the rows that are ticked; whatever is no key is passed over."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        return [
            int(one) for one in value or [] if one.isascii() and one.isdigit() and len(one) < 18
        ]


class LockForm(forms.Form):
    """The pairs that are ticked, and which of the two buttons was pressed."""

    pair = Ticked(error_messages={"required": _("Tick a pair first")})
    locked = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes"
    )
