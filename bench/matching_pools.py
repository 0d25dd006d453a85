"""Pools to measure with: tags of uneven popularity, three language wishes, twelve organisations."""

from typing import Any

import numpy as np

from connections.matching import Mentors, Pool, Requests, Sets

METHODS, TOPICS, ORGANISATIONS, SETTINGS = 24, 60, 12, 8


def pool(askers: int, mentors: int, *, seed: int = 1) -> Pool:
    """A made-up pool of this size; some offer and ask, some are kept apart, teams are of twenty."""
    draw = np.random.default_rng(seed)
    teams = max(1, mentors // 20)
    people = draw.permutation(askers + mentors)
    return Pool(
        Requests(
            **_features(draw, people[:askers], methods=3, topics=4, teams=teams),
            left_out=draw.random(askers) < 0.1,
        ),
        Mentors(
            **_features(
                draw, people[-mentors - askers // 20 :][:mentors], methods=6, topics=8, teams=teams
            ),
            free=draw.integers(1, 6, mentors),
            paused=draw.random(mentors) < 0.03,
        ),
        draw.choice(people, (askers, 2)),
    )


def _features(
    draw: np.random.Generator, person: Any, *, methods: int, topics: int, teams: int
) -> dict[str, Any]:
    many = len(person)
    return {
        "person": person,
        "methods": _tags(draw, many, METHODS, methods),
        "topics": _tags(draw, many, TOPICS, topics),
        "kinds": draw.choice([1, 2, 3], many, p=[0.4, 0.3, 0.3]).astype(np.int8),
        "languages": draw.choice([1, 2, 3], many, p=[0.6, 0.1, 0.3]).astype(np.int8),
        "formats": draw.integers(1, 4, many).astype(np.int8),
        "ways": draw.integers(-1, 2, (many, 4)).astype(np.int8),
        "setting": draw.integers(-1, SETTINGS, many),
        "organisation": draw.integers(0, ORGANISATIONS, many),
        "team": draw.integers(-1, teams, many),
    }


def _tags(draw: np.random.Generator, many: int, tags: int, most: int) -> Sets:
    """Up to `most` tags a person, the first of them far more popular than the last."""
    popular = 1 / np.arange(1, tags + 1)
    sizes = draw.integers(1, most + 1, many)
    flat = draw.choice(tags, sizes.sum(), p=popular / popular.sum())
    return Sets.of(np.split(flat, np.cumsum(sizes)[:-1]))
