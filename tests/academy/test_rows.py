"""Timed work over many rows: one that fails stops nobody else."""

from datetime import UTC, datetime

import pytest

from academy.rows import each

AT = datetime(2026, 11, 2, tzinfo=UTC)


def test_the_row_that_fails_stops_nobody_and_is_told_at_the_end():
    done = []

    def verb(key, *, at):
        if key == 2:
            raise ZeroDivisionError
        done.append((key, at))
        return True

    with pytest.raises(ZeroDivisionError):
        each([1, 2, 3], verb, at=AT)
    assert done == [(1, AT), (3, AT)]


def test_only_what_was_done_is_counted():
    assert each([1, 2, 3], lambda key, *, at: key > 1, at=AT) == 2
