"""The weekly summary: what was held is gathered into one message, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from academy.models import Notification, Person


def post_all(*, at: datetime) -> None:
    held = Notification.objects.filter(state=Notification.State.HELD)
    for pk in held.order_by("person").values_list("person", flat=True).distinct():
        post(pk, at=at)


@transaction.atomic
def post(person: int, *, at: datetime) -> None:
    """Gather one person's held messages. Two beats at once gather each message once."""
    reader = Person.objects.select_for_update(no_key=True).filter(pk=person).first()
    held = Notification.objects.filter(person=person, state=Notification.State.HELD)
    ids = list(held.order_by("created_at", "pk").values_list("pk", flat=True))
    if reader is None or not ids:
        return
    year, week, _day = at.isocalendar()
    posted = Notification.objects.post(
        "academy.digest",
        key=f"{person}-{year}-{week}",
        to=reader,
        facts={"count": len(ids), "ids": ids},
        link=("notifications", []),
        at=at,
    )
    if posted is not None:
        held.filter(pk__in=ids).update(
            state=Notification.State.SENT, sent_at=at, why="in a summary"
        )
