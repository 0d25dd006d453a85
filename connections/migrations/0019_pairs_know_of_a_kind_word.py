from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0018_hand_overs_know_a_no")]

    operations = [
        migrations.AddField(
            model_name="relationship",
            name="kind_word_at",
            field=models.DateTimeField(null=True, verbose_name="kind word to several at"),
        ),
    ]
