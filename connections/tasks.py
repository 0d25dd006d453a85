"""Timed work of connections: load, one verb, stop."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.timezone import localdate, now

from connections.actions import (
    answering,
    choosing,
    coffee_rounds,
    coffee_seats,
    computing,
    handing,
    keeping,
    publishing,
    rounds,
    still_there,
    suggesting,
    together,
)
from connections.models import (
    CheckIn,
    Credential,
    Meeting,
    MentorProfile,
    Relationship,
    SupervisionPlace,
)
from connections.models.supervision_due import tell_due
from connections.models.terms import Terms


@shared_task
def suggest(*, request: int, **_later: Any) -> None:
    """Look for people who might help. Called twice, it looks once."""
    claimed = suggesting.claim(request, at=now())
    if claimed is not None:
        suggesting.suggest(claimed, at=now())


@shared_task
def sweep_suggestions(**_later: Any) -> None:
    suggesting.ring_for_waiting(at=now())


@shared_task
def watch_requests(**_later: Any) -> None:
    """Reminders half-way, and a kind end when the days are over."""
    at = now()
    answering.close_due(at=at)
    answering.remind_due(at=at)


@shared_task
def ask_next(*, request: int, **_later: Any) -> None:
    """The next on the mentee's list is asked. Called twice, it asks once."""
    choosing.move_on(request, at=now())


@shared_task
def ask_next_due(**_later: Any) -> None:
    """Lists go on where an answer did not come in time, or the bell was not heard."""
    choosing.move_on_due(at=now())


@shared_task(soft_time_limit=1700, time_limit=1800)
def solve_round(*, round: int, **_later: Any) -> None:
    """Assign the whole pool of a round. Only one worker holds its lease."""
    claimed = computing.claim(round, at=now())
    if claimed is not None:
        computing.compute(claimed, at=now())


@shared_task
def publish_round(*, round: int, **_later: Any) -> None:
    """The next drafts of a round go out, each once."""
    publishing.publish_some(round, at=now())


@shared_task
def sweep_rounds(**_later: Any) -> None:
    rounds.ring_for_waiting(at=now())


@shared_task
def end_pauses(**_later: Any) -> None:
    """Mentors whose pause is over take new people again."""
    MentorProfile.objects.resume_due(on=localdate())


@shared_task
def resume_pairs(**_later: Any) -> None:
    """Relationships whose pause is over go on."""
    Relationship.objects.resume_due(at=now())


@shared_task
def close_hand_overs(**_later: Any) -> None:
    """Hand-overs nobody answers stop without blame."""
    handing.close_due(at=now())


@shared_task
def tell_reviews(**_later: Any) -> None:
    """The day has come on which a pair wanted to look at its agreement again."""
    Terms.objects.tell_reviews(at=now())


@shared_task
def nudge_silent(**_later: Any) -> None:
    """A gentle word to pairs that have gone quiet, once in a silence."""
    Relationship.objects.nudge_silent(at=now())


@shared_task
def ask_how_it_is_going(**_later: Any) -> None:
    """The fit question after the first meeting, then a pulse now and then; each once."""
    CheckIn.objects.ask_due(at=now())


@shared_task
def ask_quiet_mentors(**_later: Any) -> None:
    """Mentors who do not answer are asked whether they still take requests, reminded, then paused."""
    still_there.go_round(at=now())


@shared_task
def remind_of_meetings(**_later: Any) -> None:
    """A word to both halves of a pair the day before they meet, once."""
    Meeting.objects.remind_due(at=now())


@shared_task
def forget_ended(**_later: Any) -> None:
    """The words of relationships that ended long ago are deleted."""
    keeping.forget_words(at=now())


@shared_task
def remind_of_credentials(**_later: Any) -> None:
    """Coaches whose credential expires soon hear of it, twice at most."""
    Credential.objects.remind_due(at=now())


@shared_task
def remind_of_supervision(**_later: Any) -> None:
    """A word the day before to everyone with a place."""
    SupervisionPlace.objects.remind_due(at=now())


@shared_task
def tell_supervision_due(**_later: Any) -> None:
    """Coaches whose supervision is overdue hear of it, once each time."""
    tell_due(at=now())


@shared_task
def sweep_coffee(**_later: Any) -> None:
    """On the day of the rules a coffee round begins; what was interrupted goes on."""
    at = now()
    coffee_rounds.begin_due(at=at)
    coffee_rounds.ring_for_waiting(at=at)


@shared_task(soft_time_limit=560, time_limit=590)
def draw_coffee(*, round: int, **_later: Any) -> None:
    """Seat everybody of a month's round. Only one worker holds its lease."""
    claimed = coffee_rounds.claim(round, at=now())
    if claimed is not None:
        coffee_rounds.compute(claimed, at=now())


@shared_task
def tell_coffee(*, round: int, **_later: Any) -> None:
    """The next letters of a round, each once."""
    coffee_rounds.tell_some(round, at=now())


@shared_task
def remind_coffee(**_later: Any) -> None:
    """Two weeks on: have you met?"""
    coffee_seats.remind_due(at=now())


@shared_task
def make_slots(**_later: Any) -> None:
    """Office hours get the slots of the weeks ahead. Called twice, they are made once."""
    together.make_slots(at=now())


@shared_task
def remind_together(**_later: Any) -> None:
    """A word before an office hour and before a circle meets, once to each."""
    together.remind(at=now())


@shared_task
def forget_together(**_later: Any) -> None:
    """Questions and messages are deleted when their time is over."""
    together.forget_words(at=now())
