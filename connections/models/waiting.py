"""A wait for a locked row that ends, and the database's own no said as a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from academy.models.base import Refusal


class Busy(Refusal):
    """Somebody else is at it just now; try again."""


@contextmanager
def waited(**nets: type[Refusal]) -> Iterator[None]:
    """Nobody waits longer than three seconds. `nets` name constraints and what each one means."""
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
        for name, refusal in nets.items():
            if name in str(error):
                raise refusal from error
        raise
