"""Mentors who let requests close are asked whether they still take any, reminded, then paused kindly."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from academy.models import AuditEvent, Notification
from academy.rows import each
from connections.models import MentoringRequest, MentorProfile, StillThere
from connections.models.still_there import quiet_mentors

Outcome = StillThere.Outcome


def go_round(*, at: datetime) -> int:
    """Ask, remind and pause whoever it is time for; how many letters that made. Twice is once."""
    StillThere.objects.close_heard(at=at)
    asked, open_ = quiet_mentors(), StillThere.objects
    paused = each(open_.to_pause(at).order_by("pk").values_list("pk", flat=True), _pause, at=at)
    reminded = each(open_.to_remind(at).order_by("pk").values_list("pk", flat=True), _remind, at=at)
    return paused + reminded + each(asked.order_by("pk").values_list("pk", flat=True), _ask, at=at)


@transaction.atomic
def _ask(pk: int, *, at: datetime) -> bool:
    MentorProfile.objects.locked().get(pk=pk)
    profile = quiet_mentors().select_related("person").filter(pk=pk).first()
    if profile is None:
        return False  # another beat was first, or they answered meanwhile
    question = StillThere.objects.create(profile=profile, asked_at=at)
    _tell("still_there", question, at=at)
    return True


@transaction.atomic
def _remind(pk: int, *, at: datetime) -> bool:
    if not StillThere.objects.filter(
        pk__in=StillThere.objects.to_remind(at).filter(pk=pk).values("pk"), reminded_at=None
    ).update(reminded_at=at):
        return False
    _tell("still_there_reminder", _question(pk), at=at)
    return True


@transaction.atomic
def _pause(pk: int, *, at: datetime) -> bool:
    """Off the list without blame; whoever waits for them is not kept waiting."""
    profile = MentorProfile.objects.locked().get(still_there=pk)
    if not StillThere.objects.to_pause(at).filter(pk=pk).exists():
        return False
    if not StillThere.objects.close_with(profile, Outcome.QUIET, at=at):
        return False
    profile.pause(until=None, at=at)
    let_go(profile, at=at)
    AuditEvent.objects.record(
        "connections.mentor_paused_kindly", actor=None, thing=profile, fields=["paused"], at=at
    )
    _tell("still_there_paused", _question(pk), at=at)
    return True


@transaction.atomic
def answer(profile: MentorProfile, *, here: bool, at: datetime) -> None:
    """One press: still here (and back from a pause), or paused for now."""
    profile = MentorProfile.objects.locked().get(pk=profile.pk)
    StillThere.objects.close_with(profile, Outcome.HERE if here else Outcome.PAUSE, at=at)
    if here:
        profile.resume(at=at)
        return
    profile.pause(until=None, at=at)
    let_go(profile, at=at)


def let_go(profile: MentorProfile, *, at: datetime) -> None:
    """Requests that wait for them close at the next beat, and go on as any unanswered request does."""
    waiting = MentoringRequest.objects.filter(mentor=profile, state=MentoringRequest.State.ASKED)
    waiting.filter(closes_at__gt=at).update(closes_at=at, remind_at=None)


def _question(pk: int) -> StillThere:
    return StillThere.objects.select_related("profile__person").get(pk=pk)


def _tell(kind: str, question: StillThere, *, at: datetime) -> None:
    Notification.objects.post(
        f"connections.{kind}",
        key=str(question.pk),
        to=question.profile.person,
        facts={"question": question.pk},
        link=("connections:still_there", []),
        at=at,
    )
