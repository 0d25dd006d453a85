"""The columns of an offer to mentor or coach."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from academy.models import Topic
from connections.models.fit import Fit

TEXTS = ("about_help", "about_story", "about_meeting")

# What the directory is searched by, gathered into the row so that a search reads one table.
REINDEX = """
UPDATE connections_mentorprofile AS profile SET
    shown_name = person.name,
    method_ids = coalesce((SELECT array_agg(m.topic_id ORDER BY m.topic_id)
        FROM connections_mentorprofile_methods m WHERE m.mentorprofile_id = profile.id), '{}'),
    service_ids = coalesce((SELECT array_agg(s.topic_id ORDER BY s.topic_id)
        FROM connections_mentorprofile_services s WHERE s.mentorprofile_id = profile.id), '{}'),
    words = concat_ws(' ', person.name, person.job_role, about_help, about_story, about_meeting,
        (SELECT string_agg(topic.name_en || ' ' || topic.name_cy, ' ' ORDER BY topic.id)
         FROM academy_topic topic WHERE topic.id IN (
            SELECT topic_id FROM connections_mentorprofile_methods WHERE mentorprofile_id = profile.id
            UNION
            SELECT topic_id FROM connections_mentorprofile_services WHERE mentorprofile_id = profile.id)))
FROM academy_person AS person
WHERE person.id = profile.person_id AND (%(all)s OR profile.id = ANY(%(these)s))
"""


class Offer(Fit):
    """What a person offers, how they work, how many people they have room for, and where it stands."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Not approved")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="mentor_profile",
    )
    offers_mentoring = models.BooleanField(_("offers mentoring"), default=False)
    offers_coaching = models.BooleanField(_("offers coaching"), default=False)
    methods = models.ManyToManyField(
        Topic, verbose_name=_("improvement skills"), blank=True, related_name="mentors_by_method"
    )
    services = models.ManyToManyField(
        Topic, verbose_name=_("service topics"), blank=True, related_name="mentors_by_service"
    )
    about_help = models.TextField(
        _("What I can help with"), max_length=1000, blank=True, default=""
    )
    about_story = models.TextField(
        _("Something I learned the hard way"), max_length=1000, blank=True, default=""
    )
    about_meeting = models.TextField(
        _("What to expect when we meet"), max_length=1000, blank=True, default=""
    )
    written_in = models.CharField(
        _("written in"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    capacity = models.PositiveSmallIntegerField(_("places"), default=3)
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    paused = models.BooleanField(_("paused"), default=False)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    in_directory = models.BooleanField(_("in the directory"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    asked_at = models.DateTimeField(_("approval asked at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    decision = models.CharField(_("words to the mentor"), max_length=500, blank=True, default="")
    decision_language = models.CharField(max_length=2, blank=True, default="", editable=False)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    last_transaction = models.BigIntegerField(db_default=0, db_index=True, editable=False)
    """Which transaction wrote this row last, kept by a trigger: see `pool.at_hand`."""

    closed = models.GeneratedField(
        expression=Case(
            When(Q(paused=True) | Q(places_taken__gte=F("capacity")), then=Value(True)),
            default=Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("takes nobody now"),
    )
    shown_name = models.CharField(max_length=120, default="", editable=False)
    method_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    service_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    words = models.TextField(default="", editable=False)
    vector = models.GeneratedField(
        expression=SearchVector("words", config="english_unaccented")
        + SearchVector("words", config="welsh"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        abstract = True
