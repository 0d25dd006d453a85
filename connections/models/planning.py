"""Meetings to come: plan, move, call off. Nobody is promised to two meetings at one time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, Func, Max, Min, Q

from academy.models import Person
from academy.rows import each
from connections.models.care import RelationshipRules
from connections.models.relationships import Relationship

if TYPE_CHECKING:
    from connections.models.meetings import Meeting

SHORTEST, LONGEST = 5, 480


def _until() -> ExpressionWrapper[Any]:
    length = Func(
        F("minutes"),
        template="make_interval(mins => %(expressions)s)",
        output_field=models.DurationField(),
    )
    return ExpressionWrapper(F("starts_at") + length, output_field=models.DateTimeField())


def between(rows: Any, starts_at: datetime, until: datetime) -> Any:
    """Those that take some of this time."""
    earliest = starts_at - timedelta(minutes=LONGEST)  # for the index
    taking = rows.filter(starts_at__gte=earliest, starts_at__lt=until)
    return taking.annotate(until=_until()).filter(until__gt=starts_at)


class PlanningQuerySet(models.QuerySet["Meeting"]):
    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def planned(self) -> Self:
        return self.filter(state=self.model.State.PLANNED)

    def to_come(self, at: datetime) -> Self:
        return self.planned().filter(starts_at__gt=at)

    def of_people(self, *people: Any) -> Self:
        """Whichever half they are; each by number, or as a column of an outer query."""
        halves = [Q(relationship__mentor=one) | Q(relationship__mentee=one) for one in people]
        return self.filter(reduce(or_, halves))

    def between(self, starts_at: datetime, until: datetime) -> Self:
        taking: Self = between(self, starts_at, until)
        return taking

    def first_in(self, spans: list[tuple[datetime, datetime]]) -> Meeting | None:
        """The first planned one that takes some of one of these times, which come in order."""
        rows = self.planned().between(spans[0][0], spans[-1][1]).order_by("starts_at", "pk")
        return next(
            (
                one
                for one in rows
                if any(one.starts_at < end and start < one.ends_at for start, end in spans)
            ),
            None,
        )

    def usual(self, relationship: Relationship) -> dict[str, Any]:
        """How long and in what way this pair met or planned to meet last."""
        last = self.filter(relationship=relationship).exclude(state=self.model.State.CANCELLED)
        found = last.order_by("-starts_at", "-pk").values("minutes", "how").first()
        return dict(found or {})

    def held_still(self, relationship: Relationship, by: Any) -> Relationship:
        """The pair's row, after those of the two people: whoever plans with either has to wait."""
        Person.objects.hold(relationship.mentor_id, relationship.mentee_id)
        return relationship.locked_for(by)

    def first_busy(self, people: Iterable[Any], starts_at: datetime, until: datetime) -> Any:
        """Who of these has one of these meetings planned then, or is in a slot that is booked."""
        meetings = self.planned().between(starts_at, until)
        for one in people:
            slots = (one.slots_given, one.slots_booked)
            if meetings.of_people(one.pk).exists() or any(
                side.between(starts_at, until).exists() for side in slots
            ):
                return one
        return None

    def _must_be_free(
        self, pair: Relationship, starts_at: datetime, minutes: int, *, but: int = 0
    ) -> None:
        others, until = self.model.objects.exclude(pk=but), starts_at + timedelta(minutes=minutes)
        busy = others.first_busy((pair.mentor, pair.mentee), starts_at, until)
        if busy is not None:
            raise self.model.Clash(busy)

    @transaction.atomic
    def plan(
        self,
        relationship: Relationship,
        *,
        by: Any,
        starts_at: datetime,
        minutes: int,
        how: str,
        place: str = "",
        token: UUID,
        at: datetime,
    ) -> Meeting:
        """They will meet; both are told, with an entry for their calendars."""
        if starts_at <= at:
            raise self.model.AlreadyPast
        pair = self.held_still(relationship, by)
        same = self.filter(relationship=pair, token=token).first()
        if same is not None:
            return same
        self._must_be_free(pair, starts_at, minutes)
        meeting = self.create(
            relationship=pair,
            mentor_id=pair.mentor_id,
            mentee_id=pair.mentee_id,
            state=self.model.State.PLANNED,
            token=token,
            written_by=by,
            written_at=at,
            starts_at=starts_at,
            minutes=minutes,
            how=how,
            place=place,
            remind_at=remind_at(starts_at, at=at),
        )
        meeting.tell("meeting_planned", by=by, at=at)
        self.model.objects.sum_up(pair)
        return meeting

    @transaction.atomic
    def move(
        self,
        meeting: Meeting,
        *,
        by: Any,
        starts_at: datetime,
        minutes: int,
        how: str,
        place: str = "",
        seen: int,
        at: datetime,
    ) -> bool:
        """Another time or place for the same meeting: both calendars follow. Twice is once.

        `seen` is the meeting's sequence when it was read: nobody moves it over the other's move.
        """
        if starts_at <= at:
            raise self.model.AlreadyPast
        pair = self.held_still(meeting.relationship, by)
        new = {"starts_at": starts_at, "minutes": minutes, "how": how, "place": place}
        here = self.planned().filter(pk=meeting.pk).exclude(**new)
        if here.exclude(sequence=seen).exists():
            raise self.model.Moved
        self._must_be_free(pair, starts_at, minutes, but=meeting.pk)
        won = here.update(
            **new,
            mentor=pair.mentor_id,
            mentee=pair.mentee_id,
            sequence=F("sequence") + 1,
            remind_at=remind_at(starts_at, at=at),
        )
        meeting.refresh_from_db()
        if won:
            meeting.tell("meeting_moved", by=by, at=at)
            self.model.objects.sum_up(pair)
        elif not meeting.planned:
            raise self.model.Settled
        return bool(won)

    def sum_up(self, pair: Relationship) -> None:
        """The pair's own dates follow its meetings. The pair's row is locked."""
        held, planned = Q(state=self.model.State.HELD), Q(state=self.model.State.PLANNED)
        dates = self.of(pair).aggregate(
            first=Min("starts_at", filter=held),
            last=Max("starts_at", filter=held),
            next=Min("starts_at", filter=planned),
        )
        pair.refresh_from_db(fields=["last_contact_at"])
        pair.first_met_at, pair.next_meeting_at = dates["first"], dates["next"]
        pair.last_contact_at = max(pair.last_contact_at, dates["last"] or pair.last_contact_at)
        pair.save(update_fields=["first_met_at", "next_meeting_at", "last_contact_at"])

    def call_off(self, *, by: Any, at: datetime) -> None:
        """None of these will take place, and calendars let them go. The pair's row is locked.

        `by` nobody where they fall with the pair: the letter names no one.
        """
        for meeting in self.to_come(at).select_related("relationship").order_by("starts_at", "pk"):
            if self.drop(meeting):
                meeting.tell("meeting_cancelled", by=by, at=at)

    def drop(self, meeting: Meeting) -> bool:
        """It will not take place, and outranks what calendars hold of it."""
        won = (
            self.planned()
            .filter(pk=meeting.pk)
            .update(state=self.model.State.CANCELLED, sequence=F("sequence") + 1, remind_at=None)
        )
        meeting.refresh_from_db(fields=["state", "sequence", "remind_at"])
        return bool(won)

    def to_remind(self, at: datetime) -> Self:
        """Tomorrow's meetings of pairs that go on, whose people have not been reminded."""
        going_on = Relationship.objects.current()
        return self.to_come(at).filter(remind_at__lte=at, relationship__in=going_on)

    def remind_due(self, *, at: datetime) -> int:
        """A word to both the day before, once; how many meetings."""
        due = self.to_remind(at).order_by("starts_at", "pk").values_list("pk", flat=True)
        return each(due, self._remind, at=at)

    @transaction.atomic
    def _remind(self, pk: int, *, at: datetime) -> bool:
        if not self.to_remind(at).filter(pk=pk).update(remind_at=None):
            return False  # another beat was first, or it was moved or called off meanwhile
        meeting = self.select_related("relationship__mentor", "relationship__mentee").get(pk=pk)
        meeting.tell("meeting_reminder", by=None, at=at)
        return True


def remind_at(starts_at: datetime, *, at: datetime) -> datetime | None:
    """A day before; never when the meeting was arranged so late that both have it in mind."""
    before = timedelta(hours=RelationshipRules.current().reminder_hours)
    when = starts_at - before
    return when if when - at > before / 2 else None
