"""The mentee's own list: whom to ask, in which order; and one answer about what is needed, changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.forms import sent_next
from connections.forms.asking import MOST_TOPICS, AskForm
from connections.forms.cards import kind_words
from connections.forms.fit import FitForm, as_chosen
from connections.models import MentoringRequest, MentorProfile, Suggestion

PLACES = {
    "first": gettext_lazy("First"),
    "second": gettext_lazy("Second"),
    "third": gettext_lazy("Third"),
    "fourth": gettext_lazy("Fourth"),
    "fifth": gettext_lazy("Fifth"),
}


class ChoicesForm(forms.Form):
    """Five boxes, each with the same people; empty ones are closed up. `seen` is the list it shows."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    leads_to = "main-content"  # where the summary takes who reads that the list has changed

    def __init__(
        self,
        *args: Any,
        people: Iterable[MentorProfile],
        chosen: Iterable[int] = (),
        stands: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        named = sorted(self.people.values(), key=lambda one: one.person.name.casefold())
        choices = [(str(one.pk), _described(one)) for one in named]
        before = [str(pk) for pk in chosen]
        self.fields["seen"].initial = stands
        for number, (name, label) in enumerate(PLACES.items()):
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("Nobody")), *choices],
                initial=before[number] if number < len(before) else "",
                error_messages={"invalid_choice": _("This person cannot be chosen any more")},
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        named: set[str] = set()
        for name in PLACES:
            value = data.get(name) or ""
            if value and value in named:
                self.add_error(name, _("You have chosen this person already"))
            named.add(value)
        if not self.errors and not named - {""} and not self.fields["first"].initial:
            self.add_error("first", _("Choose at least one person"))
        return data

    def order(self) -> list[MentorProfile]:
        """The people as they were chosen, without gaps."""
        values = [self.cleaned_data[name] for name in PLACES]
        return [self.people[int(value)] for value in values if value]

    def answers(self, stands: str) -> None:
        """Sent again, it comes as an answer to the list as it is now."""
        sent_next(self, seen=stands)
        self.leads_to = "meanwhile"

    def box_of(self, profile: MentorProfile) -> str:
        """The box this person was chosen in."""
        return next(name for name in PLACES if self.cleaned_data.get(name) == str(profile.pk))


def _described(profile: MentorProfile) -> str:
    kind = kind_words(profile.offers_mentoring, profile.offers_coaching)
    return f"{profile.person.name} ({kind})"


@dataclass(frozen=True)
class Step:
    """One person on the way of a request. `state` is done, now or empty."""

    name: str
    words: str
    state: str


def steps(
    asked: MentoringRequest, told: Iterable[Suggestion], chosen: Iterable[Suggestion]
) -> list[Step]:
    """Who was asked, who is being asked and until when, who is next; nothing without a list."""
    waiting = list(chosen)
    if not waiting:
        return []
    way = [
        Step(row.profile.person.name, row.get_outcome_display(), "done")
        for row in sorted(told, key=lambda row: row.asked_at or row.made_at)
        if row.outcome
    ]
    if asked.mentor and asked.answer_by:
        day = date_format(localtime(asked.answer_by), "l j F")
        way.append(
            Step(asked.mentor.person.name, _("Asked now, until %(day)s") % {"day": day}, "now")
        )
    for number, row in enumerate(waiting):
        way.append(Step(row.profile.person.name, _("Then") if number else _("Next"), ""))
    return [*way, Step(_("Other people"), _("We suggest some, if none of these can"), "")]


PARTS = {
    "kind": ("kind",),
    "languages": ("languages",),
    "needs": ("methods", "services"),
    "formats": ("formats",),
    "setting": ("setting",),
}


class ChangeForm(FitForm):
    """What is needed, or one part of it alone, asked again with the answers given before."""

    kind = AskForm.base_fields["kind"]

    def __init__(self, *args: Any, asked: MentoringRequest, part: str, **kwargs: Any) -> None:
        first = {**as_chosen(asked), "kind": asked.kind}
        super().__init__(*args, initial=first, **kwargs)
        kept = PARTS.get(part) or [name for names in PARTS.values() for name in names]
        for name in set(self.fields) - set(kept):
            del self.fields[name]
        for name in kept:
            self.fields[name].initial = first[name]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "methods" not in self.fields:
            return data
        for name in ("methods", "services"):
            if len(data.get(name) or ()) > MOST_TOPICS:
                self.add_error(name, _("Choose five at most"))
        if not (data.get("methods") or data.get("services") or self.errors):
            self.add_error("methods", _("Choose at least one skill or topic"))
        return data

    def plain(self) -> list[Any]:
        """The fields that are not folded lists of topics."""
        return [field for field in self if field.name not in ("methods", "services")]

    def changed(self) -> dict[str, Any]:
        """What the verb takes."""
        data = self.cleaned_data
        said: dict[str, Any] = {name: data[name] for name in ("kind", "setting") if name in data}
        if "languages" in data:
            said |= {"in_welsh": "cy" in data["languages"], "in_english": "en" in data["languages"]}
        if "formats" in data:
            said |= {name: name in data["formats"] for name in ("online", "in_person")}
        return said | {name: list(data[name]) for name in ("methods", "services") if name in data}
