"""Ring the worker after commit. If nobody hears, the sweep finds the row: nothing depends on this."""

import logging
import time
from functools import partial
from typing import Any

from django.db import transaction

from academy.celery import app
from academy.logs import current_request_id

log = logging.getLogger(__name__)
DEAF_FOR = (
    10.0  # seconds without a knock after one nobody heard, so that a page waits for one alone
)


class Door:
    """When this process may knock again."""

    opens = 0.0


def ring(task: str, **ids: Any) -> None:
    """Ask for `task` by name once the transaction is in. Arguments are ids only."""
    transaction.on_commit(partial(_ring, task, ids), robust=True)


def _ring(task: str, ids: dict[str, Any]) -> None:
    if time.monotonic() < Door.opens:
        return
    try:
        app.send_task(task, kwargs={**ids, "request_id": current_request_id()})
    except Exception as error:  # whatever the broker's client raises, the page must go on
        Door.opens = time.monotonic() + DEAF_FOR
        log.warning(
            "doorbell unheard", extra={"facts": {"task": task, "why": type(error).__name__}}
        )
