"""What a pair has in common, as facts from which others make sentences; never as a number."""

from dataclasses import dataclass

import numpy as np

from connections.matching import ties
from connections.matching.people import UNKNOWN, Format, Kind, Language, People


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why these two: ids of shared methods and topics, prompts by their place in the list."""

    asker: int
    mentor: int
    methods: tuple[int, ...]
    topics: tuple[int, ...]
    ways_agreed: tuple[int, ...]
    ways_differ: tuple[int, ...]
    same_setting: bool
    other_organisation: bool
    team_unknown: bool
    weak_tie: bool
    kinds: Kind
    languages: Language
    formats: Format


def reasons(left: People, right: People) -> list[Reasons]:
    """What row i of the left has in common with row i of the right."""
    both = left.ways * right.ways
    same_setting = (left.setting == right.setting) & (left.setting != UNKNOWN)
    known = (left.organisation != UNKNOWN) & (right.organisation != UNKNOWN)
    other = known & (left.organisation != right.organisation)
    tied = ties.weak(left, right)
    team_unknown = (left.team == UNKNOWN) | (right.team == UNKNOWN)
    return [
        Reasons(
            asker=int(left.person[row]),
            mentor=int(right.person[row]),
            methods=tuple(sorted(left.methods[row] & right.methods[row])),
            topics=tuple(sorted(left.topics[row] & right.topics[row])),
            ways_agreed=tuple(np.flatnonzero(both[row] > 0).tolist()),
            ways_differ=tuple(np.flatnonzero(both[row] < 0).tolist()),
            same_setting=bool(same_setting[row]),
            other_organisation=bool(other[row]),
            team_unknown=bool(team_unknown[row]),
            weak_tie=bool(tied[row]),
            kinds=Kind(int(left.kinds[row] & right.kinds[row])),
            languages=Language(int(left.languages[row] & right.languages[row])),
            formats=Format(int(left.formats[row] & right.formats[row])),
        )
        for row in range(len(left))
    ]
