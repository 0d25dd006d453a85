"""A limit on how long the database may think about one page, and counts it need not repeat."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

Found = TypeVar("Found")


class Kept(Generic[Found]):
    """Counts of long lists, kept by this process for a minute (docs/decisions/0007)."""

    MINUTE = timedelta(minutes=1)

    def __init__(self, *, most: int = 64) -> None:
        self.most = most
        self.held: dict[Hashable, tuple[datetime, Found]] = {}

    def get(self, key: Hashable, *, at: datetime) -> Found | None:
        since, found = self.held.get(key, (None, None))
        return found if since and timedelta(0) <= at - since < self.MINUTE else None

    def put(self, key: Hashable, found: Found, *, at: datetime) -> None:
        if len(self.held) >= self.most:
            self.held.clear()
        self.held[key] = (at, found)


class TooSlow(Exception):
    """The database was stopped before it had an answer; narrower words would help."""


@contextmanager
def at_most(milliseconds: int) -> Iterator[None]:
    """No query in this block takes longer. Raises TooSlow; the connection stays usable."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)]
                )
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from error
        raise
