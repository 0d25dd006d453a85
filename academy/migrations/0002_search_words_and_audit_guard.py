"""Search in two languages, ranges for slots, and an audit table nobody can rewrite."""

from typing import ClassVar

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

WORDS = "asciiword, word, hword, hword_part, hword_asciipart, asciihword"

CONFIGURATIONS = f"""
CREATE TEXT SEARCH CONFIGURATION welsh (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION welsh ALTER MAPPING FOR {WORDS}, numword WITH unaccent, simple;
CREATE TEXT SEARCH CONFIGURATION english_unaccented (COPY = english);
ALTER TEXT SEARCH CONFIGURATION english_unaccented ALTER MAPPING FOR {WORDS}
    WITH unaccent, english_stem;
CREATE FUNCTION plain_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(public.unaccent('public.unaccent', $1)) $$;
"""

GUARD = """
CREATE FUNCTION refuse_to_rewrite_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed or removed';
END $$;
CREATE TRIGGER audit_events_are_append_only BEFORE UPDATE OR DELETE ON academy_auditevent
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_history();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("academy", "0001_people_and_outbox")]

    operations: ClassVar = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(
            CONFIGURATIONS,
            "DROP FUNCTION plain_words(text);"
            "DROP TEXT SEARCH CONFIGURATION welsh;"
            "DROP TEXT SEARCH CONFIGURATION english_unaccented;",
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER audit_events_are_append_only ON academy_auditevent;"
            "DROP FUNCTION refuse_to_rewrite_history();",
        ),
    ]
