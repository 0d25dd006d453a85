"""The best few for one request: a glance at everybody, a close look at the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from connections import matching
from connections.models import MentoringRequest, MentorProfile, Weights
from connections.pool import at_hand, nearest
from connections.pool.answers import Reasons, advice, codes, shut_out
from connections.pool.loading import Loaded, Row, as_arrays, asked_by, offered, together


@dataclass(frozen=True)
class Found:
    """What a look for mentors came back with."""

    profiles: list[tuple[int, Reasons]]
    widen: list[str]


@dataclass(frozen=True)
class Taken:
    """Of each offer so many places that a round has given already, and one offer to pass by."""

    given: Mapping[int, int] = field(default_factory=dict)
    but: int = 0

    def left(self, loaded: Loaded) -> Loaded:
        """These offers with the places that are left; nobody is asked to widen for one passed by."""
        keys, mentors = loaded.profile_pks, loaded.pool.mentors
        given = np.fromiter((self.given.get(pk, 0) for pk in keys.tolist()), np.int64, len(keys))
        left = replace(
            mentors, free=mentors.free - given, paused=mentors.paused | (keys == self.but)
        )
        return replace(loaded, pool=replace(loaded.pool, mentors=left))


NOTHING = Taken()


def suggest(
    request: MentoringRequest,
    weights: Weights,
    *,
    least: int,
    most: int,
    taken: Taken = NOTHING,
) -> Found:
    """The best few for one request, why, and when they are few, which choice stands in the way.

    Only offers that could be among the best are looked at closely; everybody else matters only to
    the advice.
    """
    asking = [asked_by(request)]
    worths, profiles = weights.as_numbers(), first(asking, weights, taken, most=most)
    if len(profiles) >= least:
        return Found(profiles, [])
    pool = taken.left(as_arrays(asking, offered(MentorProfile.objects.unpaused()))).pool
    wider = matching.widen(pool.requests, pool.mentors, worths, apart=pool.apart)
    by_weights = not profiles and bool(shut_out(pool, worths)[0])
    return Found(profiles, advice((rule for rule, more in wider.items() if more), by_weights))


def first(
    asking: list[Row], weights: Weights, taken: Taken = NOTHING, *, most: int
) -> list[tuple[int, Reasons]]:
    """The best few for who asks, and why."""
    loaded, best = _best(asking, weights.as_numbers(), taken, most=most)
    rows = loaded.pool.mentors.rows_of(np.array([one.mentor for one in best], np.int64))
    found = loaded.profile_pks[rows].tolist()
    if at_hand.gone(found):
        return first(asking, weights, taken, most=most)
    return [
        (pk, codes(loaded.pool.requests, 0, one.reasons))
        for pk, one in zip(found, best, strict=True)
    ]


def _best(
    asking: list[Row], worths: matching.Weights, taken: Taken, *, most: int
) -> tuple[Loaded, list[matching.Suggestion]]:
    """As if everybody had been looked at: reads on until nobody unread could be better."""
    for near, unread in nearest.readings(asking[0], worths):
        loaded = taken.left(together(asking, near.offers, near.profile_pks))
        pool = loaded.pool
        best = matching.suggest(pool.requests, pool.mentors, worths, apart=pool.apart, count=most)
        if len(best) == most and best[-1].score >= unread:
            break
    return loaded, best
