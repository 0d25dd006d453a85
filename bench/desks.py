"""Two desks in an academy, one of a few people and one of very many; see bench.inside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from academy.models import Person
from bench.facts import session
from connections.models import Goal, Meeting, Relationship
from connections.models.caseload import desk_of

SIZES = (3, 200)


def main() -> dict[str, Any]:
    with override("en"):
        return {
            "bare": reverse("bench_bare"),
            "url": reverse("connections:caseload"),
            "desks": [about(many) for many in SIZES],
        }


def about(many: int) -> dict[str, Any]:
    mentor = desk(many)
    with CaptureQueriesContext(connection) as asked:
        desk_of(mentor, at=now())
    return {"people": many, "session": session(mentor.email), "queries": len(asked)}


def desk(many: int) -> Person:
    """A mentor of so many people, each with two meetings and two goals."""
    at = now()
    mentor = Person.objects.create(email=f"desk{many}@example.org", name="Desk", approved_at=at)
    mentees = Person.objects.filter(email__startswith="improver").order_by("pk")[:many]
    pairs = Relationship.objects.bulk_create(
        Relationship(
            mentor=mentor,
            mentee=one,
            kind="mentoring",
            state="current",
            began_at=at - timedelta(days=80),
            agreed_at=at - timedelta(days=78),
            first_met_at=at - timedelta(days=70),
            last_contact_at=at - timedelta(days=10),
            next_meeting_at=at + timedelta(days=5),
            ends_on=(at + timedelta(days=100)).date(),
        )
        for one in mentees
    )
    if len(pairs) < many:
        raise SystemExit(f"only {len(pairs)} people to be mentored")
    Meeting.objects.bulk_create(meeting(pair, day, at) for pair in pairs for day in (-10, 5))
    Goal.objects.bulk_create(goal(pair, at) for pair in pairs for _number in range(2))
    return mentor


def meeting(pair: Relationship, day: int, at: Any) -> Meeting:
    return Meeting(
        relationship=pair,
        state="held" if day < 0 else "planned",
        starts_at=at + timedelta(days=day),
        minutes=60,
        how="online",
        token=uuid4(),
        written_by=pair.mentor,
        written_at=at,
    )


def goal(pair: Relationship, at: Any) -> Goal:
    made = Goal(relationship=pair, set_by=pair.mentee, language="en", token=uuid4(), set_at=at)
    made.seal("Everybody on the ward knows by noon who goes home tomorrow.")
    return made
