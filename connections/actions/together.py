"""Timed work of office hours and circles, and what becomes of them when somebody leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from academy.rows import each
from connections.models import (
    Circle,
    CircleMeeting,
    CircleMember,
    CircleMessage,
    CircleRules,
    CircleWish,
    OfficeHour,
    SlotBooking,
    SlotQuestion,
)


def make_slots(*, at: datetime) -> int:
    """One that fails stops no other."""
    due = OfficeHour.objects.to_fill(localdate(at)).order_by("pk")
    return each(due.values_list("pk", flat=True), _fill, at=at)


def _fill(pk: int, *, at: datetime) -> bool:
    return OfficeHour.objects.get(pk=pk).fill(at=at) > 0


def remind(*, at: datetime) -> None:
    SlotBooking.objects.remind(at=at)
    CircleMeeting.objects.remind(hours=CircleRules.current().remind_hours, at=at)


@transaction.atomic
def forget_words(*, at: datetime) -> None:
    """What was asked and written goes; dates stay, for counts."""
    SlotQuestion.objects.kept_long_enough(at).delete()
    CircleMessage.objects.kept_long_enough(at).delete()


@transaction.atomic
def leave_everything(person: Any, *, at: datetime) -> None:
    """Time they booked is free again, hours they kept stop, circles they were in or hosted go on
    without them or close: whoever waited for them is told kindly."""
    for booking in SlotBooking.objects.of(person).to_leave(at).order_by("pk"):
        booking.give_back(why=SlotBooking.Why.ACCOUNT, at=at)
    for hour in OfficeHour.objects.of(person).filter(stopped_at=None).order_by("pk"):
        hour.stop(by=person, at=at)
    for circle in Circle.objects.joined_by(person).order_by("pk"):
        circle.let_go(person, why=CircleMember.Why.ACCOUNT, at=at)
    for circle in Circle.objects.open().hosted_by(person).order_by("pk"):
        circle.close(by=person, at=at)
    CircleWish.objects.of(person).delete()


@transaction.atomic
def forget_person(person: Any) -> None:
    """Their own words and places go; that there was an hour or a circle stays, without a name."""
    SlotQuestion.objects.filter(booking__person=person).delete()
    CircleMessage.objects.filter(author=person).delete()
    OfficeHour.objects.of(person).update(about="", place="")
    Circle.objects.hosted_by(person).update(title="", about="", place="")
