"""What the other half, or a day they chose, asks of one of a pair; told with the pair's own row."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.timezone import localdate

from connections.models.handovers import HandOver
from connections.models.proposals import Proposal
from connections.models.relationships import RelationshipQuerySet
from connections.models.rematch_offers import RematchOffer
from connections.models.terms import Terms


class Ask(StrEnum):
    HAND_OVER = "hand_over"  # the mentor proposes somebody else
    REMATCH = "rematch"  # go on, or somebody else?
    TERMS = "terms"  # other terms are proposed
    LONGER = "longer"  # a later end is proposed
    TIMES = "times"  # times to choose from
    REVIEW = "review"  # the day to look at the agreement again has come


def with_asks(pairs: RelationshipQuerySet, *, reader: Any, at: datetime) -> Any:
    """These pairs with what may wait for the reader: no query more, however many."""
    here = OuterRef("pk")
    terms = Terms.objects.proposed().filter(relationship=here)
    times = Proposal.objects.open().filter(relationship=here, times__starts_at__gt=at)
    proposed = HandOver.objects.filter(relationship=here, state=HandOver.State.PROPOSED)
    offers = RematchOffer.objects.waiting_for(reader, at).filter(relationship=here)
    return pairs.annotate(
        to_choose=Subquery(times.exclude(proposed_by=reader).values("pk")[:1]),
        my_times=Subquery(times.filter(proposed_by=reader).values("pk")[:1]),
        changing=Exists(terms),
        terms_asked=Exists(terms.exclude(proposed_by=reader)),
        review_on=F("terms__review_on"),
        hand_over_asked=Exists(proposed.filter(relationship__mentee=reader)),
        rematch_asked=Exists(offers),
    )


def asks_of(pair: Any, *, reader: Any, at: datetime) -> list[Ask]:
    """`pair`: with what `with_asks` tells. Every answer but the first yes, which the weather knows."""
    looked_at = pair.review_on is None or pair.review_on > localdate(at)
    waits = {
        Ask.HAND_OVER: pair.under_way and pair.hand_over_asked,
        Ask.REMATCH: pair.rematch_asked,
        Ask.TERMS: pair.under_way and pair.terms_asked,
        Ask.LONGER: pair.later_on is not None and pair.later_by_id != reader.pk,
        Ask.TIMES: pair.current and pair.to_choose is not None,
        Ask.REVIEW: pair.current and not pair.changing and not looked_at,
    }
    return [ask for ask, true in waits.items() if true]
