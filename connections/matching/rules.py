"""Who may be paired with whom: one table of yes and no for each rule."""

from collections.abc import Callable

import numpy as np

from connections.matching.people import UNKNOWN, Bools, Bytes, Ints, People, Pool, Rule


def _overlap(left: Bytes, right: Bytes) -> Bools:
    shared: Bools = (left[:, None] & right) != 0
    return shared


def _same_or_unknown(left: Ints, right: Ints) -> Bools:
    unknown = (left == UNKNOWN)[:, None] | (right == UNKNOWN)
    same: Bools = (left[:, None] == right) | unknown
    return same


def kind(left: People, right: People) -> Bools:
    return _overlap(left.kinds, right.kinds)


def language(left: People, right: People) -> Bools:
    return _overlap(left.languages, right.languages)


def meeting_format(left: People, right: People) -> Bools:
    return _overlap(left.formats, right.formats)


def setting(left: People, right: People) -> Bools:
    return _same_or_unknown(left.setting, right.setting)


def other_team(left: People, right: People) -> Bools:
    """Nobody is matched within a team; where a team is not known a match is allowed."""
    other: Bools = (left.team[:, None] != right.team) | (left.team == UNKNOWN)[:, None]
    return other


TABLES: dict[Rule, Callable[[People, People], Bools]] = {
    Rule.KIND: kind,
    Rule.LANGUAGE: language,
    Rule.FORMAT: meeting_format,
    Rule.SETTING: setting,
    Rule.TEAM: other_team,
}
CAN_BE_FIRM = frozenset({Rule.FORMAT, Rule.SETTING})
"""Rules that hold only where the weights say so; otherwise the same choice costs points."""


def apart(pool: Pool) -> tuple[Ints, Ints]:
    """Rows of askers and mentors never to be paired, by asker; everybody is apart from oneself."""
    oneself = np.repeat(pool.requests.person[:, None], 2, axis=1)
    people = np.concatenate((pool.apart, pool.apart[:, ::-1], oneself))
    rows = pool.requests.rows_of(people[:, 0])
    columns = pool.mentors.rows_of(people[:, 1])
    here = (rows != UNKNOWN) & (columns != UNKNOWN)
    order = np.lexsort((columns[here], rows[here]))
    return rows[here][order], columns[here][order]


def lawful(pool: Pool, rows: Ints, columns: Ints) -> Bools:
    """For each pair of rows, whether the two need not stay apart."""
    team = pool.requests.team[rows]
    other_team = (team != pool.mentors.team[columns]) | (team == UNKNOWN)
    width = len(pool.mentors)
    apart_rows, apart_columns = apart(pool)
    kept_apart = np.isin(rows * width + columns, apart_rows * width + apart_columns)
    free: Bools = other_team & ~kept_apart
    return free
