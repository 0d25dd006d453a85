"""Who a round found nobody for, and who a coordinator wants kept apart in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from connections.models.suggestions import Suggestion

TOLD = "connections.request_left_out"  # the letter
AGAIN = timedelta(days=14)


class LeftOutQuerySet(models.QuerySet["LeftOut"]):
    def looking(self) -> Self:
        """For whom somebody is still being looked for."""
        return self.filter(request__state="looking")

    def gone_on(self) -> Self:
        """Who no longer looks: they have asked somebody themselves, or their request is closed."""
        return self.exclude(request__state="looking")

    def to_tell(self, at: datetime) -> Self:
        """Who hears that nobody was found: those who have not heard so lately.

        Nor does whose pair was removed by hand, while suggestions wait for them.
        """
        this = {"request": OuterRef("request")}
        by_hand = Exists(SetApart.objects.filter(round=OuterRef("round"), **this))
        offered = Exists(Suggestion.objects.offered().filter(**this))
        lately = Notification.objects.filter(kind=TOLD, created_at__gt=at - AGAIN)
        heard = Exists(lately.filter(person=OuterRef("request__mentee")))
        return self.looking().exclude(by_hand & offered).exclude(heard)

    def named(self) -> Self:
        """With the person, by name."""
        rows = self.select_related("request__mentee").defer("request__words")
        return rows.order_by("request__mentee__name", "pk")


class LeftOut(models.Model):
    """A request that a round looked at and found nobody for."""

    round = models.ForeignKey(
        "connections.MatchingRound", on_delete=models.CASCADE, related_name="left_outs"
    )
    request = models.ForeignKey(
        "connections.MentoringRequest", on_delete=models.CASCADE, related_name="left_outs"
    )
    widen = models.JSONField(default=list)
    """The choices that, given up alone, would let others in; most first."""

    objects = LeftOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="left_out_once_of_a_round", fields=["round", "request"]),
        ]


class SetApartQuerySet(models.QuerySet["SetApart"]):
    def forget(self, person: Any) -> None:
        """What was written about them goes with them."""
        self.filter(Q(request__mentee=person) | Q(profile__person=person)).delete()

    def by_request(self, requests: Any) -> dict[int, list[SetApart]]:
        """For each of these requests the pairs that were removed, with the mentor's name."""
        found: dict[int, list[SetApart]] = {}
        rows = self.filter(request__in=requests).select_related("profile__person")
        for row in rows.defer("profile__words", "profile__vector").order_by("pk"):
            found.setdefault(row.request_id, []).append(row)
        return found


class SetApart(models.Model):
    """A pair a coordinator removed from a round: computed again, it does not come back."""

    round = models.ForeignKey(
        "connections.MatchingRound", on_delete=models.CASCADE, related_name="set_apart"
    )
    request = models.ForeignKey(
        "connections.MentoringRequest", on_delete=models.CASCADE, related_name="set_apart"
    )
    profile = models.ForeignKey(
        "connections.MentorProfile", on_delete=models.CASCADE, related_name="set_apart"
    )
    reason = models.CharField(_("reason"), max_length=300)
    made_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = SetApartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="set_apart_once_in_a_round", fields=["round", "request", "profile"]
            ),
            models.CheckConstraint(
                name="a_pair_set_apart_says_why", condition=Q(reason__regex=r"\S")
            ),
        ]

    @property
    def closes_itself(self) -> bool:
        """The reason ends like a sentence: another may follow it."""
        return self.reason.rstrip().endswith((".", "!", "?", "…"))
