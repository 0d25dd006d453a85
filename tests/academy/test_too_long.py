"""A text that is too long is refused in the house's own sentence, in both languages, by every form."""

from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import override

HOUSE = ("academy", "capability", "conditions", "connections")
SAID = {
    "en": "Use {n} characters or fewer. You have written {more}",
    "cy": "Defnyddiwch {n} nod neu lai. Rydych wedi ysgrifennu {more}",
}


def every_form(parent=forms.BaseForm):
    for form in parent.__subclasses__():
        yield form
        yield from every_form(form)


def written_in(model):
    for column in model._meta.get_fields():
        if isinstance(column, models.CharField | models.TextField):
            scheme = {"assume_scheme": "https"} if isinstance(column, models.URLField) else {}
            yield column.name, column.formfield(**scheme)


def limited_fields():
    """Of all forms that a page of ours leads to, and of what staff fill in for each model."""
    import_module(settings.ROOT_URLCONF)
    named = [
        (f"{form.__module__}.{form.__qualname__}.{name}", field)
        for form in every_form()
        if form.__module__.partition(".")[0] in HOUSE
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    named += [
        (f"{model.__name__}.{name}", field)
        for model in apps.get_models()
        if model._meta.app_label in HOUSE
        for name, field in written_in(model)
    ]
    return {
        name: field
        for name, field in named
        if isinstance(field, forms.CharField) and (field.max_length or 0) > 1
    }


def answer(field):
    try:
        field.run_validators("x" * (field.max_length + 1))
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return "taken"


@pytest.mark.parametrize("code", ["en", "cy"])
def test_every_form_refuses_what_is_too_long_in_our_words(code):
    fields = limited_fields()
    with override(code):
        wrong = {
            name: answer(field)
            for name, field in fields.items()
            if SAID[code].format(n=field.max_length, more=field.max_length + 1) not in answer(field)
        }

    assert not wrong
    for known in (
        "connections.forms.tasks.TaskForm.words",
        "capability.forms.bookings.",
        "Circle.title",
    ):
        assert any(name.startswith(known) for name in fields)
