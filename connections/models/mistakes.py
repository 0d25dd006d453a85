"""Taking back what one wrote by mistake: by who wrote it, within a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from academy.models.base import Refusal
from connections.models.goals import Goal
from connections.models.meetings import Meeting
from connections.models.notes import Note
from connections.models.relationships import Relationship
from connections.models.tasks import Task

WITHIN = timedelta(hours=24)


class TooLate(Refusal):
    """It is older than a day, gone already, or somebody else wrote it."""


@dataclass(frozen=True)
class Written:
    """Something the reader wrote today; `words` are its own, where it has any."""

    name: str
    row: Meeting | Note | Goal | Task
    at: datetime
    words: str | None = field(repr=False, default=None)

    @property
    def meeting(self) -> Meeting | None:
        return self.row if isinstance(self.row, Meeting) else None

    @property
    def goal(self) -> bool:
        return isinstance(self.row, Goal)

    @property
    def task(self) -> bool:
        return isinstance(self.row, Task)


def written_by(person: Any, pair: Relationship, *, at: datetime) -> list[Written]:
    """What this person may still take back, newest first; words of a meeting go with it."""
    since = at - WITHIN
    meetings = Meeting.objects.of(pair).held().filter(written_by=person, written_at__gte=since)
    notes = Note.objects.of(pair).filter(author=person, written_at__gte=since)
    goals = Goal.objects.of(pair).open().filter(set_by=person, set_at__gte=since)
    tasks = Task.objects.of(pair).open().filter(set_by=person, set_at__gte=since)
    found = [
        *(Written(f"meeting-{row.pk}", row, row.written_at) for row in meetings),
        *(
            Written(f"note-{one.note.pk}", one.note, one.note.written_at, one.words)
            for one in notes.opened_by(person)
            if one.note.meeting_id is None or one.note.meeting_id not in {m.pk for m in meetings}
        ),
        *(
            Written(f"goal-{one.goal.pk}", one.goal, one.goal.set_at, one.words)
            for one in goals.opened_by(person)
        ),
        *(
            Written(f"task-{one.task.pk}", one.task, one.task.set_at, one.words)
            for one in tasks.opened_by(person)
        ),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


@transaction.atomic
def take_back(pair: Relationship, name: str, *, by: Any, at: datetime) -> None:
    """Remove it as if it had never been written; the pair's dates follow."""
    pair = pair.locked_for(by, even_paused=True)
    row = {one.name: one.row for one in written_by(by, pair, at=at)}.get(name)
    if row is None:
        raise TooLate
    if isinstance(row, Meeting):
        Note.objects.filter(meeting=row, author=by).delete()
    row.delete()
    last = Note.objects.last_words(pair)
    pair.last_contact_at = max(filter(None, (pair.began_at, pair.agreed_at, last["by_hand"])))
    pair.kind_word_at = last["to_several"]
    pair.save(update_fields=["last_contact_at", "kind_word_at"])
    Meeting.objects.sum_up(pair)
