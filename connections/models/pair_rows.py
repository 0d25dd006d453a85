"""Which pairs: by whose they are, how far they are, and how long it has been quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from connections.models.care import RelationshipRules
from connections.models.pair import Pair

Row = TypeVar("Row", bound=Pair)


def _not_resumed_after(day: datetime) -> Q:
    """Days of a pause do not count as silence."""
    return Q(resumed_at=None) | Q(resumed_at__lte=day)


class PairQuerySet(models.QuerySet[Row]):
    def visible_to(self, reader: Any) -> Self:
        """The pair alone. No role sees more; coordinators are shown states and dates elsewhere."""
        return self.of(reader).filter(forgotten_at=None) if reader.is_authenticated else self.none()

    def of(self, person: Any) -> Self:
        return self.filter(Q(mentor=person) | Q(mentee=person))

    def given_by(self, person: Any) -> Self:
        return self.filter(mentor=person)

    def received_by(self, person: Any) -> Self:
        return self.filter(mentee=person)

    def open(self) -> Self:
        return self.exclude(state=Pair.State.ENDED)

    def current(self) -> Self:
        return self.filter(state=Pair.State.CURRENT)

    def paused(self) -> Self:
        return self.filter(state=Pair.State.PAUSED)

    def ended(self) -> Self:
        return self.filter(state=Pair.State.ENDED)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def silent(self, at: datetime) -> Self:
        """Nothing has happened for too long, and no meeting comes soon."""
        rules = RelationshipRules.current()
        unmet_since = at - timedelta(days=rules.first_meeting_days)
        quiet_since = at - timedelta(days=rules.silence_days)
        unmet = Q(first_met_at=None, agreed_at__lte=unmet_since) & _not_resumed_after(unmet_since)
        quiet = Q(last_contact_at__lte=quiet_since) & _not_resumed_after(quiet_since)
        coming = Q(next_meeting_at__gte=at, next_meeting_at__lte=rules.soon(at))
        return self.current().filter(Q(next_meeting_at=None) | ~coming, unmet | quiet)

    def not_agreed(self, at: datetime) -> Self:
        """The agreement has waited longer than first contact should take."""
        wait = timedelta(days=RelationshipRules.current().first_contact_days)
        return self.filter(state=Pair.State.WAITING, began_at__lte=at - wait)

    def due_a_nudge(self, at: datetime) -> Self:
        """Silent or not agreed, and not nudged in this silence before."""
        again = at - timedelta(days=RelationshipRules.current().silence_days)
        fresh = Q(nudged_at=None) | Q(nudged_at__lt=F("last_contact_at")) | Q(nudged_at__lte=again)
        return (self.silent(at) | self.not_agreed(at)).filter(fresh)

    def kept_long_enough(self, at: datetime) -> Self:
        kept = timedelta(days=RelationshipRules.current().kept_days)
        return self.ended().filter(ended_at__lte=at - kept, forgotten_at=None)
