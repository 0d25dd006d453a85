"""One pair's page: what the reader may see of it, with the words opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import localdate

from connections.models.care import RelationshipRules
from connections.models.caseload import Row, rows_of
from connections.models.check_ins import CheckIn
from connections.models.concerns import Concern
from connections.models.goals import Goal, OpenedGoal
from connections.models.handovers import HandOver
from connections.models.meetings import Meeting
from connections.models.notes import Note, OpenedNote
from connections.models.proposals import Proposal
from connections.models.relationships import Relationship
from connections.models.rematch_offers import RematchOffer
from connections.models.suggestions import Suggestion
from connections.models.tasks import OpenedTask, Task
from connections.models.terms import Standing, Terms


@dataclass(frozen=True)
class Entry:
    """One thing that happened: a meeting with what was said, or a note."""

    at: datetime
    meeting: Meeting | None
    notes: list[OpenedNote] = field(repr=False)


@dataclass(frozen=True)
class Sheet:
    pair: Relationship
    row: Row
    other: Any
    is_mentor: bool
    terms: Standing
    hand_over: HandOver | None  # waits for an answer, or is how it ended
    token: UUID
    today: date
    welcome: Suggestion | None = field(repr=False)  # the mentor's words with their yes
    planned: list[Meeting]
    story: list[Entry] = field(repr=False)
    private: list[OpenedNote] = field(repr=False)
    goals: list[OpenedGoal] = field(repr=False)
    tasks: list[OpenedTask] = field(repr=False)
    proposal: Proposal | None
    concerns: list[Concern]
    check_in_waits: bool
    fit_comes: bool
    rematch_waits: bool
    readable_until: date | None

    @property
    def me(self) -> Any:
        return self.pair.mentor if self.is_mentor else self.pair.mentee

    @property
    def met(self) -> bool:
        return any(entry.meeting for entry in self.story)

    @property
    def longer_is_mine(self) -> bool:
        return bool(self.pair.later_by_id == self.me.pk)

    @property
    def handed_over(self) -> HandOver | None:
        return self.hand_over if self.hand_over and self.hand_over.done else None

    @property
    def goals_went_to(self) -> str:
        """The new mentor's name, where the mentee wished it."""
        done = self.handed_over
        return done.to.person.name if done and done.goals else ""

    @property
    def review_due(self) -> bool:
        """The day has come which they chose to look at their agreement again."""
        here = self.terms.in_force
        due = here is not None and here.terms.review_on <= self.today
        return due and self.pair.current and self.terms.proposal is None

    @property
    def goals_and_tasks(self) -> list[tuple[OpenedGoal | None, list[OpenedTask]]]:
        """Each goal with what is done for it; last, what stands by itself or whose goal went along."""
        under: dict[int, list[OpenedTask]] = {one.goal.pk: [] for one in self.goals}
        loose: list[OpenedTask] = []
        for one in self.tasks:
            under.get(one.task.goal_id or 0, loose).append(one)
        goals = [(one, under[one.goal.pk]) for one in self.goals]
        return [*goals, (None, loose)] if loose else [*goals]

    @property
    def proposed_by_me(self) -> bool:
        return self.proposal is not None and self.proposal.proposed_by_id != self.other.pk


def sheet_of(pair: Relationship, *, reader: Any, at: datetime) -> Sheet:
    notes = Note.objects.of(pair).opened_by(reader)
    waits = CheckIn.objects.waiting_for(reader).of(pair).exists()
    meetings = list(Meeting.objects.of(pair).order_by("starts_at", "pk"))
    return Sheet(
        pair=pair,
        row=rows_of(Relationship.objects.filter(pk=pair.pk), reader=reader, at=at)[0],
        other=pair.other(reader),
        is_mentor=reader.pk == pair.mentor_id,
        terms=Terms.objects.standing(pair, reader),
        hand_over=HandOver.objects.of(pair).standing().with_people().first(),
        token=uuid4(),
        today=localdate(at),
        welcome=_welcome(pair),
        planned=[meeting for meeting in meetings if meeting.planned],
        story=_story(meetings, [one for one in notes if one.note.shared]),
        private=[one for one in notes if not one.note.shared],
        goals=Goal.objects.of(pair).opened_by(reader),
        tasks=Task.objects.of(pair).opened_by(reader, on=localdate(at)),
        proposal=Proposal.objects.of(pair).with_times(at).first(),
        concerns=list(Concern.objects.reported_by(reader).with_owner().filter(relationship=pair)),
        check_in_waits=waits,
        fit_comes=not waits and CheckIn.objects.fit_is_due(pair, at=at),
        rematch_waits=RematchOffer.objects.waiting_for(reader, at).of(pair).exists(),
        readable_until=_readable_until(pair),
    )


def _welcome(pair: Relationship) -> Suggestion | None:
    if pair.request_id is None:
        return None
    return Suggestion.objects.welcoming(pair.request_id).first()


def _story(meetings: list[Meeting], notes: list[OpenedNote]) -> list[Entry]:
    """Newest first."""
    said: dict[int | None, list[OpenedNote]] = {}
    for one in notes:
        said.setdefault(one.note.meeting_id, []).append(one)
    held = [Entry(one.starts_at, one, said.get(one.pk, [])) for one in meetings if one.held]
    loose = [Entry(one.note.written_at, None, [one]) for one in said.get(None, [])]
    return sorted([*held, *loose], key=lambda entry: entry.at, reverse=True)


def _readable_until(pair: Relationship) -> date | None:
    if pair.ended_at is None:
        return None
    return localdate(pair.ended_at + RelationshipRules.current().kept())
