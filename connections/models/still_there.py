"""“Are you still taking requests?”, asked of a mentor who has let some close without an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from academy.models.base import HouseRules, whole
from connections.models.profiles import MentorProfile, MentorProfileQuerySet
from connections.models.suggestions import Suggestion

EVER = datetime(2000, 1, 1, tzinfo=UTC)
Outcome = Suggestion.Outcome


class StillThereRules(HouseRules):
    """When a mentor who does not answer is asked, reminded and paused, for an administrator to change."""

    unanswered = whole(_("requests in a row without an answer"), 2, 20)
    remind_days = whole(_("days until a reminder"), 7)
    pause_days = whole(_("days until they are paused kindly"), 14)

    class Meta:
        verbose_name = _("rules for mentors who do not answer")
        verbose_name_plural = _("rules for mentors who do not answer")
        constraints = [
            models.CheckConstraint(name="still_there_rules_are_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="a_mentor_is_reminded_before_the_pause",
                condition=Q(remind_days__lt=F("pause_days")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Rules for mentors who do not answer"))


class StillThereQuerySet(models.QuerySet["StillThere"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(profile__person=person)

    def unheard(self) -> Self:
        """Since the question nothing came: no answer to a request, no change of the offer."""
        answered = Suggestion.objects.filter(
            profile=OuterRef("profile"),
            outcome__in=[Outcome.ACCEPTED, Outcome.DECLINED],
            answered_at__gte=OuterRef("asked_at"),
        )
        changed = Q(profile__changed_at__gte=F("asked_at"))
        taking = Q(profile__in=MentorProfile.objects.unpaused())
        return self.open().filter(taking, ~Exists(answered)).exclude(changed)

    def to_remind(self, at: datetime) -> Self:
        days = timedelta(days=StillThereRules.current().remind_days)
        return self.unheard().filter(reminded_at=None, asked_at__lte=at - days)

    def to_pause(self, at: datetime) -> Self:
        """Asked long enough ago, and reminded some time before."""
        rules = StillThereRules.current()
        apart = timedelta(days=rules.pause_days - rules.remind_days)
        asked = Q(asked_at__lte=at - timedelta(days=rules.pause_days))
        return self.unheard().filter(asked, reminded_at__lte=at - apart)

    def off_the_list(self) -> Self:
        """Paused by the academy, and still paused since."""
        return self.filter(outcome=StillThere.Outcome.QUIET, profile__paused=True)

    def shown_to_coordinators(self) -> Self:
        """Who is being asked, and who was taken off the list and has not come back."""
        off = self.off_the_list().values("pk")
        return self.filter(Q(closed_at=None) | Q(pk__in=off)).exclude(
            profile__person__is_active=False
        )

    def close_heard(self, *, at: datetime) -> int:
        """A sign of life stops the asking."""
        heard = self.open().exclude(pk__in=self.unheard().values("pk"))
        return heard.update(closed_at=at, outcome=StillThere.Outcome.HEARD)

    def heard_from(self, person: Any, *, at: datetime) -> int:
        """They have opened the page: somebody is there, so nobody is paused for silence."""
        return self.open().of(person).update(closed_at=at, outcome=StillThere.Outcome.HEARD)

    def close_with(self, profile: MentorProfile, outcome: str, *, at: datetime) -> bool:
        """The question of this mentor ends so; False when it has ended before."""
        return bool(self.open().filter(profile=profile).update(closed_at=at, outcome=outcome))


class StillThere(models.Model):
    """One asking, and how it ended."""

    class Outcome(models.TextChoices):
        HERE = "here", _("Still taking requests")
        PAUSE = "pause", _("Paused by themselves")
        HEARD = "heard", _("A sign of life")
        QUIET = "quiet", _("Paused kindly, without an answer")

    profile = models.ForeignKey(MentorProfile, on_delete=models.CASCADE, related_name="still_there")
    asked_at = models.DateTimeField(_("asked at"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    outcome = models.CharField(
        _("how it ended"), max_length=5, choices=Outcome, blank=True, default=""
    )

    objects = StillThereQuerySet.as_manager()

    class Meta:
        verbose_name = _("question whether a mentor still takes requests")
        verbose_name_plural = _("questions whether mentors still take requests")
        constraints = [
            models.UniqueConstraint(
                name="a_mentor_is_asked_one_question_at_a_time",
                fields=["profile"],
                condition=Q(closed_at=None),
            ),
            models.CheckConstraint(
                name="a_closed_question_says_how_it_ended",
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Question %(number)s") % {"number": self.pk})


def quiet_mentors() -> MentorProfileQuerySet:
    """Mentors who take requests and let the last few close unanswered, since they were last heard."""
    mine = Suggestion.objects.filter(profile=OuterRef("pk")).order_by().values("profile")
    heard = mine.filter(outcome__in=[Outcome.ACCEPTED, Outcome.DECLINED])
    asked = StillThere.objects.filter(profile=OuterRef("pk")).order_by().values("profile")
    since = Greatest(
        Subquery(heard.annotate(last=Max("answered_at")).values("last")),
        Subquery(asked.annotate(last=Max("closed_at")).values("last")),
        F("changed_at"),
        Value(EVER),
    )
    missed = mine.filter(outcome=Outcome.EXPIRED, answered_at__gt=OuterRef("since"))
    open_ = StillThere.objects.open().filter(profile=OuterRef("pk"))
    return (
        MentorProfile.objects.unpaused()
        .annotate(since=since)
        .annotate(missed=Coalesce(Subquery(missed.annotate(n=Count("pk")).values("n")), 0))
        .filter(~Exists(open_), missed__gte=StillThereRules.current().unanswered)
    )
