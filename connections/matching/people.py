"""What is known of the people in a round, as arrays: one row a person, one array a feature."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from enum import IntFlag, StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bytes = NDArray[np.int8]
Bools = NDArray[np.bool_]

UNKNOWN = -1


class Kind(IntFlag):
    MENTORING = 1
    COACHING = 2
    EITHER = 3


class Language(IntFlag):
    ENGLISH = 1
    WELSH = 2
    EITHER = 3


class Format(IntFlag):
    ONLINE = 1
    IN_PERSON = 2
    EITHER = 3


class Term(StrEnum):
    """The kinds of fit a score is the sum of."""

    METHODS = "methods"
    TOPICS = "topics"
    WAYS = "ways"
    SETTING = "setting"
    FORMAT = "format"
    ORGANISATION = "organisation"
    TIES = "ties"


class Rule(StrEnum):
    """What a pair must satisfy before it is scored.

    The first six are circumstances and choices, which may change or be overridden; the rest is law.
    """

    KIND = "kind"
    LANGUAGE = "language"
    NEEDS = "needs"
    FORMAT = "format"
    SETTING = "setting"
    FREE = "free"
    PAUSED = "paused"
    TEAM = "team"
    APART = "apart"

    @property
    def may_be_relaxed(self) -> bool:
        return self not in (Rule.PAUSED, Rule.TEAM, Rule.APART)


@dataclass(frozen=True, slots=True)
class Sets:
    """A set of ids for each row: row `i` holds `items[starts[i]:starts[i + 1]]`."""

    starts: Ints
    items: Ints

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> Self:
        listed = [sorted(set(row)) for row in rows]
        lengths = np.fromiter((len(row) for row in listed), np.int64, len(listed))
        items = np.fromiter((item for row in listed for item in row), np.int64)
        return cls(np.concatenate(([0], np.cumsum(lengths))), items)

    @classmethod
    def empty(cls, rows: int) -> Self:
        return cls(np.zeros(rows + 1, np.int64), np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> set[int]:
        return set(self.items[self.starts[row] : self.starts[row + 1]].tolist())

    @property
    def sizes(self) -> Ints:
        return np.diff(self.starts)

    def take(self, rows: Ints) -> "Sets":
        sizes = self.sizes[rows]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        return Sets(starts, self.items[np.repeat(self.starts[rows], sizes) + within])

    def onto(self, columns: Ints) -> NDArray[np.float32]:
        """The rows as 0 and 1 over the sorted ids `columns`; other ids are left aside."""
        largest = max(self.items.max(initial=0), columns.max(initial=0))
        wanted = np.zeros(largest + 1, np.bool_)
        wanted[columns] = True
        hits = np.flatnonzero(wanted[self.items])
        rows = np.searchsorted(self.starts, hits, side="right") - 1
        table = np.zeros((len(self), len(columns)), np.float32)
        table[rows, np.searchsorted(columns, self.items[hits])] = 1
        return table

    def followed_by(self, others: "Sets") -> "Sets":
        starts = np.concatenate((self.starts, self.starts[-1] + others.starts[1:]))
        return Sets(starts, np.concatenate((self.items, others.items)))


@dataclass(frozen=True, slots=True)
class People:
    """What both sides of a pair have: the asker's wishes on the left, the mentor's offer on the right.

    `kinds`, `languages` and `formats` are bits of `Kind`, `Language` and `Format`; `ways` has a
    column for each how-I-work prompt, -1 or +1, and 0 for no preference; the ids of setting,
    organisation, team and `workplace`, where one worked before, are `UNKNOWN` when not known.
    `contacts` are people one has worked with one to one.
    """

    person: Ints
    methods: Sets
    topics: Sets
    kinds: Bytes
    languages: Bytes
    formats: Bytes
    ways: Bytes
    setting: Ints
    organisation: Ints
    team: Ints
    workplace: Ints
    contacts: Sets

    def __post_init__(self) -> None:
        for each in fields(self):
            if len(getattr(self, each.name)) != len(self.person):
                raise ValueError(f"{each.name} has not one row for each person")
        if self.ways.ndim != 2 or np.any(np.abs(self.ways) > 1):
            raise ValueError("ways of working are -1, 0 or +1 in a column for each prompt")

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Ints) -> Self:
        """These rows, in this order, and as often as they are named."""
        taken: dict[str, Any] = {}
        for each in fields(self):
            part: Sets | Ints = getattr(self, each.name)
            taken[each.name] = part.take(rows) if isinstance(part, Sets) else part[rows]
        return replace(self, **taken)

    def followed_by(self, others: Self) -> Self:
        """These rows, and after them those of the others."""
        both: dict[str, Any] = {}
        for each in fields(self):
            part, more = getattr(self, each.name), getattr(others, each.name)
            sets = isinstance(part, Sets)
            both[each.name] = part.followed_by(more) if sets else np.concatenate((part, more))
        return replace(self, **both)

    def by_person(self) -> Self:
        return self.take(np.argsort(self.person, kind="stable"))

    def rows_of(self, people: Ints) -> Ints:
        """The row of each of these people; `UNKNOWN` for somebody who is not here."""
        order = np.argsort(self.person, kind="stable")
        at = np.searchsorted(self.person, people, sorter=order)
        rows = order[np.minimum(at, len(self) - 1)] if len(self) else np.zeros_like(people)
        here = self.person[rows] == people if len(self) else np.zeros(len(people), np.bool_)
        return np.where(here, rows, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Requests(People):
    """People who ask, one request each in a round."""

    left_out: Bools
    """Nobody was found for them last time."""


@dataclass(frozen=True, slots=True)
class Mentors(People):
    """People who offer."""

    free: Ints
    """Places free now."""
    paused: Bools


def nobody_apart() -> Ints:
    return np.empty((0, 2), np.int64)


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody in a round, and the people who must stay apart.

    `apart` has a row for each two people never to be paired, whichever asks and whichever offers:
    line managers, declared conflicts, and for a coffee round the pairs of the rounds before.
    """

    requests: Requests
    mentors: Mentors
    apart: Ints = field(default_factory=nobody_apart)

    def __post_init__(self) -> None:
        for side in (self.requests, self.mentors):
            if len(np.unique(side.person)) != len(side):
                raise ValueError("somebody stands twice on the same side")

    def in_order(self) -> "Pool":
        """The same pool by person, so that the order of its rows cannot matter."""
        return Pool(self.requests.by_person(), self.mentors.by_person(), self.apart)

    def pairs(self, askers: Ints, mentors: Ints) -> tuple[Requests, Mentors]:
        """These people, side by side."""
        rows, columns = self.requests.rows_of(askers), self.mentors.rows_of(mentors)
        if np.any(rows == UNKNOWN) or np.any(columns == UNKNOWN):
            raise ValueError("a pair names somebody who is not in the pool")
        return self.requests.take(rows), self.mentors.take(columns)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of fit is worth when it is complete, in whole points.

    Deep-level fit (how people like to work) is the strongest predictor of a good relationship, so
    agreeing on all four prompts is worth the most; surface likeness is worth little.
    """

    methods: int = 300
    topics: int = 250
    way: int = 90
    setting: int = 80
    format: int = 60
    organisation: int = 60
    ties: int = 50
    left_out: int = 200
    minimum: int = 1
    """Points from methods and topics together below which a pair is no candidate."""
    firm: frozenset[Rule] = frozenset()
    """Choices that exclude instead of costing points: `Rule.FORMAT`, `Rule.SETTING`."""

    def __post_init__(self) -> None:
        if min(getattr(self, term) for term in (*WEIGHED, "left_out", "minimum")) < 0:
            raise ValueError("a weight is zero or more")
        if self.methods + self.topics == 0:
            raise ValueError("meeting a need must be worth something: nobody could be matched")
        if not self.firm <= {Rule.FORMAT, Rule.SETTING}:
            raise ValueError("only format and setting can be made firm; the others are")

    @property
    def strict(self) -> bool:
        """Whether they shut out anybody whom the start weights let in."""
        return bool(self.firm) or self.minimum > 1 or not (self.methods and self.topics)


WEIGHED = ("methods", "topics", "way", "setting", "format", "organisation", "ties")
