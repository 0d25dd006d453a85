"""Many rows at once, and work in the background that can be done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, F, Func, Value


def each(keys: Iterable[int], verb: Callable[..., Any], *, at: datetime) -> int:
    """Do one thing for every key; how many it was done for. One that fails stops nobody else.

    Raises the first trouble, last.
    """
    done, troubles = 0, []
    for key in list(keys):
        try:
            done += bool(verb(key, at=at))
        except Exception as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return done


def any_of(field: str, keys: Iterable[int]) -> Func:
    """A condition as `field__in`, but of one parameter: much quicker to say for many keys."""
    return Func(
        F(field),
        Value(list(keys), output_field=ArrayField(BigIntegerField())),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


@contextmanager
def repeatable() -> Iterator[None]:
    """A transaction whose end does not wait for the disk, for work that is found and done again.

    If the database's machine dies in the next moment, this is as if it had not been done: the whole of
    it, with everything after it. Any transaction that waits for the disk makes this one safe as well.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        yield
