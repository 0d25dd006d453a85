"""The counter of places and a course's topic columns are kept by triggers, whoever writes."""

from typing import ClassVar

from django.db import migrations

PLACES = """
CREATE FUNCTION count_places_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.left_at IS NULL THEN
        UPDATE capability_cohort SET places_taken = places_taken - 1 WHERE id = OLD.cohort_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.left_at IS NULL THEN
        UPDATE capability_cohort SET places_taken = places_taken + 1 WHERE id = NEW.cohort_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bookings_move_the_counter
    AFTER INSERT OR DELETE OR UPDATE OF left_at, cohort_id ON capability_booking
    FOR EACH ROW EXECUTE FUNCTION count_places_taken();
"""

TOPICS = """
CREATE FUNCTION keep_course_topics() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE capability_course SET
        (topic_ids, topic_words_en, topic_words_cy) = (
            SELECT coalesce(array_agg(t.id ORDER BY t.id), '{}'),
                   coalesce(string_agg(t.name_en, ' ' ORDER BY t.id), ''),
                   coalesce(string_agg(t.name_cy, ' ' ORDER BY t.id), '')
            FROM capability_course_topics ct JOIN academy_topic t ON t.id = ct.topic_id
            WHERE ct.course_id = capability_course.id
        )
    WHERE id IN (SELECT DISTINCT course_id FROM touched);
    RETURN NULL;
END $$;
CREATE TRIGGER topics_given AFTER INSERT ON capability_course_topics
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_course_topics();
CREATE TRIGGER topics_taken AFTER DELETE ON capability_course_topics
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION keep_course_topics();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("capability", "0001_courses_cohorts_and_places")]

    operations: ClassVar = [
        migrations.RunSQL(
            PLACES,
            "DROP TRIGGER bookings_move_the_counter ON capability_booking;"
            "DROP FUNCTION count_places_taken();",
        ),
        migrations.RunSQL(
            TOPICS,
            "DROP TRIGGER topics_given ON capability_course_topics;"
            "DROP TRIGGER topics_taken ON capability_course_topics;"
            "DROP FUNCTION keep_course_topics();",
        ),
    ]
