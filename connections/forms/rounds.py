"""What a coordinator says about a round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from academy.forms import OnceForm, RadioCards
from connections.actions.others import Other
from connections.models import MatchingRound, MentorProfile, Weights

NOBODY = "nobody"


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


class MentorChoice(forms.ChoiceField):
    """One of the cards; whether they may still be chosen is for the verb to say."""

    widget = RadioCards

    def valid_value(self, value: Any) -> bool:
        return value == NOBODY or (value.isascii() and value.isdigit() and len(value) < 18)


class OtherMentorForm(forms.Form):
    """Another mentor for one request of a round, or nobody, and why."""

    mentor = MentorChoice(
        label=_("Who should it be instead?"),
        widget=RadioCards(attrs={"class": "c-others"}),
        error_messages={
            "required": _("Choose somebody, or nobody"),
            "invalid_choice": _("Choose one of the people in the list, or nobody"),
        },
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For the record of decisions. Staff read it; the two people do not."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why this is better")},
    )

    def clean_mentor(self) -> MentorProfile | None:
        """None is nobody."""
        said, field = self.cleaned_data["mentor"], self.fields["mentor"]
        if said == NOBODY:
            return None
        rows = MentorProfile.objects.select_related("person").defer("vector", "words")
        found = rows.filter(pk=said).first()
        if found is None:
            raise forms.ValidationError(field.error_messages["invalid_choice"])
        return found

    def offer(self, others: Iterable[tuple[Other, list[str]]]) -> None:
        """Show these people, the places each has left and why they may suit; and nobody, last."""
        field: Any = self.fields["mentor"]
        cards = [_card(one, why) for one, why in others]
        nobody = gettext("The request stays open, and these two are kept apart for it everywhere.")
        cards.append((NOBODY, gettext("Nobody: leave out this request"), [nobody]))
        field.choices = [(value, label) for value, label, _said in cards]
        field.widget.said = {value: said for value, _label, said in cards}


def _card(one: Other, why: list[str]) -> tuple[str, str, list[str]]:
    said = [*([one.place] if one.place else []), _places(one.left), *why]
    if one.silent:
        said.append(
            gettext("We have asked this mentor whether they still take people; no answer yet.")
        )
    return str(one.profile.pk), one.profile.person.name, said


def _places(n: int) -> str:
    said = ngettext("%(n)s place is left in this round.", "%(n)s places are left in this round.", n)
    return said % {"n": n}
