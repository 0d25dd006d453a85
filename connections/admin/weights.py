from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.permissions import signed_in
from connections import matching
from connections.admin.verbs import Verb, VerbAdmin
from connections.models import Weights
from connections.models.weights import FIRM, WORTHS

MEANINGS = {
    "methods": gettext_lazy(
        "Points for a mentor who offers all the help asked for; a part of it brings a part of them."
    ),
    "topics": gettext_lazy(
        "Points for a mentor who knows all the topics named; a part of them brings a part."
    ),
    "way": gettext_lazy(
        "Points for each way of working that both prefer. As many are taken off where they differ."
    ),
    "setting": gettext_lazy("Points for working in the same sort of place."),
    "format": gettext_lazy("Points where both can meet in the same way."),
    "organisation": gettext_lazy("Points for coming from different organisations."),
    "ties": gettext_lazy("Points for knowing of each other through one person or place, not more."),
    "left_out": gettext_lazy(
        "Points for whoever the round before found nobody for, in their favour."
    ),
    "minimum": gettext_lazy(
        "With fewer points than this from skills and topics nobody is matched:"
        " the higher it is, the more people are left out."
    ),
    "firm_format": gettext_lazy("Ticked, it leaves out whoever can only meet in other ways."),
    "firm_setting": gettext_lazy("Ticked, it leaves out whoever has nobody in the same setting."),
}


class WeightsForm(forms.ModelForm):  # type: ignore[type-arg] # of Weights
    """A version says what is different and why, and leaves somebody who can be matched."""

    why = forms.CharField(
        label=capfirst(gettext_lazy("what is different, and why")),
        max_length=200,
        help_text=gettext_lazy("Coordinators read it beside every comparison."),
        error_messages={"required": gettext_lazy("Say what is different, and why")},
    )

    class Meta:
        help_texts = MEANINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in filter(self.fields.__contains__, WORTHS):
            facts = {"meaning": MEANINGS[name], "points": getattr(matching.Weights(), name)}
            words = _("%(meaning)s At the start: %(points)s.") % facts
            self.fields[name].help_text = words

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("methods") == 0 and said.get("topics") == 0:
            self.add_error(
                "methods", _("Give skills or topics some points: else nobody is matched")
            )
        return said


@admin.register(Weights)
class WeightsAdmin(VerbAdmin):
    """Versions: a new one begins as a copy of the one in use, and none is ever changed."""

    list_display = ("version", "why", "used", "made_by", "made_at")
    ordering = ("-version",)
    list_select_related = ("made_by",)
    form = WeightsForm
    fields = ("why", *WORTHS, *FIRM)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["why", *WORTHS, *FIRM] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        before = Weights.objects.in_use().first() or Weights()
        return {name: getattr(before, name) for name in (*WORTHS, *FIRM)}

    def save_model(self, request: HttpRequest, obj: Weights, form: Any, change: bool) -> None:
        if not change:
            made = Weights.objects.add_version(
                by=signed_in(request), at=now(), use=False, **form.cleaned_data
            )
            obj.pk, obj.version = made.pk, made.version

    def verbs(self, request: HttpRequest, row: Weights) -> list[Verb]:
        return [] if row.used else [Verb("use", _("Use this version from now on"), self._use)]

    def _use(self, weights: Weights, _words: str) -> str:
        weights.use()
        return _("Suggestions and new rounds go by this version now.")
