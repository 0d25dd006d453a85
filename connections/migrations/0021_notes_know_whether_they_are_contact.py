from django.db import migrations, models
from django.db.models import CharField
from django.db.models.functions import Cast, Substr


def mark_words_to_several(apps, schema_editor):
    """A kind word's token is made from its form's (version 5), any other note's is by lot (4)."""
    notes = apps.get_model("connections", "Note").objects.filter(audience="shared")
    version = Substr(Cast("token", CharField()), 15, 1)
    notes.annotate(version=version).filter(version="5").update(contact=False)


class Migration(migrations.Migration):
    dependencies = [("connections", "0020_offers_know_their_transaction")]

    operations = [
        migrations.AddField(
            model_name="note",
            name="contact",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.RunPython(mark_words_to_several, migrations.RunPython.noop),
    ]
