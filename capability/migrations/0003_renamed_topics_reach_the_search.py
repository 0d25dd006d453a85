"""A topic's new name reaches the words its courses are found by, whoever renames it."""

from typing import ClassVar

from django.db import migrations

RENAMED = """
CREATE FUNCTION follow_renamed_topic() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE capability_course SET
        (topic_words_en, topic_words_cy) = (
            SELECT coalesce(string_agg(t.name_en, ' ' ORDER BY t.id), ''),
                   coalesce(string_agg(t.name_cy, ' ' ORDER BY t.id), '')
            FROM capability_course_topics ct JOIN academy_topic t ON t.id = ct.topic_id
            WHERE ct.course_id = capability_course.id
        )
    WHERE id IN (SELECT course_id FROM capability_course_topics WHERE topic_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER topic_renamed AFTER UPDATE OF name_en, name_cy ON academy_topic
    FOR EACH ROW EXECUTE FUNCTION follow_renamed_topic();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("academy", "0003_organisations_have_a_region"),
        ("capability", "0002_places_and_topics_kept_by_the_database"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(
            RENAMED,
            "DROP TRIGGER topic_renamed ON academy_topic; DROP FUNCTION follow_renamed_topic();",
        ),
    ]
