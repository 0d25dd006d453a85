"""Moderately weak ties: one contact or one former workplace in common, and no more.

New ideas and good counsel come most from people who are neither strangers nor close: the gain is an
inverted U. A shared workplace is a dot product like every other term; a shared contact is rare, so
the few pairs that have one are listed and corrected one by one, exactly.
"""

from dataclasses import dataclass

import numpy as np

from connections.matching.people import UNKNOWN, Bools, Ints, People, Sets


@dataclass(frozen=True, slots=True)
class Corrections:
    """Pairs for which the shared workplace alone does not tell: what to add to it, by asker."""

    rows: Ints
    columns: Ints
    add: Ints


def weak(left: People, right: People) -> Bools:
    """Whether row i of the left and row i of the right have exactly one thing in common."""
    many = len(left)
    mine, theirs = _rows(left.contacts), _rows(right.contacts)
    shared = np.bincount(
        _in_both(mine, left.contacts.items, theirs, right.contacts.items), minlength=many
    )
    direct = np.zeros(many, np.bool_)
    direct[mine[left.contacts.items == right.person[mine]]] = True
    direct[theirs[right.contacts.items == left.person[theirs]]] = True
    tied: Bools = ~direct & (shared + same_workplace(left.workplace, right.workplace) == 1)
    return tied


def same_workplace(left: Ints, right: Ints) -> Ints:
    """1 where both worked in one place before where they work now."""
    same: Ints = ((left == right) & (left != UNKNOWN)).astype(np.int64)
    return same


def corrections(left: People, right: People) -> Corrections:
    """Every asker and mentor with a contact in common, or who are each other's contact."""
    width = max(1, len(right))
    met = _pairs(left.contacts, right.contacts) @ np.array([width, 1])
    direct = _direct(left, right) @ np.array([width, 1])
    pairs, shared = np.unique(met, return_counts=True)
    every = np.union1d(pairs, direct)
    count = np.zeros(len(every), np.int64)
    count[np.searchsorted(every, pairs)] = shared
    rows, columns = np.divmod(every, width)
    place = same_workplace(left.workplace[rows], right.workplace[columns])
    tied = (count + place == 1) & ~np.isin(every, direct)
    add = tied - place
    kept = np.flatnonzero(add)
    return Corrections(rows[kept], columns[kept], add[kept])


def _rows(sets: Sets) -> Ints:
    return np.repeat(np.arange(len(sets)), sets.sizes)


def _in_both(mine: Ints, named: Ints, theirs: Ints, offered: Ints) -> Ints:
    """The row of each contact that both sides of that row have."""
    span = 1 + max(named.max(initial=0), offered.max(initial=0))
    both: Ints = np.intersect1d(mine * span + named, theirs * span + offered) // span
    return both


def _pairs(left: Sets, right: Sets) -> Ints:
    """Row and column for each contact that two people share, once for each contact."""
    order = np.argsort(right.items, kind="stable")
    offered, columns = right.items[order], _rows(right)[order]
    first = np.searchsorted(offered, left.items)
    many = np.searchsorted(offered, left.items, side="right") - first
    starts = np.cumsum(many) - many
    within = np.arange(many.sum()) - np.repeat(starts, many)
    return np.stack(
        (np.repeat(_rows(left), many), columns[np.repeat(first, many) + within]), axis=1
    )


def _direct(left: People, right: People) -> Ints:
    """Row and column of people who have worked with each other."""
    columns = right.rows_of(left.contacts.items)
    rows = left.rows_of(right.contacts.items)
    named = np.stack((_rows(left.contacts), columns), axis=1)[columns != UNKNOWN]
    naming = np.stack((rows, _rows(right.contacts)), axis=1)[rows != UNKNOWN]
    return np.concatenate((named, naming))
