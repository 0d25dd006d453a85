"""Two folded lists of topics and the languages: what requests, offers, office hours and circles ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.bilingual import language
from academy.forms import LANGUAGES
from academy.models import Topic

if TYPE_CHECKING:
    TopicChoices = forms.ModelMultipleChoiceField[Topic]
else:
    TopicChoices = forms.ModelMultipleChoiceField


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


class TopicsForm(forms.Form):
    methods = _topics(_("Improvement skills"))
    services = _topics(_("Services and patient safety"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["methods"].queryset = Topic.objects.methods().order_by("group", "pk")  # type: ignore[attr-defined] # a field of topics
        self.fields["services"].queryset = Topic.objects.services().order_by("group", "pk")  # type: ignore[attr-defined] # a field of topics
        self.fields["languages"].initial = [language()]

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
