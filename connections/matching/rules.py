"""Who may be paired with whom: one table of yes and no for each rule."""

from collections.abc import Callable

from connections.matching.people import UNKNOWN, Bools, Bytes, Ints, People, Rule


def _overlap(left: Bytes, right: Bytes) -> Bools:
    return (left[:, None] & right) != 0


def _same_or_unknown(left: Ints, right: Ints) -> Bools:
    return (left[:, None] == right) | (left == UNKNOWN)[:, None] | (right == UNKNOWN)


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
    return (left.team[:, None] != right.team) | (left.team == UNKNOWN)[:, None]


TABLES: dict[Rule, Callable[[People, People], Bools]] = {
    Rule.KIND: kind,
    Rule.LANGUAGE: language,
    Rule.FORMAT: meeting_format,
    Rule.SETTING: setting,
    Rule.TEAM: other_team,
}
CAN_BE_FIRM = frozenset({Rule.FORMAT, Rule.SETTING})
"""Rules that hold only where the weights say so; otherwise the same choice costs points."""
