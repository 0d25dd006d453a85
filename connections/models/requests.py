"""A request for a mentor or coach: what is needed, who is being asked, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, OuterRef, Q
from django.db.models.functions import Least
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import Topic
from academy.models.base import Refusal
from connections.models.fit import Fit, speaks_and_meets, ways_have_two_ends
from connections.models.suggestions import Suggestion


class Kind(models.TextChoices):
    """Two kinds of relationship; a request may also leave it open."""

    MENTORING = "mentoring", _("Mentoring")
    COACHING = "coaching", _("Coaching")
    EITHER = "either", _("Either")


MOST_TRIES = 5  # of a worker, before a look for people is left to staff


class MentoringRequestQuerySet(models.QuerySet["MentoringRequest"]):
    def visible_to(self, reader: Any) -> Self:
        """One's own, and those one is asked to answer or has accepted."""
        return self.filter(Q(mentee=reader) | Q(mentor__person=reader))

    def of(self, person: Any) -> Self:
        return self.filter(mentee=person)

    def pending(self) -> Self:
        """Counts against the limit: somebody is being looked for, or has been asked."""
        return self.filter(state__in=MentoringRequest.PENDING)

    def unaccepted(self) -> Self:
        """Whatever has not become a relationship."""
        return self.exclude(state=MentoringRequest.State.ACCEPTED)

    def asked_besides(self, requests: Iterable[int]) -> Self:
        """Of the same mentees, other requests that wait for a mentor's answer."""
        asked = self.filter(state=MentoringRequest.State.ASKED).exclude(pk__in=requests)
        return asked.filter(mentee__mentoring_requests__in=requests)

    def asked_of(self, person: Any) -> Self:
        """Waits for this mentor's answer."""
        return self.filter(state=MentoringRequest.State.ASKED, mentor__person=person)

    def by_day(self) -> Self:
        """Whose answer is due first."""
        return self.order_by(Least("moves_on_at", "closes_at"), "pk")

    def with_found(self) -> Any:
        """With `found`: how many people wait for the mentee's choice."""
        ready = Q(state__in=MentoringRequest.RESTING_OR_LOOKING)
        waiting = ready & Q(suggestions__in=Suggestion.objects.offered())
        return self.annotate(found=Count("suggestions", filter=waiting))

    def with_topics(self) -> Any:
        """With `asked_methods` and `asked_services`: the keys of the topics named."""

        def listed(through: Any) -> ArraySubquery:
            mine = through.objects.filter(mentoringrequest=OuterRef("pk"))
            return ArraySubquery(mine.values("topic_id"))

        return self.annotate(
            asked_methods=listed(MentoringRequest.methods.through),
            asked_services=listed(MentoringRequest.services.through),
        )

    def to_remind(self, at: datetime) -> Self:
        return self.pending().filter(remind_at__lte=at, closes_at__gt=at)

    def to_move_on(self, at: datetime) -> Self:
        """It is the turn of the next on the mentee's list."""
        return self.pending().filter(moves_on_at__lte=at)

    def to_close(self, at: datetime) -> Self:
        return self.pending().filter(closes_at__lte=at)

    def wanting_suggestions(self, at: datetime) -> Self:
        """A worker should look for people, and no other worker holds the lease."""
        return self.filter(
            suggest_from__lte=at,
            suggest_tries__lt=MOST_TRIES,
            state__in=MentoringRequest.RESTING_OR_LOOKING,
        )

    def forget(self, person: Any) -> None:
        """The person's words are removed, and those they answered with; dates stay."""
        self.of(person).update(words="", widen=[])
        Suggestion.objects.filter(Q(request__mentee=person) | Q(profile__person=person)).update(
            answer="", reasons=[]
        )

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")


