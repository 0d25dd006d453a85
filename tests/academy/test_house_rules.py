"""House rules grow while older code still runs: it saves the first row without knowing the new column."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import AddField
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from academy.models.base import HouseRules

RULES = [model for model in apps.get_models() if issubclass(model, HouseRules)]


def added_later(model):
    """Columns that came after the table."""
    steps = MigrationLoader(None).disk_migrations.values()
    mine = [step for step in steps if step.app_label == model._meta.app_label]
    operations = [one for step in mine for one in step.operations if isinstance(one, AddField)]
    return {one.name for one in operations if one.model_name_lower == model._meta.model_name}


@pytest.mark.django_db
@pytest.mark.parametrize("model", RULES, ids=lambda model: model._meta.label)
def test_code_of_before_a_column_saves_the_first_row(model):
    later = added_later(model)
    known = {
        field.column: field.get_default()
        for field in model._meta.fields
        if field.name not in later and not field.primary_key
    }

    row = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, ["id", *known])),
        sql.SQL(", ").join(sql.Placeholder() * (1 + len(known))),
    )
    with connection.cursor() as cursor:
        cursor.execute(row, [1, *known.values()])

    fresh, kept = model(pk=1), model.current()
    assert {name: getattr(kept, name) for name in later} == {
        name: getattr(fresh, name) for name in later
    }


def test_columns_that_came_later_are_found():
    assert any(added_later(model) for model in RULES)
