from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AgreementForm(forms.Form):
    """A yes to the words above the button, by their version."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("I have read this and I agree"),
        error_messages={"required": _("Tick the box if you agree")},
    )
