from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.bilingual import language
from academy.forms import LANGUAGES, sent_next
from connections.forms.words import NO_PATIENTS, WordsForm
from connections.models import Ending


class SharedNoteForm(WordsForm):
    """Both of the pair will read it; the box says so by name."""

    def __init__(self, *args: Any, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = _("You and %(name)s can read this. Nobody else can.") % {"name": other}
        self.fields["words"].label = _("Note for you both")
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"


class PrivateNoteForm(WordsForm):
    """Its author alone will read it; the box says so."""

    def __init__(self, *args: Any, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = _(
            "Only you can read this: not %(name)s, not a coordinator, not an administrator."
        ) % {"name": other}
        self.fields["words"].label = _("Note for you alone")
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"


class GoalForm(WordsForm):
    words = forms.CharField(
        label=gettext_lazy("What should be different by the end?"),
        help_text=gettext_lazy("One sentence. You both read this."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something first")},
    )


class EndForm(WordsForm):
    """No reason is needed. A few words are welcome."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Would you tell us why? (optional)"),
        required=False,
        choices=[("", gettext_lazy("I would rather not say")), *Ending.Reason.choices],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = _(
            "It is counted without your names, and shown to nobody below eight of a kind. "
            "%(name)s does not see it."
        )
        self.fields["reason"].help_text = counted % {"name": other}
        self.fields["words"].required = False
        self.fields["words"].label = _("A few words to %(name)s (optional)") % {"name": other}
        self.fields["words"].help_text = _("Thanks, or what you take with you. You both read this.")
        self.fields["words"].widget.attrs["rows"] = 4

    def told(self) -> dict[str, Any]:
        return {**super().told(), "reason": self.cleaned_data["reason"]}


class ConcernForm(WordsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("What worries you?")
        audience = _(
            "Only the safeguarding lead reads this. The other person is not told, and no "
            "coordinator or administrator can see it."
        )
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"


class ClosingForm(WordsForm):
    """What came of a concern, for leads; and words for who reported it, each in its own language."""

    reply = forms.CharField(
        label=gettext_lazy("Words for the person who reported it (optional)"),
        help_text=gettext_lazy(
            "They read this on their own page after signing in; no mail carries it. You can read it "
            "again here; other leads see only that there are words."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    reply_language = forms.ChoiceField(
        label=gettext_lazy("Which language are your words for them in?"),
        choices=LANGUAGES,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "nhsuk-radios--inline"}),
    )

    asked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)

    def __init__(self, *args: Any, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_language"].initial = language()
        if reader is None:
            del self.fields["reply"], self.fields["reply_language"]
        self.fields["words"].label = _("What has been done?")
        audience = _("Only safeguarding leads read this. A sentence or two is enough.")
        self.fields["words"].help_text = f"{audience} {NO_PATIENTS}"
        self.fields["words"].error_messages["required"] = _(
            "Write in a sentence what has been done"
        )
        self.fields["words"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        """Words without a language are asked for it; a language without words says nothing."""
        said = super().clean() or {}
        if said.get("reply") and not said.get("reply_language"):
            self.add_error("reply_language", _("Choose the language of your words for them"))
        return said

    def sure(self) -> bool:
        """Whether the page has said that closing is for good; sent again, it has."""
        sent_next(self, asked="yes")
        return bool(self.cleaned_data["asked"])

    def closing(self) -> dict[str, Any]:
        """What closing takes: the note, and what is said to its reporter."""
        names = ("words", "language", "reply", "reply_language")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def typed(self) -> list[tuple[str, str]]:
        """What was written into a form that was not taken."""
        fields = ((name, self[name].value()) for name in ("words", "reply") if name in self.fields)
        return [(name, value) for name, value in fields if value]
