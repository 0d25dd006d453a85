"""What the house registers about questions: messages, what waits for whom, the pile of work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks, roles
from academy.models import Notification, Person, SupportRequest
from academy.permissions import may_act_as
from academy.piles import pile


@hooks.notification(
    "academy.question_received", label=gettext_lazy("We have your question"), start="at_once"
)
def question_received(letter: Notification) -> hooks.Letter | None:
    asked = SupportRequest.objects.filter(pk=letter.facts["request"]).first()
    if asked is None or not asked.is_open():
        return None
    return hooks.Letter({"reply_by": asked.reply_by})


@hooks.notification("academy.question_answered", label=gettext_lazy("Your question is answered"))
def question_answered(letter: Notification) -> hooks.Letter | None:
    asked = (
        SupportRequest.objects.filter(pk=letter.facts["request"]).select_related("owner").first()
    )
    if asked is None or asked.answered_at is None:
        return None
    return hooks.Letter({"owner": asked.owner.name if asked.owner else ""})


@hooks.need
def questions_to_answer(person: Person, *, at: datetime) -> Iterator[hooks.Need]:
    """For coordinators: questions of theirs, and of nobody's, oldest promise first."""
    if not may_act_as(person, roles.COORDINATOR):
        return
    waiting = SupportRequest.objects.open().for_desk_of(person).order_by("reply_by", "pk")
    for asked in waiting[:10]:
        yield hooks.Need(
            _("A question from %(name)s waits for an answer") % {"name": asked.asker.name},
            reverse("answer_question", args=[asked.pk]),
            _("Read and answer"),
            due_at=asked.reply_by,
        )


@hooks.queue
def open_questions(person: Person, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, roles.COORDINATOR):
        return
    rows, label = (
        SupportRequest.objects.open(),
        _("Questions without an answer, your colleagues’ too"),
    )
    yield pile(label, rows, since="asked_at", where=reverse("questions"))


@hooks.on("academy.person_left")
def take_back(*, person: Person, at: datetime) -> None:
    """Who leaves waits for no answer, and what they had promised goes back to the pile."""
    SupportRequest.objects.release(person, at=at)
