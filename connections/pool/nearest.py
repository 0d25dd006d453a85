"""The offers worth reading for one request: those that are at hand put in order, nearest first.

What is at hand does not tell organisations and ties, so an offer may be worth that much more than its
order says. Whoever looks reads on until nobody unread could still be better.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, inf

import numpy as np

from connections import matching
from connections.pool import at_hand
from connections.pool.at_hand import AtHand
from connections.pool.loading import Row, as_requests

FIRST = 60  # offers looked at for one request before any more are
MORE = 8  # times as many, each time they were not enough


def readings(asked: Row, weights: matching.Weights) -> Iterator[tuple[AtHand, float]]:
    """Offers, and the most that any offer beside them may be worth: again with more, till all are seen.

    Equals come in an order drawn for the asker.
    """
    held, size = at_hand.now(), FIRST
    worths = matching.worths(as_requests([asked]), held.offers, weights)
    keys = worths + np.random.default_rng(asked["mentee_id"]).random(
        len(worths)
    )  # worths are whole
    possible = np.flatnonzero(np.isfinite(keys))
    while size < len(possible):
        order = np.argpartition(-keys, size)
        unread = floor(keys[order[size]]) + weights.organisation + weights.ties
        yield held.take(order[:size]), unread
        size *= MORE
    yield held.take(possible), -inf
