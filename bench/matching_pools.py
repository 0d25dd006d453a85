"""Pools to measure with: topics of uneven popularity, three language wishes, twelve organisations."""

import numpy as np

from connections.matching import Mentors, Pool, Requests, Sets

METHODS, TOPICS, ORGANISATIONS, SETTINGS = 24, 60, 12, 8


def pool(requests: int, mentors: int, *, seed: int = 1) -> Pool:
    """A made-up pool of this size; about one pair in ten is apart or of one team."""
    draw = np.random.default_rng(seed)
    return Pool(
        Requests(
            **_people(draw, np.arange(requests), needs=(3, 4), teams=max(1, mentors // 20)),
            left_out=draw.random(requests) < 0.1,
        ),
        Mentors(
            **_people(
                draw,
                np.arange(mentors) + requests // 2 + 1,
                needs=(6, 8),
                teams=max(1, mentors // 20),
            ),
            free=draw.integers(1, 6, mentors),
            paused=draw.random(mentors) < 0.03,
        ),
        draw.integers(0, requests + mentors, (requests, 2)),
    )


def _people(draw, person, *, needs, teams):
    many = len(person)
    return {
        "person": person.astype(np.int64),
        "methods": _tags(draw, many, METHODS, needs[0]),
        "topics": _tags(draw, many, TOPICS, needs[1]),
        "kinds": draw.choice([1, 2, 3], many, p=[0.4, 0.3, 0.3]).astype(np.int8),
        "languages": draw.choice([1, 2, 3], many, p=[0.6, 0.1, 0.3]).astype(np.int8),
        "formats": draw.integers(1, 4, many).astype(np.int8),
        "ways": draw.integers(-1, 2, (many, 4)).astype(np.int8),
        "setting": draw.integers(-1, SETTINGS, many),
        "organisation": draw.integers(0, ORGANISATIONS, many),
        "team": draw.integers(-1, teams, many),
    }


def _tags(draw, many, tags, most):
    """Up to `most` tags a person, the first of them far more popular than the last."""
    popular = 1 / np.arange(1, tags + 1)
    sizes = draw.integers(1, most + 1, many)
    flat = draw.choice(tags, sizes.sum(), p=popular / popular.sum())
    return Sets.of(np.split(flat, np.cumsum(sizes)[:-1]))
