"""The small picture of a pair's meetings: every meeting is a dot of its own."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest

from connections.templatetags.relationships import AHEAD, EDGE, PAST, WIDTH, timeline

TODAY = date(2026, 11, 27)


def drawn(held=(), planned=()):
    """Meetings held so many days ago, and planned in so many days."""
    row = SimpleNamespace(
        today=TODAY,
        held=sorted(TODAY - timedelta(days=n) for n in held),
        planned=[TODAY + timedelta(days=n) for n in planned],
        proposal=None,
        my_times=None,
    )
    return timeline(row)


def test_meetings_far_from_one_another_are_big_dots_where_they_belong():
    picture = drawn(held=[60, 30], planned=[14])

    assert not picture["small"]
    assert picture["dots"] == [(64, False), (92, False), (133, True)]
    assert picture["today"] == 120


@pytest.mark.parametrize(
    ("held", "planned"),
    [
        ([0, 0], []),
        ([], [1, 2]),
        ([1], [3]),
        ([2, 9, 9, 10, 60], [1, 1, 8]),
        (range(1, 120, 7), range(7, 45, 7)),
    ],
)
def test_meetings_close_together_are_small_dots_apart_and_on_their_side_of_today(held, planned):
    picture = drawn(held, planned)
    places = [x for x, _planned in picture["dots"]]

    assert picture["small"]
    assert len(places) == len(held) + len(planned)
    assert all(two - one >= 6 for one, two in pairwise(places))
    assert EDGE <= places[0] <= places[-1] <= WIDTH - EDGE
    for x, is_planned in picture["dots"]:
        assert (x > picture["today"]) == is_planned


def test_more_meetings_than_there_is_room_for_stay_on_the_line():
    picture = drawn(held=range(60), planned=[-3, *range(1, 40)])

    assert all(EDGE <= x <= WIDTH - EDGE for x, _planned in picture["dots"])
    assert "Met 60 times" in picture["words"]


def test_what_lies_beyond_the_picture_is_not_drawn():
    assert drawn(held=[PAST.days + 1], planned=[AHEAD.days + 1])["dots"] == []
