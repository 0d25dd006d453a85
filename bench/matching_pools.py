"""Pools to measure with: tags of uneven popularity, three language wishes, twelve organisations.

Most mentors offer both kinds, both languages and many tags, so that only about one pair in ten is
not allowed: the more pairs there are, the harder it is for everybody.
"""

from typing import Any

import numpy as np

from connections.matching import Mentors, Pool, Requests, Sets

METHODS, TOPICS, ORGANISATIONS, SETTINGS = 24, 60, 12, 8


def pool(askers: int, mentors: int, *, seed: int = 1) -> Pool:
    """A made-up pool of this size; some offer and ask, some are kept apart, teams are of twenty."""
    draw = np.random.default_rng(seed)
    teams = max(1, mentors // 20)
    people = draw.permutation(askers + mentors)
    asking = _features(draw, people[:askers], (4, 5), either=0.4, teams=teams)
    offering = people[-mentors - askers // 20 :][:mentors]
    return Pool(
        Requests(**asking, left_out=draw.random(askers) < 0.1),
        Mentors(
            **_features(draw, offering, (12, 20), either=0.9, teams=teams),
            free=draw.integers(1, 6, mentors),
            paused=draw.random(mentors) < 0.02,
        ),
        draw.choice(people, (askers, 2)),
    )


def _features(
    draw: np.random.Generator, person: Any, most: tuple[int, int], *, either: float, teams: int
) -> dict[str, Any]:
    many = len(person)
    one_or_either = [(1 - either) * 0.6, (1 - either) * 0.4, either]
    return {
        "person": person,
        "methods": _tags(draw, many, METHODS, most[0]),
        "topics": _tags(draw, many, TOPICS, most[1]),
        "kinds": draw.choice([1, 2, 3], many, p=one_or_either).astype(np.int8),
        "languages": draw.choice([1, 2, 3], many, p=one_or_either).astype(np.int8),
        "formats": draw.integers(1, 4, many).astype(np.int8),
        "ways": draw.integers(-1, 2, (many, 4)).astype(np.int8),
        "setting": draw.integers(-1, SETTINGS, many),
        "organisation": draw.integers(0, ORGANISATIONS, many),
        "team": draw.integers(-1, teams, many),
        "workplace": np.where(draw.random(many) < 0.3, draw.integers(0, ORGANISATIONS, many), -1),
        "contacts": Sets.of(np.split(draw.integers(0, most[0] * many, many), np.arange(1, many))),
    }


def _tags(draw: np.random.Generator, many: int, tags: int, most: int) -> Sets:
    """Up to `most` tags a person, the first of them far more popular than the last."""
    popular = 1 / np.arange(1, tags + 1)
    sizes = draw.integers(1, most + 1, many)
    flat = draw.choice(tags, sizes.sum(), p=popular / popular.sum())
    return Sets.of(np.split(flat, np.cumsum(sizes)[:-1]))
