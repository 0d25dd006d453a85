"""Who might help with a request, why, and what came of asking them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        """Not asked yet, and able to take somebody now."""
        return self.filter(
            outcome="",
            profile__state="approved",
            profile__closed=False,
            profile__person__is_active=True,
        ).exclude(profile=F("request__mentor"))

    def visible_to(self, reader: Any) -> Self:
        """The mentee's alone; a mentor learns of a request when asked."""
        return self.filter(request__mentee=reader)

    def asked(self) -> Self:
        """Put before their mentor, now or before."""
        return self.exclude(asked_at=None)

    def asked_of(self, person: Any) -> Self:
        """This mentor has been asked, now or before."""
        return self.asked().filter(profile__person=person)

    def welcoming(self, request: Any) -> Self:
        """The mentor's yes to this request, where words came with it."""
        accepted = self.filter(request=request, outcome=Suggestion.Outcome.ACCEPTED)
        return accepted.exclude(answer="")

    def answered(self) -> Self:
        return self.exclude(outcome="")


class Suggestion(models.Model):
    """One mentor for one request, with reasons as codes and ids: the words are made when shown."""

    class Source(models.TextChoices):
        WORKER = "worker", _("Suggested")
        MENTEE = "mentee", _("Chosen by the mentee")
        ROUND = "round", _("Proposed by the academy")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        RELEASED = "released", _("No place left")
        EXPIRED = "expired", _("No answer")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    request = models.ForeignKey(
        "connections.MentoringRequest", on_delete=models.CASCADE, related_name="suggestions"
    )
    profile = models.ForeignKey(
        "connections.MentorProfile", on_delete=models.CASCADE, related_name="suggestions"
    )
    rank = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=6, choices=Source, default=Source.WORKER)
    reasons = models.JSONField(default=list)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    answer = models.TextField(max_length=1000, blank=True, default="")
    answer_language = models.CharField(max_length=2, blank=True, default="")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_suggestion_of_each", fields=["request", "profile"]),
            models.CheckConstraint(
                name="suggestion_outcome_has_a_time",
                condition=Q(outcome="") | Q(answered_at__isnull=False),
            ),
        ]

    def close(self, outcome: Outcome, *, at: datetime, words: str = "", language: str = "") -> None:
        self.outcome, self.answered_at = outcome, at
        self.answer, self.answer_language = words, language
        self.save(update_fields=["outcome", "answered_at", "answer", "answer_language"])
