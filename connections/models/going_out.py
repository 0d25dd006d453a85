"""What publishing a round would do now: which of its pairs can still go out, and what stops others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Case, Count, F, Max, Q, When

from connections.models.profiles import MentorProfile
from connections.models.requests import MentoringRequest
from connections.models.rounds import MatchingRound


@dataclass(frozen=True)
class GoingOut:
    """How many pairs can go out; how many cannot, as the request or the mentor has moved on."""

    pairs: int
    closed: int
    full: int

    @property
    def moved_on(self) -> bool:
        return bool(self.closed or self.full)


def going_out(round: MatchingRound) -> GoingOut:
    """By requests and places as they are now: one query, with a row for each mentor."""
    takes = Q(profile__in=MentorProfile.objects.unpaused())
    places = F("profile__capacity") - F("profile__places_taken")
    mentors = (
        round.pairs.unpublished()
        .order_by()
        .values("profile")
        .annotate(
            drafted=Count("pk"),
            looking=Count("pk", filter=Q(request__state=MentoringRequest.State.LOOKING)),
            room=Max(Case(When(takes, then=places), default=0)),
        )
    )
    drafted = looking = pairs = 0
    for one in mentors:
        drafted += one["drafted"]
        looking += one["looking"]
        pairs += min(one["looking"], max(one["room"], 0))
    return GoingOut(pairs, closed=drafted - looking, full=looking - pairs)


def mark_of(round: MatchingRound) -> str:
    """Of the drafts as they are now: the same for the same pairs and the same people left out."""
    pairs = round.pairs.order_by("request").values_list("request", "profile")
    left_out = round.left_outs.order_by("request").values_list("request", flat=True)
    return hashlib.sha256(repr((list(pairs), list(left_out))).encode()).hexdigest()
