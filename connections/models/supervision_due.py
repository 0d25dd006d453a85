"""Whose supervision is overdue: the last is longer ago than the rule says, and nothing is booked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import DateField, Exists, Max, OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate

from academy.models import Notification, Person
from academy.rows import each
from connections.models.coach_rules import CoachRules
from connections.models.log import LogLine
from connections.models.practices import coaching
from connections.models.supervision_places import SupervisionPlace


def overdue(at: datetime) -> QuerySet[Person, Any]:
    """People who coach, with the day they were `supervised_on` last. Who never was is not pressed."""
    mine = LogLine.objects.supervision().filter(person=OuterRef("pk")).order_by()
    last = mine.values("person").annotate(last=Max("done_on")).values("last")
    booked = SupervisionPlace.objects.to_come(at).filter(person=OuterRef("pk"))
    coaches = Person.objects.active().filter(coaching(), ~Exists(booked))
    since = CoachRules.current().supervised_since(localdate(at))
    return coaches.annotate(supervised_on=Subquery(last, output_field=DateField())).filter(
        supervised_on__lt=since
    )


def tell_due(*, at: datetime) -> int:
    """One letter after each supervision that is longer ago than it should be; how many."""
    return each(overdue(at).order_by("pk").values_list("pk", flat=True), _tell, at=at)


def _tell(pk: int, *, at: datetime) -> bool:
    person = overdue(at).filter(pk=pk).first()
    if person is None:
        return False  # booked or written down meanwhile
    posted = Notification.objects.post(
        "connections.supervision_due",
        key=f"{pk}-{person.supervised_on}",
        to=person,
        facts={"supervised_on": str(person.supervised_on)},
        link=("connections:supervision", []),
        at=at,
    )
    return posted is not None
