"""Asking for a mentor or coach, and answering."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES, OnceForm
from connections.forms.fit import INLINE, FitForm
from connections.forms.words import NO_PATIENTS
from connections.models import Kind, MentorProfile

MOST_TOPICS = 5


class AskForm(OnceForm, FitForm):
    """One short screen about one need."""

    words = forms.CharField(
        label=_("What would you like to get better at?"),
        help_text=format_lazy(
            "{} {}", _("Two or three sentences. Only the person you ask reads this."), NO_PATIENTS
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what you would like to get better at")},
    )
    kind = forms.ChoiceField(
        label=_("What are you looking for?"),
        choices=[
            (
                Kind.MENTORING,
                _("Mentoring: conversations over months with somebody more experienced"),
            ),
            (Kind.COACHING, _("Coaching: method help with your own improvement, for a set time")),
            (Kind.EITHER, _("Either, or I am not sure yet")),
        ],
        initial=Kind.EITHER,
        widget=forms.RadioSelect,
    )

    field_order = ("words", "written_in", "methods", "services", "kind", "languages", "formats")

    def __init__(self, *args: Any, mentor: MentorProfile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentor = mentor
        if mentor is not None:
            self._ask_what_they_offer(mentor)

    def _ask_what_they_offer(self, mentor: MentorProfile) -> None:
        kinds: Any = self.fields["kind"]
        kinds.choices = [choice for choice in kinds.choices if mentor.offers(choice[0])]
        if not (mentor.offers_mentoring and mentor.offers_coaching):
            kinds.choices = kinds.choices[:1]
            kinds.initial = kinds.choices[0][0]
        spoken: Any = self.fields["languages"]
        on = {"cy": mentor.in_welsh, "en": mentor.in_english}
        spoken.choices = [choice for choice in LANGUAGES if on[choice[0]]]
        if not on[language()]:
            spoken.initial = [code for code, _label in spoken.choices]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("methods", "services"):
            if len(data.get(name) or ()) > MOST_TOPICS:
                self.add_error(name, _("Choose five at most"))
        named = data.get("methods") or data.get("services")
        if not named and not {"methods", "services"} & set(self.errors):
            self.add_error("methods", _("Choose at least one skill or topic"))
        return data

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **self.said(),
            "words": data["words"].strip(),
            "kind": data["kind"],
            "token": data["token"],
        }


class AnswerForm(forms.Form):
    """Yes or not this time, and a kind word."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("accept", _("Yes, I will")), ("decline", _("Not this time"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or not this time")},
    )
    kind = forms.ChoiceField(
        label=_("If yes: as what?"),
        choices=[(Kind.MENTORING, _("Mentoring")), (Kind.COACHING, _("Coaching"))],
        widget=forms.RadioSelect(attrs=INLINE),
        required=False,
        initial=Kind.MENTORING,
    )
    words = forms.CharField(
        label=_("A kind word with your answer (optional)"),
        help_text=_("They read this with your answer. You need not give a reason."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(
        label=_("Which language have you written in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )

    def __init__(self, *args: Any, both_kinds: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = language()
        if not both_kinds:
            del self.fields["kind"]
