"""A matching round: the whole pool assigned at once, looked over by a person, then published."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.still_there import StillThere


class MatchingRoundQuerySet(models.QuerySet["MatchingRound"]):
    def visible_to(self, reader: Any) -> Self:
        return self.originals() if reader.has_role("coordinator") else self.none()

    def with_pairs(self) -> Self:
        """With how many pairs stand: one that did not go out is none."""
        return self.annotate(pair_count=Count("pairs", filter=Q(pairs__skipped="")))

    def originals(self) -> Self:
        """Rounds of their own: an alternative is seen beside the round it is compared with."""
        return self.filter(alternative_to=None)

    def in_draft(self) -> Self:
        """Drafts wait for somebody to look them over."""
        return self.originals().filter(state=MatchingRound.State.DRAFTS)

    def held(self) -> Self:
        """These rows, until the transaction ends: nobody publishes or changes them meanwhile."""
        return self.select_for_update(no_key=True, of=("self",))

    def put_away(self) -> None:
        """What they were compared with has changed: an alternative says so instead of its pairs."""
        State = MatchingRound.State
        for row in self.filter(state__in=(State.COMPUTING, State.DRAFTS)).held():
            row.pairs.all().delete()
            row.left_outs.all().delete()
            self.filter(pk=row.pk).update(
                state=State.ABANDONED, trouble=MatchingRound.OUTDATED, leased_until=None
            )

    def due(self, at: datetime) -> Self:
        """Asked for, and no worker holds the lease."""
        return self.filter(state=MatchingRound.State.COMPUTING).filter(
            Q(leased_until=None) | Q(leased_until__lte=at)
        )


class MatchingRound(models.Model):
    class State(models.TextChoices):
        DRAFTED = "drafted", _("Not started")
        COMPUTING = "computing", _("Being computed")
        DRAFTS = "drafts", _("Drafts to look over")
        PUBLISHING = "publishing", _("Being published")
        PUBLISHED = "published", _("Published")
        ABANDONED = "abandoned", _("Abandoned")

    class NotNow(Refusal):
        """The round is in another state than this needs."""

    class Redrafted(Refusal):
        """The drafts are no longer those that were looked over."""

    class SameWeights(Refusal):
        """A comparison needs another version of the weights."""

    class NothingToUse(Refusal):
        """There is no alternative that fits the drafts as they are now."""

    OUTDATED = "outdated"

    title = models.CharField(_("name of the round"), max_length=120)
    token = models.UUIDField(null=True, editable=False)
    alternative_to = models.ForeignKey(
        "self",
        verbose_name=_("compared with"),
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="alternatives",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFTED)
    weights = models.ForeignKey(
        "connections.Weights",
        verbose_name=_("weights"),
        on_delete=models.PROTECT,
        related_name="rounds",
    )
    seed = models.PositiveIntegerField(_("seed"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    steps_done = models.PositiveIntegerField(_("steps done"), default=0, editable=False)
    steps = models.PositiveIntegerField(_("steps"), default=0, editable=False)
    requests_seen = models.PositiveIntegerField(_("requests"), default=0, editable=False)
    mentors_seen = models.PositiveIntegerField(_("mentors"), default=0, editable=False)
    left_out = models.PositiveIntegerField(_("left out"), default=0, editable=False)
    pool_mark = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    """Of the people and choices it was computed from: equal marks, one pool."""
    proven = models.BooleanField(_("no better assignment exists"), null=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True, default="", editable=False)
    computed_at = models.DateTimeField(_("computed at"), null=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = MatchingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching round")
        verbose_name_plural = _("matching rounds")
        constraints = [
            models.UniqueConstraint(name="one_round_for_each_form", fields=["token"]),
            models.UniqueConstraint(
                name="one_alternative_for_each_round", fields=["alternative_to"]
            ),
            models.CheckConstraint(
                name="an_alternative_is_never_published",
                condition=Q(alternative_to=None) | ~Q(state__in=["publishing", "published"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("connections:round", args=[self.pk])

    @property
    def computing(self) -> bool:
        return self.state == self.State.COMPUTING

    @property
    def in_drafts(self) -> bool:
        return self.state == self.State.DRAFTS

    @property
    def may_be_published(self) -> bool:
        """Somebody is told something by it: of a pair, or that nobody was found."""
        return self.in_drafts and self.requests_seen > 0

    @property
    def outdated(self) -> bool:
        return self.trouble == self.OUTDATED

    @property
    def may_be_abandoned(self) -> bool:
        return self.state in (self.State.DRAFTED, self.State.COMPUTING, self.State.DRAFTS)

    def hundredths(self) -> int:
        """How far the worker is, of a hundred."""
        return 100 * self.steps_done // self.steps if self.steps else 0

    def gone_on(self, paired: int) -> int:
        """How many had asked somebody themselves, or closed their request, once it went out."""
        return max(0, self.requests_seen - paired - self.left_out) if self.published_at else 0

    def emptied_by_hand(self) -> bool:
        """A coordinator has removed pairs since it was computed."""
        since = self.computed_at
        return since is not None and self.set_apart.filter(made_at__gt=since).exists()

    def alternative(self) -> MatchingRound | None:
        """The one it is being compared with, if any."""
        return self.alternatives.select_related("weights").first()


class RoundPairQuerySet(models.QuerySet["RoundPair"]):
    def unpublished(self) -> Self:
        return self.filter(published_at=None, skipped="")

    def counts(self) -> dict[str, int]:
        """How many stand, how many are locked, and how many mentors had no place once it went out."""
        return self.aggregate(
            drafted=Count("pk"),
            paired=Count("pk", filter=Q(skipped="")),
            locked=Count("pk", filter=Q(skipped="", locked=True)),
            full=Count("pk", filter=Q(skipped=RoundPair.Skipped.MENTOR)),
        )

    def given(self) -> dict[int, int]:
        """How many people each mentor of these pairs has in them."""
        counted = self.order_by().values("profile").annotate(n=Count("pk"))
        return dict(counted.values_list("profile", "n"))

    def locked(self) -> Self:
        return self.filter(locked=True)

    def with_silence(self) -> Self:
        """Whether the mentor was asked if they still take people, and has not answered."""
        asked = StillThere.objects.unheard().filter(profile=OuterRef("profile"))
        return self.annotate(silent=Exists(asked))

    def unlocked(self) -> Self:
        return self.filter(locked=False)

    def matching(self, words: str) -> Self:
        """Where either has this in their name."""
        if not words.strip():
            return self
        one, two = "request__mentee__name__icontains", "profile__person__name__icontains"
        return self.filter(Q(**{one: words.strip()}) | Q(**{two: words.strip()}))

    def named(self) -> Self:
        """With both people, by the mentee's name; without the words of either."""
        rows = self.select_related("request__mentee", "profile__person")
        return rows.defer("request__words", "profile__words", "profile__vector").order_by(
            "request__mentee__name", "pk"
        )


