from django.db import migrations, models


def give_skills_a_point(apps, schema_editor):
    """By such a version nobody could ever be matched, so nobody can have gone by it."""
    weights = apps.get_model("connections", "Weights")
    weights.objects.filter(methods=0, topics=0).update(methods=1)


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0016_words_for_whoever_reported"),
    ]

    operations = [
        migrations.RunPython(give_skills_a_point, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="weights",
            constraint=models.CheckConstraint(
                condition=models.Q(("methods__gt", 0), ("topics__gt", 0), _connector="OR"),
                name="weights_meet_some_need",
            ),
        ),
    ]
