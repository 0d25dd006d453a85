from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0017_weights_meet_some_need"),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="refused",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="the new mentor did not say yes"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refused", False),
                    models.Q(("offered_at__isnull", False), ("state", "stopped")),
                    _connector="OR",
                ),
                name="only_a_hand_over_that_was_offered_is_refused",
            ),
        ),
    ]