class MentoringRequest(Fit):
    """One need. At most one mentor is being asked at a time."""

    class State(models.TextChoices):
        LOOKING = "looking", _("Looking for someone")
        ASKED = "asked", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        RELEASED = "released", _("The mentor has no place left")
        EXPIRED = "expired", _("Closed without an answer")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    PENDING = ("looking", "asked")
    RESTING = ("declined", "released", "expired")  # may be taken up again
    RESTING_OR_LOOKING = (*RESTING, "looking")

    class TooMany(Refusal):
        """As many requests wait as a person may have."""

    class Closed(Refusal):
        """It has been answered, withdrawn or closed meanwhile."""

    class NotPossible(Refusal):
        """This pair may not be: oneself, the same team, line management, a declared conflict."""

    class ShutOut(NotPossible):
        """What the mentee chose shuts this mentor out: `part` is the kind, or the languages."""

        def __init__(self, profile: Any, part: str) -> None:
            super().__init__(part)
            self.profile, self.part = profile, part

    class AskedAlready(Refusal):
        """The same mentee waits for this mentor's answer to another request."""

        def __init__(self, waiting: MentoringRequest) -> None:
            super().__init__(str(waiting.pk))
            self.waiting = waiting

    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.CASCADE,
        related_name="mentoring_requests",
    )
    token = models.UUIDField(editable=False)
    words = models.TextField(_("what they want to get better at"), max_length=1000)
    written_in = models.CharField(_("written in"), max_length=2, choices=settings.LANGUAGES)
    methods = models.ManyToManyField(
        Topic, verbose_name=_("improvement skills"), blank=True, related_name="requests_by_method"
    )
    services = models.ManyToManyField(
        Topic, verbose_name=_("service topics"), blank=True, related_name="requests_by_service"
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.EITHER)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.LOOKING)
    mentor = models.ForeignKey(
        "connections.MentorProfile",
        verbose_name=_("asked of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
    )
    asked_at = models.DateTimeField(_("asked at"))
    remind_at = models.DateTimeField(_("reminder at"), null=True)
    closes_at = models.DateTimeField(_("closes at"), null=True)
    moves_on_at = models.DateTimeField(_("the next is asked at"), null=True)
    ended_at = models.DateTimeField(_("answered or closed at"), null=True)
    suggest_from = models.DateTimeField(null=True, editable=False)
    suggested_at = models.DateTimeField(_("suggestions made at"), null=True, editable=False)
    suggest_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    widen = models.JSONField(default=list, editable=False)
    kept_apart = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("never suggested for this"), related_name="+"
    )
    left_out = models.BooleanField(_("left out of the last round"), default=False)

    objects = MentoringRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentoring request")
        verbose_name_plural = _("mentoring requests")
        indexes = [
            models.Index(
                name="request_of_mentor", fields=["mentor", "closes_at"], condition=Q(state="asked")
            ),
            models.Index(
                name="request_to_remind",
                fields=["remind_at"],
                condition=Q(state__in=["looking", "asked"]),
            ),
            models.Index(
                name="request_to_close",
                fields=["closes_at"],
                condition=Q(state__in=["looking", "asked"]),
            ),
            models.Index(
                name="request_to_move_on",
                fields=["moves_on_at"],
                condition=Q(moves_on_at__isnull=False),
            ),
            models.Index(
                name="request_to_suggest",
                fields=["suggest_from"],
                condition=Q(suggest_from__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="one_request_for_each_form", fields=["mentee", "token"]),
            models.UniqueConstraint(
                name="a_mentor_is_asked_once_at_a_time_by_one_person",
                fields=["mentee", "mentor"],
                condition=Q(state="asked"),
            ),
            models.CheckConstraint(
                name="request_names_its_mentor_while_asked_or_accepted",
                condition=Q(state__in=["asked", "accepted"], mentor__isnull=False)
                | (~Q(state__in=["asked", "accepted"]) & Q(mentor=None)),
            ),
            models.CheckConstraint(
                name="pending_request_has_a_day_it_closes",
                condition=~Q(state__in=["looking", "asked"])
                | Q(closes_at__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="only_a_pending_request_moves_on",
                condition=Q(moves_on_at=None) | Q(state__in=["looking", "asked"]),
            ),
            models.CheckConstraint(
                name="closed_request_knows_when",
                condition=Q(state__in=["looking", "asked"]) | Q(ended_at__isnull=False),
            ),
            speaks_and_meets("request"),
            ways_have_two_ends("request"),
        ]

    def __str__(self) -> str:
        return str(_("Mentoring request %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:request", args=[self.pk])

    @property
    def pending(self) -> bool:
        return self.state in self.PENDING

    @property
    def answer_by(self) -> datetime | None:
        """Until when the one who is asked now is waited for."""
        days = [day for day in (self.moves_on_at, self.closes_at) if day is not None]
        return min(days, default=None)

    @property
    def choosing(self) -> bool:
        """It rests or looks: the mentee chooses what happens next."""
        return self.state in self.RESTING_OR_LOOKING and self.moves_on_at is None

    def missed_in(self) -> datetime | None:
        """When the last round went out, if that found nobody and somebody is still looked for."""
        if not self.left_out or self.state != self.State.LOOKING:
            return None
        out = self.left_outs.filter(round__state="published").order_by("-round__published_at")
        return out.values_list("round__published_at", flat=True).first()

    def kind_bits(self) -> int:
        return {"mentoring": 1, "coaching": 2}.get(self.kind, 3)

    def shuts_out(self, profile: Any) -> str:
        """The part of what the mentee chose that leaves nothing in common with this offer."""
        if not self.kind_bits() & profile.kind_bits():
            return "kind"
        speak = (self.in_welsh and profile.in_welsh) or (self.in_english and profile.in_english)
        return "" if speak else "languages"

    def days_left(self, at: datetime) -> int:
        """Whole days until an answer is due or it closes; 0 on the last day."""
        return max(0, (localdate(self.answer_by) - localdate(at)).days) if self.answer_by else 0

    @classmethod
    def of_form(cls, person: Any, token: UUID) -> MentoringRequest | None:
        """The request this very form made before."""
        return cls.objects.filter(mentee=person, token=token).first()
