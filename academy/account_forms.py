"""What a person tells us about themselves: when they join, and later."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy import workplaces
from academy.models import Organisation, Person


def organisations() -> list[tuple[str, Any]]:
    """The organisations people may choose, in groups by kind, in the reader's language."""
    kinds = list(Organisation.Kind)
    rows = sorted(
        Organisation.objects.choices(),
        key=lambda row: (kinds.index(Organisation.Kind(row.kind)), row.name.casefold()),
    )
    groups = [
        (str(Organisation.Kind(kind).label), [(str(row.pk), row.name) for row in of_kind])
        for kind, of_kind in groupby(rows, key=lambda row: row.kind)
    ]
    return [("", _("Not in this list")), *groups]


class WorkplaceFields(forms.Form):
    """Where a person works: organisation, team, line manager."""

    organisation = forms.TypedChoiceField(
        label=_("Where do you work?"),
        choices=organisations,
        coerce=int,
        empty_value=None,
        required=False,
    )
    team = forms.CharField(
        label=_("Your team or ward (optional)"),
        help_text=_("So that we never match you with somebody of your own team."),
        max_length=120,
        required=False,
    )
    line_manager_email = forms.EmailField(
        label=_("Your line manager’s e-mail address (optional)"),
        help_text=_("So that we never match you with them. We do not write to them."),
        required=False,
        error_messages={
            "invalid": _("Enter your line manager’s e-mail address like name@example.org")
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def workplace(self) -> dict[str, Any]:
        """What was said about work, as the verb `workplaces.keep` takes it."""
        names = ("organisation", "team", "line_manager_email")
        return {name: self.cleaned_data[name] for name in names}


class NameField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Your name"),
            max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Enter your name")},
        )


class LanguageField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Which language should we write to you in?"),
            choices=Person.Language.choices,
            initial=Person.Language.BOTH,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose a language")},
        )


class SignupForm(WorkplaceFields):
    """What we ask of a newcomer beside address and password. allauth builds its own on top."""

    field_order = (
        "name",
        "email",
        "password1",
        "language",
        "organisation",
        "team",
        "line_manager_email",
    )

    name = NameField()
    language = LanguageField()

    def signup(self, request: HttpRequest, user: Person) -> None:
        """allauth has saved the person; where they work is kept beside."""
        workplaces.keep(user, on=localdate(), **self.workplace())


class DetailsForm(WorkplaceFields):
    """What a person may change about themselves."""

    field_order = ("name", "job_role", "organisation", "team", "line_manager_email")

    name = NameField()
    job_role = forms.CharField(
        label=_("Your job (optional)"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    @staticmethod
    def of(person: Person) -> dict[str, Any]:
        """The form as the person would fill it in today."""
        details = {"name": person.name, "job_role": person.job_role}
        current = person.memberships.current().first()
        if current is None:
            return details
        place = ("team", "line_manager_email")
        workplace = {name: getattr(current, name) for name in place}
        return {**details, **workplace, "organisation": str(current.organisation_id)}


class LanguageForm(forms.Form):
    language = LanguageField()


class ConflictForm(forms.Form):
    """Somebody a person should not be matched with."""

    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("The one they use at work."),
        error_messages={"required": _("Enter their e-mail address")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReasonForm(forms.Form):
    """Why an account is not opened; for the audit, not for the mail."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For our records. The person gets a kind message without it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a few words")},
    )
