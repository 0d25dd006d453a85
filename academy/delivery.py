"""Sending: claim, decide, send, mark. Every end of it is a state staff can see."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.timezone import now

from academy.letters import compose
from academy.logs import remember_request_id
from academy.models import Notification
from academy.models.notifications import Choice

log = logging.getLogger(__name__)


def deliver(pk: int, *, at: datetime, connection: BaseEmailBackend | None = None) -> bool:
    """Send one notification if it is due and nobody else holds it; True when mail went out."""
    notification = Notification.objects.claim(pk, at=at)
    if notification is None:
        return False
    remember_request_id(notification.request_id)
    try:
        return _send(notification, connection or get_connection())
    except SMTPRecipientsRefused as refusal:
        worst = max((code for code, _words in refusal.recipients.values()), default=550)
        _refused(notification, worst, "recipient refused")
    except SMTPResponseException as refusal:
        _refused(notification, refusal.smtp_code, "refused")
    except OSError as trouble:  # sockets and time-outs: the relay is away
        notification.put_back(type(trouble).__name__, at=now())
    except Exception as bug:  # a message that cannot be made must not stop the others
        log.exception("message could not be made", extra={"facts": {"notification": pk}})
        notification.put_back_or_park(type(bug).__name__, at=now())
    return False


def _send(notification: Notification, connection: BaseEmailBackend) -> bool:
    person = notification.person
    if person is not None and not person.is_active and not notification.address:
        return notification.skip("account closed") and False
    choice = notification.chosen()
    if choice == Choice.OFF:
        return notification.skip("not by e-mail") and False
    if choice == Choice.WEEKLY:
        return notification.hold() and False
    message = compose(notification, connection)
    if message is None:
        return notification.skip("no longer wanted") and False
    message.send()
    return notification.mark_sent(at=now())


def _refused(notification: Notification, code: int, words: str) -> None:
    """5xx is a no for good: parked at once. 4xx is a not now."""
    why = f"{code} {words}"
    if code >= 500:
        notification.park(why)
    else:
        notification.put_back(why, at=now())


def deliver_due(*, until: datetime, limit: int) -> int:
    """Send what is due, oldest first, over one connection, until the time or the number is up."""
    sent, connection = 0, get_connection()
    try:
        for pk in list(
            Notification.objects.due(now())
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)[:limit]
        ):
            if now() >= until:
                break
            sent += deliver(pk, at=now(), connection=connection)
    finally:
        connection.close()
    return sent
