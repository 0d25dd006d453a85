"""Standing at the counter of a cohort: the ways it can say no, and a wait that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from academy.models.base import Refusal


class Closed(Refusal):
    """Not published, past its cut-off, or booked elsewhere."""


class Cancelled(Closed):
    """It will not take place."""


class Full(Refusal):
    """No place is left."""


class Busy(Refusal):
    """Somebody else is at the counter; try again."""


class TooFew(Refusal):
    """More people have a place than would be left."""


class NotReady(Refusal):
    """Publishing needs a published course and at least one session."""


@contextmanager
def waited() -> Iterator[None]:
    """A lock that takes too long, and the database's own no, become refusals."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy from error
        raise
    except IntegrityError as error:
        if "cohort_never_overfilled" in str(error):
            raise Full from error
        raise
