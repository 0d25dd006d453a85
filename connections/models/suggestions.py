"""Who might help with a request, why, and what came of asking them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal

MOST_CHOICES = 5


def order_of(profiles: Iterable[int]) -> str:
    """A list of people as one word."""
    return "-".join(str(pk) for pk in profiles)


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

    def chosen(self) -> Self:
        """On the mentee's own list, waiting for their turn."""
        return self.exclude(choice=None)

    def order(self) -> str:
        """Who stands on the list, first to last, as one word: a form carries the one it was made of."""
        return order_of(self.chosen().order_by("choice").values_list("profile", flat=True))

    def untouched(self) -> Self:
        """Open, and neither asked nor on the mentee's list."""
        return self.open().filter(asked_at=None, choice=None)

    def offered(self) -> Self:
        """Shown for the mentee to choose from: whom they wait for with no other request."""
        requests: Any = Suggestion._meta.get_field("request").related_model
        waiting = requests.objects.filter(
            state="asked", mentee=OuterRef("request__mentee"), mentor=OuterRef("profile")
        )
        return self.untouched().exclude(Exists(waiting))

    def final(self) -> Self:
        """Not asked again for the same need."""
        return self.filter(outcome__in=Suggestion.FINAL)

    def asked(self) -> Self:
        """Put before their mentor, now or before."""
        return self.exclude(asked_at=None)

    def touched(self) -> Self:
        """Asked, on the mentee's list, or answered: more than suggested."""
        return self.filter(Q(asked_at__isnull=False) | Q(choice__isnull=False) | ~Q(outcome=""))

    def passed(self) -> Self:
        """The mentee said: not for me."""
        return self.filter(outcome=Suggestion.Outcome.PASSED)

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
    """One mentor for one request, with reasons as codes and ids: the words are made when shown.

    `choice` is their place on the mentee's own list while they wait for their turn.
    """

    class NotChosen(Refusal):
        """Somebody on the list may not be asked. `why` is the refusal that stands in the way."""

        def __init__(self, profile: Any, why: Refusal) -> None:
            super().__init__(str(profile.pk))
            self.profile, self.why = profile, why

    class Reordered(Refusal):
        """The mentee's list is another one than the page showed."""

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
        PASSED = "passed", _("You chose somebody else")

    FINAL = ("declined", "expired", "passed")  # not asked again for the same need

    request = models.ForeignKey(
        "connections.MentoringRequest", on_delete=models.CASCADE, related_name="suggestions"
    )
    profile = models.ForeignKey(
        "connections.MentorProfile", on_delete=models.CASCADE, related_name="suggestions"
    )
    rank = models.PositiveSmallIntegerField(default=1)
    choice = models.PositiveSmallIntegerField(null=True)
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
            models.UniqueConstraint(name="one_choice_of_each_rank", fields=["request", "choice"]),
            models.CheckConstraint(
                name="a_list_of_choices_has_five_at_most",
                condition=Q(choice=None) | Q(choice__gte=1, choice__lte=MOST_CHOICES),
            ),
            models.CheckConstraint(
                name="suggestion_outcome_has_a_time",
                condition=Q(outcome="") | Q(answered_at__isnull=False),
            ),
        ]

    def close(self, outcome: Outcome, *, at: datetime, words: str = "", language: str = "") -> None:
        self.outcome, self.answered_at = outcome, at
        self.answer, self.answer_language = words, language
        self.save(update_fields=["outcome", "answered_at", "answer", "answer_language"])
