"""What a request and an offer both ask: topics, languages, where to meet, how I like to work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES
from academy.models import Topic
from connections.models import WAYS, Setting

if TYPE_CHECKING:
    TopicChoices = forms.ModelMultipleChoiceField[Topic]
else:
    TopicChoices = forms.ModelMultipleChoiceField

INLINE = {"class": "nhsuk-radios--inline"}
FORMATS = [("online", _("Online")), ("in_person", _("In person"))]


class TopicsField(TopicChoices):
    """Topics by their names in the reader's language, in groups."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, topic: Any) -> str:
        return str(topic.name)

    def groups(self, chosen: set[str]) -> list[tuple[str, list[dict[str, Any]]]]:
        """(name of the group, its topics), for the template; what is chosen is marked."""
        found: dict[str, list[dict[str, Any]]] = {}
        for topic in self.queryset or ():
            option = {"value": topic.pk, "text": topic.name, "on": str(topic.pk) in chosen}
            found.setdefault(str(topic.get_group_display()), []).append(option)
        return [
            (name, sorted(options, key=lambda one: one["text"].casefold()))
            for name, options in found.items()
        ]


def _topics(label: Any, **more: Any) -> TopicsField:
    return TopicsField(Topic.objects.none(), label=label, required=False, **more)


class FitForm(forms.Form):
    methods = _topics(_("Improvement skills"))
    services = _topics(_("Services and patient safety"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language")},
    )
    formats = forms.MultipleChoiceField(
        label=_("Where to meet"),
        choices=FORMATS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way of meeting")},
    )
    setting = forms.ChoiceField(
        label=_("Where do you work?"),
        required=False,
        choices=[("", _("I would rather not say")), *Setting.choices],
    )
    way_pace, way_challenge, way_rhythm, way_learning = (
        forms.TypedChoiceField(
            label=way.question,
            choices=way.choices(),
            coerce=int,
            initial=0,
            widget=forms.RadioSelect,
            required=False,
            empty_value="0",
        )
        for way in WAYS
    )
    written_in = forms.ChoiceField(
        label=_("Which language have you written in?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect(attrs=INLINE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["methods"].queryset = Topic.objects.methods().order_by("group", "pk")  # type: ignore[attr-defined] # a field of topics
        self.fields["services"].queryset = Topic.objects.services().order_by("group", "pk")  # type: ignore[attr-defined] # a field of topics
        self.fields["languages"].initial = [language()]
        self.fields["formats"].initial = ["online"]
        self.fields["written_in"].initial = language()

    def topic_groups(self) -> list[dict[str, Any]]:
        """The two lists of topics, for the template that folds them."""
        found = []
        for name in ("methods", "services"):
            value = self[name].value() or []
            chosen = {str(getattr(one, "pk", one)) for one in value}
            field: Any = self.fields[name]
            found.append(
                {"field": self[name], "groups": field.groups(chosen), "chosen": len(chosen)}
            )
        return found

    def ways(self) -> list[Any]:
        return [self[way.field] for way in WAYS]

    def said(self) -> dict[str, Any]:
        """What the verbs take."""
        data = self.cleaned_data
        return {
            "methods": list(data["methods"]),
            "services": list(data["services"]),
            "in_welsh": "cy" in data["languages"],
            "in_english": "en" in data["languages"],
            "online": "online" in data["formats"],
            "in_person": "in_person" in data["formats"],
            "setting": data["setting"],
            "written_in": data["written_in"],
            **{way.field: int(data[way.field]) for way in WAYS},
        }


def as_chosen(row: Any) -> dict[str, Any]:
    """What a row holds, as this form's first values."""
    languages = [code for code, on in (("cy", row.in_welsh), ("en", row.in_english)) if on]
    formats = [code for code, on in (("online", row.online), ("in_person", row.in_person)) if on]
    return {
        "methods": list(row.methods.all()),
        "services": list(row.services.all()),
        "languages": languages,
        "formats": formats,
        "setting": row.setting,
        "written_in": row.written_in,
        **{way.field: getattr(row, way.field) for way in WAYS},
    }
