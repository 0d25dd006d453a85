"""What a person asks, and what a coordinator answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES, OnceForm
from academy.models import Topic


class AskForm(OnceForm):
    """A question in a person's own words."""

    words = forms.CharField(
        label=_("What would you like help with?"),
        help_text=_(
            "A few sentences are enough. Do not write anything that could identify a patient."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what you would like help with")},
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        label=_("What is it about? (you may leave this out)"),
        required=False,
        empty_label=_("I am not sure"),
    )
    language = forms.ChoiceField(
        label=_("Which language have you written in?"),
        help_text=_("We answer in the same language."),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose Welsh or English")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        known = Topic.objects.services() | Topic.objects.methods()
        topic.queryset = known.order_by(f"name_{language()}", "pk")


class AnswerForm(forms.Form):
    """A coordinator's answer, in the asker's language unless they choose another."""

    reply = forms.CharField(
        label=_("Your answer"),
        help_text=_(
            "Name a first step and a person where you can. "
            "Do not write anything that could identify a patient."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write an answer")},
    )
    language = forms.ChoiceField(
        label=_("Which language have you written in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose Welsh or English")},
    )
