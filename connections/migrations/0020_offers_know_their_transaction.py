"""Each offer knows which transaction wrote it last, or closed or opened its person's account.

Whoever writes: `connections.pool.at_hand` asks what is new.
"""

from django.db import migrations, models

STAMP = """
CREATE FUNCTION know_the_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.last_transaction := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER offers_know_their_transaction BEFORE INSERT OR UPDATE ON connections_mentorprofile
    FOR EACH ROW EXECUTE FUNCTION know_the_transaction();
CREATE FUNCTION touch_the_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE connections_mentorprofile SET last_transaction = 0 WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_touch_their_offer AFTER UPDATE OF is_active ON academy_person
    FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active)
    EXECUTE FUNCTION touch_the_offer();
"""
FORGET = """
DROP TRIGGER accounts_touch_their_offer ON academy_person;
DROP FUNCTION touch_the_offer();
DROP TRIGGER offers_know_their_transaction ON connections_mentorprofile;
DROP FUNCTION know_the_transaction();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0019_pairs_know_of_a_kind_word"),
    ]

    operations = [
        migrations.AddField(
            model_name="mentorprofile",
            name="last_transaction",
            field=models.BigIntegerField(db_default=0, db_index=True, editable=False),
        ),
        migrations.RunSQL(STAMP, FORGET),
    ]
