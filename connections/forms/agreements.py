"""A yes to the words and terms on the page, and a pair's own terms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.dates import NHSDateField, today
from academy.forms import LANGUAGES, OnceForm, sent_next
from connections.forms.pauses import in_a_year, tomorrow
from connections.forms.words import NO_PATIENTS
from connections.models import Relationship, Terms
from connections.models.terms import OpenedTerms, Standing

LEAST = timedelta(days=30)
PURPOSE = _("One or two sentences. You both read this, and nobody else.")
AS_ASKED = _(
    "One or two sentences. To start with, these are the words of the request. You both"
    " read this, and nobody else."
)


class YesForm(forms.Form):
    """A yes to what stands above the button, by its number."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)
    accept = forms.BooleanField(
        label=_("I have read this and I agree"),
        error_messages={"required": _("Tick the box if you agree")},
    )


class TermsForm(OnceForm):
    """Filled with good start values, so that a pair can say yes in one go."""

    leads_to = "main-content"  # where the summary takes who reads that other terms came first
    purpose = forms.CharField(
        label=_("What is it for?"),
        help_text=format_lazy("{} {}", PURPOSE, NO_PATIENTS),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what it is for")},
    )
    language = forms.ChoiceField(
        label=_("Which language is this in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
    )
    often = forms.ChoiceField(
        label=_("How often do you want to meet?"),
        choices=Terms.Often.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often")},
    )
    how = forms.ChoiceField(
        label=_("How do you want to meet?"),
        help_text=_("You say where exactly with each meeting."),
        choices=Terms.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how")},
    )
    notes = forms.ChoiceField(
        label=_("What about shared notes?"),
        help_text=_("Private notes are your own affair, whatever you choose here."),
        choices=Terms.Notes.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who writes shared notes")},
    )
    review_on = NHSDateField(
        label=_("When do you look at this again?"),
        help_text=_("We remind you both on that day."),
        earliest=tomorrow,
        latest=in_a_year,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)
    accept = forms.BooleanField(
        label=_("I have read the words above, and I agree to them and to these terms"),
        error_messages={"required": _("Tick the box if you agree")},
    )

    def __init__(self, *args: Any, as_asked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if as_asked:
            self.fields["purpose"].help_text = format_lazy("{} {}", AS_ASKED, NO_PATIENTS)

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "accept"}

    def answers(self, newest: int) -> None:
        """Sent again, these terms come as an answer to that version, with a yes given anew."""
        sent_next(self, seen=str(newest), accept="")
        self.leads_to = "meanwhile"


def as_asked(pair: Relationship, standing: Standing) -> bool:
    """The purpose starts with the words of a request: nothing was agreed or proposed before."""
    return not standing.newest and pair.request is not None


def start_values(pair: Relationship, standing: Standing) -> dict[str, Any]:
    """What they have said before: the newest terms, else the request that brought them together.

    The day to look at it again starts anew, unless a proposal names one that is still to come.
    """
    before, proposal = standing.proposal or standing.in_force, standing.proposal
    named = proposal.terms.review_on if proposal else None
    return {
        "seen": standing.newest,
        **(_as_before(before) if before else _at_first(pair)),
        "review_on": named if named and named > today() else half_way(pair),
    }


def _as_before(before: OpenedTerms) -> dict[str, Any]:
    names = ("language", "often", "how", "notes")
    said = {name: getattr(before.terms, name) for name in names}
    return {"purpose": before.purpose or "", **said}


def _at_first(pair: Relationship) -> dict[str, Any]:
    asked = pair.request
    in_person_alone = asked is not None and asked.in_person and not asked.online
    return {
        "purpose": asked.words if asked else "",
        "language": asked.written_in if asked else language(),
        "often": Terms.Often.TAPERING if pair.coaching else Terms.Often.MONTHLY,
        "how": Terms.How.IN_PERSON if in_person_alone else Terms.How.ONLINE,
        "notes": Terms.Notes.EITHER,
    }


def half_way(pair: Relationship) -> date:
    """In the middle of the time that is left, and not too soon."""
    left = (pair.ends_on - today()) / 2
    return today() + min(max(left, LEAST), timedelta(days=365))
