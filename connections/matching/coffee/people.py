"""Who is in, as arrays, and which two of them may meet."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from connections.matching.people import UNKNOWN, Bools, Bytes, Ints

LONG_AGO = 1_000  # rounds: they never met
ACROSS, PROFESSION, WEAK_TIE, CHANCE = 1_000, 20, 15, 10
"""Points of a pair: of two organisations, of two professions, with one contact in common, by lot."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody in a round: one row a person; ids of what is not known are `UNKNOWN`.

    `apart` has a row for each two people who never meet, `met` one for each two who have met, with
    the number of rounds since: 1 for the round before.
    """

    person: Ints
    languages: Bytes
    formats: Bytes
    organisation: Ints
    team: Ints
    profession: Ints
    apart: Ints
    met: Ints

    def __post_init__(self) -> None:
        if len(np.unique(self.person)) != len(self.person):
            raise ValueError("somebody stands twice in the pool")

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Ints) -> Self:
        """These people, in this order."""
        of_people = [each.name for each in fields(self) if each.name not in ("apart", "met")]
        return replace(self, **{name: getattr(self, name)[rows] for name in of_people})

    def in_order(self) -> Self:
        return self.take(np.argsort(self.person, kind="stable"))


@dataclass(frozen=True, slots=True)
class Table:
    """For pairs of rows: a whole number each, looked up by binary search."""

    keys: Ints
    values: Ints
    many: int

    @classmethod
    def of(cls, pool: Pool, pairs: Ints, values: Ints) -> Self:
        """Both ways round; of several values of a pair the smallest; strangers are left aside."""
        many, people = len(pool), pool.person
        two = np.concatenate((pairs, pairs[:, ::-1]))
        at = np.searchsorted(people, two)
        at[at == many] = 0
        here = np.all(people[at] == two, axis=1) if many else np.zeros(len(two), np.bool_)
        keys = at[here, 0] * many + at[here, 1]
        values = np.concatenate((values, values))[here]
        order = np.lexsort((values, keys))
        keys, first = np.unique(keys[order], return_index=True)
        return cls(keys, values[order][first], many)

    def of_row(self, row: int) -> tuple[Ints, Ints]:
        start, end = np.searchsorted(self.keys, (row * self.many, (row + 1) * self.many))
        return self.keys[start:end] - row * self.many, self.values[start:end]

    def at(self, left: Ints, right: Ints, otherwise: int) -> Ints:
        if not len(self.keys):
            return np.full(len(left), otherwise, np.int64)
        wanted = left * self.many + right
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[place] == wanted, self.values[place], otherwise)


@dataclass(frozen=True, slots=True)
class Ground:
    """The graph of who may meet whom, and what each pair is worth."""

    pool: Pool
    apart: Table
    ago: Table
    shared: Table
    lot: Ints
    rounds: int

    @classmethod
    def of(cls, pool: Pool, *, seed: int, rounds: int) -> Self:
        """`pool` is in order of person."""
        ago = Table.of(pool, pool.met[:, :2], pool.met[:, 2])
        return cls(
            pool=pool,
            apart=Table.of(pool, pool.apart, np.ones(len(pool.apart), np.int64)),
            ago=ago,
            shared=_shared_contacts(ago),
            lot=np.random.default_rng(seed).integers(0, 2**30, len(pool)),
            rounds=rounds,
        )

    def __len__(self) -> int:
        return len(self.pool)

    def row(self, one: int, window: int) -> Bools:
        """Whom this person may meet, when nobody meets again within `window` rounds."""
        pool = self.pool
        may: Bools = (pool.languages & pool.languages[one]) != 0
        may &= (pool.formats & pool.formats[one]) != 0
        if pool.team[one] != UNKNOWN:
            may &= pool.team != pool.team[one]
        may[self.apart.of_row(one)[0]] = False
        others, ago = self.ago.of_row(one)
        may[others[ago <= window]] = False
        may[one] = False
        return may

    def may(self, left: Ints, right: Ints, window: int) -> Bools:
        """The same for pairs of rows."""
        pool = self.pool
        may: Bools = (pool.languages[left] & pool.languages[right]) != 0
        may &= (pool.formats[left] & pool.formats[right]) != 0
        may &= (pool.team[left] != pool.team[right]) | (pool.team[left] == UNKNOWN)
        may &= self.apart.at(left, right, 0) == 0
        may &= self.ago.at(left, right, LONG_AGO) > window
        may &= left != right
        return may

    def across(self, left: Ints, right: Ints) -> Bools:
        """Both organisations are known, and they differ."""
        one, other = self.pool.organisation[left], self.pool.organisation[right]
        differ: Bools = (one != other) & (one != UNKNOWN) & (other != UNKNOWN)
        return differ

    def points(self, left: Ints, right: Ints) -> Ints:
        """What these pairs are worth; a repeat costs more than all else together."""
        one, other = self.pool.profession[left], self.pool.profession[right]
        strangers = (one != other) & (one != UNKNOWN) & (other != UNKNOWN)
        weak = self.shared.at(left, right, 0) == 1
        lot = (self.lot[left] ^ self.lot[right]) % CHANCE
        points = ACROSS * self.across(left, right) + PROFESSION * strangers + WEAK_TIE * weak + lot
        worth: Ints = points - self.cost_of_repeats(left, right)
        return worth

    def cost_of_repeats(self, left: Ints, right: Ints) -> Ints:
        """Fewest first, then the oldest."""
        ago = self.ago.at(left, right, LONG_AGO)
        one = 2 * ACROSS * (len(self) + 1)
        cost: Ints = np.where(ago <= self.rounds, one * (2 * self.rounds + 1 - ago), 0)
        return cost


MOST_CONTACTS = 24  # of one person; beyond it somebody knows everybody, and no tie is weak


def _shared_contacts(ago: Table) -> Table:
    """For people who have not met: how many have met both of them."""
    many = ago.many
    if not len(ago.keys):
        return ago
    people, contacts = np.divmod(ago.keys, many)
    sizes = np.bincount(people, minlength=many)
    few = sizes[people] <= MOST_CONTACTS
    people, contacts = people[few], contacts[few]
    sizes = np.bincount(people, minlength=many)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    times = sizes[people]
    first = np.repeat(contacts, times)
    within = np.arange(len(first)) - np.repeat(np.cumsum(times) - times, times)
    second = contacts[np.repeat(starts[people], times) + within]
    keys, counts = np.unique((first * many + second)[first != second], return_counts=True)
    return Table(keys, counts.astype(np.int64), many)
