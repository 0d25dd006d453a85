"""An offer to mentor or coach: written, approved, listed, paused; and the places it has."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import connection, models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Notification, Topic
from academy.models.base import Refusal
from connections.models.fit import Fit, speaks_and_meets, ways_have_two_ends
from connections.models.rules import LEAST_PLACES, MOST_PLACES, MentoringRules
from connections.models.suggestions import Suggestion

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


class MentorProfileQuerySet(models.QuerySet["MentorProfile"]):
    def approved(self) -> Self:
        return self.filter(state=MentorProfile.State.APPROVED, person__is_active=True)

    def waiting(self) -> Self:
        """Asked for approval and not answered: a coordinator's queue."""
        return self.filter(state=MentorProfile.State.WAITING, person__is_active=True)

    def listed(self) -> Self:
        return self.approved().filter(in_directory=True)

    def visible_to(self, reader: Any) -> Self:
        """The directory, one's own, and who was suggested to them; coordinators see all."""
        if reader.has_role("coordinator"):
            return self
        approved = Q(state=MentorProfile.State.APPROVED, person__is_active=True)
        suggested = Exists(
            Suggestion.objects.filter(profile=OuterRef("pk"), request__mentee=reader)
        )
        return self.filter(approved & (Q(in_directory=True) | suggested) | Q(person=reader))

    def taking(self) -> Self:
        """May be given one more person now."""
        return self.approved().filter(closed=False)

    def unpaused(self) -> Self:
        """Approved and not paused, whether or not a place is free."""
        return self.approved().filter(paused=False)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def locked(self) -> Self:
        """These rows until the transaction ends, by number: every change of places starts here."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def to_resume(self, on: date) -> Self:
        return self.filter(paused=True, paused_until__lte=on)

    def reindex(self, *, these: list[int] | None = None) -> None:
        """Gather what the directory searches by: for all, or for these."""
        with connection.cursor() as cursor:
            cursor.execute(REINDEX, {"all": these is None, "these": these or []})

    def forget(self, person: Any, *, at: datetime) -> None:
        """The person's words are removed; the row stays, because relationships rest on it."""
        for profile in self.of(person):
            profile.methods.clear()
            profile.services.clear()
        self.of(person).update(
            **dict.fromkeys((*TEXTS, "words", "shown_name", "decision"), ""),
            method_ids=[],
            service_ids=[],
            in_directory=False,
            state=MentorProfile.State.DRAFT,
            changed_at=at,
        )

    def resume_due(self, *, on: date) -> int:
        """Take new people again where the pause is over."""
        return self.to_resume(on).update(paused=False, paused_until=None)


