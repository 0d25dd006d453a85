# Alternatives of rounds, who was left out, who is set apart, and moderately weak ties.

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0005_lists_of_choices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("widen", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="SetApart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="weights",
            name="weights_stay_within_reach",
        ),
        migrations.AddField(
            model_name="matchinground",
            name="alternative_to",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alternatives",
                to="connections.matchinground",
                verbose_name="compared with",
            ),
        ),
        migrations.AddField(
            model_name="matchinground",
            name="pool_mark",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=64
            ),
        ),
        migrations.AddField(
            model_name="matchinground",
            name="token",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="weights",
            name="ties",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=50,
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="one contact or former workplace in common",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchinground",
            constraint=models.UniqueConstraint(fields=("token",), name="one_round_for_each_form"),
        ),
        migrations.AddConstraint(
            model_name="matchinground",
            constraint=models.UniqueConstraint(
                fields=("alternative_to",), name="one_alternative_for_each_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="matchinground",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alternative_to", None),
                    models.Q(("state__in", ["publishing", "published"]), _negated=True),
                    _connector="OR",
                ),
                name="an_alternative_is_never_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="weights",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("format__lte", 1000),
                    ("left_out__lte", 1000),
                    ("methods__lte", 1000),
                    ("minimum__lte", 1000),
                    ("organisation__lte", 1000),
                    ("setting__lte", 1000),
                    ("ties__lte", 1000),
                    ("topics__lte", 1000),
                    ("way__lte", 500),
                ),
                name="weights_stay_within_reach",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="left_outs",
                to="connections.mentoringrequest",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="left_outs",
                to="connections.matchinground",
            ),
        ),
        migrations.AddField(
            model_name="setapart",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="setapart",
            name="profile",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="set_apart",
                to="connections.mentorprofile",
            ),
        ),
        migrations.AddField(
            model_name="setapart",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="set_apart",
                to="connections.mentoringrequest",
            ),
        ),
        migrations.AddField(
            model_name="setapart",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="set_apart",
                to="connections.matchinground",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                fields=("round", "request"), name="left_out_once_of_a_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="setapart",
            constraint=models.UniqueConstraint(
                fields=("round", "request", "profile"), name="set_apart_once_in_a_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="setapart",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="a_pair_set_apart_says_why"
            ),
        ),
    ]
