"""One tap."""

from __future__ import annotations

from typing import Any

from django import forms

from connections.models import CheckIn


class TapForm(forms.Form):
    """Which question, and which of its three buttons was pressed."""

    occasion = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=9999)
    answer = forms.ChoiceField()

    def __init__(self, *args: Any, asked: CheckIn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = list(asked.answers().items())  # type: ignore[attr-defined]