class MentorProfile(Fit):
    """What a mentor or coach offers, how they work, and how many people they have room for."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WAITING = "waiting", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Not approved")

    class Full(Refusal):
        """No place is free."""

    class NotTaking(Refusal):
        """Paused, not approved, or the account is closed."""

    class NotReady(Refusal):
        """Something is missing before it can be approved."""

    class TooFew(Refusal):
        """More people are being mentored than there would be places."""

    class Decided(Refusal):
        """Somebody has answered it before, or it was never asked."""

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

    objects = MentorProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor profile")
        verbose_name_plural = _("mentor profiles")
        indexes = [
            GinIndex(name="mentor_words", fields=["vector"]),
            GinIndex(name="mentor_methods", fields=["method_ids"]),
            GinIndex(name="mentor_services", fields=["service_ids"]),
            models.Index(
                name="mentor_directory",
                fields=["closed", "shown_name", "id"],
                condition=Q(state="approved", in_directory=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="mentor_never_over_capacity",
                condition=Q(places_taken__gte=0, places_taken__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="mentor_has_one_to_ten_places",
                condition=Q(capacity__gte=LEAST_PLACES, capacity__lte=MOST_PLACES),
            ),
            models.CheckConstraint(
                name="mentor_pause_ends_only_if_begun",
                condition=Q(paused=True) | Q(paused_until=None),
            ),
            models.CheckConstraint(
                name="mentor_asked_or_approved_offers_something",
                condition=Q(state__in=["draft", "declined"])
                | Q(offers_mentoring=True)
                | Q(offers_coaching=True),
            ),
            models.CheckConstraint(
                name="mentor_declined_with_a_reason",
                condition=~Q(state="declined") | Q(decision__regex=r"\S"),
            ),
            speaks_and_meets("mentor"),
            ways_have_two_ends("mentor"),
        ]

    def __str__(self) -> str:
        return str(_("Mentor profile %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:mentor", args=[self.pk])

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.places_taken)

    @property
    def approved(self) -> bool:
        return self.state == self.State.APPROVED

    def kind_bits(self) -> int:
        return int(self.offers_mentoring) | int(self.offers_coaching) << 1

    def offers(self, kind: str) -> bool:
        """`either` is offered by everybody who offers something."""
        either = {"mentoring": self.offers_mentoring, "coaching": self.offers_coaching}
        return either.get(kind, True)

    @classmethod
    @transaction.atomic
    def write(
        cls, person: Any, *, methods: list[Topic], services: list[Topic], at: datetime, **said: Any
    ) -> MentorProfile:
        """Keep what this person offers; the first time makes a draft."""
        profile, _new = MentorProfile.objects.get_or_create(
            person=person, defaults={"in_english": True, "capacity": cls.start_capacity(said)}
        )
        profile = MentorProfile.objects.locked().get(pk=profile.pk)
        if said.get("capacity", profile.capacity) < profile.places_taken:
            raise cls.TooFew
        for name, value in said.items():
            setattr(profile, name, value)
        profile.changed_at = at
        profile.save(update_fields=[*said, "changed_at"])
        profile.methods.set(methods)
        profile.services.set(services)
        cls.objects.reindex(these=[profile.pk])
        profile.refresh_from_db()
        return profile

    @staticmethod
    def start_capacity(said: dict[str, Any]) -> int:
        rules = MentoringRules.current()
        return rules.coach_capacity if said.get("offers_coaching") else rules.mentor_capacity

    def lacking(self) -> list[str]:
        """What stands between this offer and asking for approval: names of its parts."""
        lacks = []
        if not (self.offers_mentoring or self.offers_coaching):
            lacks.append("kind")
        if not (self.method_ids or self.service_ids):
            lacks.append("topics")
        if not self.about_help.strip():
            lacks.append("about_help")
        return lacks

    @transaction.atomic
    def ask_for_approval(self, *, at: datetime) -> None:
        """Put the offer before the coordinators. Asking twice is asking once."""
        if self.lacking():
            raise MentorProfile.NotReady(", ".join(self.lacking()))
        MentorProfile.objects.filter(
            pk=self.pk, state__in=[self.State.DRAFT, self.State.DECLINED]
        ).update(state=self.State.WAITING, asked_at=at)
        self.refresh_from_db(fields=["state", "asked_at"])

    @transaction.atomic
    def approve(self, *, by: Any, at: datetime) -> None:
        """From now on people find this offer and may ask. The mentor is told."""
        months = MentoringRules.current().review_after_months
        self._decide(
            self.State.APPROVED, by=by, at=at, review_on=at.date() + timedelta(days=30 * months)
        )

    @transaction.atomic
    def decline(self, *, by: Any, words: str, language: str, at: datetime) -> None:
        """Not now, with the reason in words; the mentor may change the offer and ask again."""
        self._decide(self.State.DECLINED, by=by, at=at, decision=words, decision_language=language)

    def _decide(self, state: State, *, by: Any, at: datetime, **facts: Any) -> None:
        won = MentorProfile.objects.filter(pk=self.pk, state=self.State.WAITING).update(
            state=state, decided_by=by, decided_at=at, **facts
        )
        if not won:
            raise MentorProfile.Decided
        self.refresh_from_db()
        AuditEvent.objects.record(
            f"connections.profile_{state.value}", actor=by, thing=self, fields=["state"], at=at
        )
        Notification.objects.post(
            f"connections.profile_{state.value}",
            key=f"{self.pk}-{at.timestamp()}",
            to=self.person,
            facts={"profile": self.pk},
            link=("connections:my_profile", []),
            at=at,
        )

    @transaction.atomic
    def pause(self, *, until: date | None, at: datetime) -> None:
        """Take nobody new. People who have asked are still waiting for an answer."""
        MentorProfile.objects.filter(pk=self.pk).update(
            paused=True, paused_until=until, changed_at=at
        )
        self.refresh_from_db(fields=["paused", "paused_until", "closed"])

    def resume(self, *, at: datetime) -> None:
        MentorProfile.objects.filter(pk=self.pk).update(
            paused=False, paused_until=None, changed_at=at
        )
        self.refresh_from_db(fields=["paused", "paused_until", "closed"])

    def show_in_directory(self, shown: bool, *, at: datetime) -> None:
        MentorProfile.objects.filter(pk=self.pk).update(in_directory=shown, changed_at=at)
        self.refresh_from_db(fields=["in_directory"])

    def take_place(self) -> None:
        """One person more. Call it on a row that is `locked()`; the CHECK catches who did not."""
        if self.places_taken >= self.capacity:
            raise MentorProfile.Full
        self._move_places(1)

    def release_place(self) -> None:
        """One person fewer. Call it on a row that is `locked()`."""
        self._move_places(-1)

    def _move_places(self, by: int) -> None:
        """Added by the database, so that two who did not lock do not overwrite one another."""
        MentorProfile.objects.filter(pk=self.pk).update(places_taken=F("places_taken") + by)
        self.refresh_from_db(fields=["places_taken", "closed"])
