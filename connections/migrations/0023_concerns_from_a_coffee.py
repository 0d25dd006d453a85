from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0022_times_to_come_leave_out_bank_holidays"),
    ]

    operations = [
        migrations.AlterField(
            model_name="concern",
            name="came_from",
            field=models.CharField(
                choices=[
                    ("pair", "A relationship"),
                    ("office_hour", "An office hour"),
                    ("circle", "A circle"),
                    ("coffee", "A coffee"),
                ],
                db_default="pair",
                default="pair",
                max_length=11,
                verbose_name="reported from",
            ),
        ),
    ]