class RoundPair(models.Model):
    """A draft: this request goes to this mentor when the round is published."""

    class NoReason(Refusal):
        """An override says why."""

    class Skipped(models.TextChoices):
        REQUEST = "request", _("The request is no longer open")
        MENTOR = "mentor", _("The mentor has no place left")

    round = models.ForeignKey(
        MatchingRound, verbose_name=_("round"), on_delete=models.CASCADE, related_name="pairs"
    )
    request = models.ForeignKey(
        "connections.MentoringRequest",
        verbose_name=_("request"),
        on_delete=models.CASCADE,
        related_name="round_pairs",
    )
    profile = models.ForeignKey(
        "connections.MentorProfile",
        verbose_name=_("mentor"),
        on_delete=models.CASCADE,
        related_name="round_pairs",
    )
    reasons = models.JSONField(default=list, editable=False)
    locked = models.BooleanField(_("locked"), default=False)
    override_reason = models.CharField(
        _("reason for the override"), max_length=300, blank=True, default=""
    )
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("overridden by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    skipped = models.CharField(
        _("not published because"), max_length=7, choices=Skipped, blank=True, default=""
    )

    objects = RoundPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of a round")
        verbose_name_plural = _("pairs of a round")
        constraints = [
            models.UniqueConstraint(
                name="one_mentor_for_each_request_of_a_round", fields=["round", "request"]
            ),
            models.CheckConstraint(
                name="an_overridden_pair_says_why",
                condition=Q(overridden_by=None) | Q(override_reason__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Pair %(number)s") % {"number": self.pk})
