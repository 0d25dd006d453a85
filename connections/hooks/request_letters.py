"""Messages about offers and requests. Names are looked up when a message is sent."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification, Person
from connections.models import MentoringRequest, MentorProfile

State = MentoringRequest.State


def _request(letter: Notification) -> MentoringRequest | None:
    rows = MentoringRequest.objects.select_related("mentee", "mentor__person")
    return rows.filter(pk=letter.facts["request"]).first()


def offers_help(person: Person) -> bool:
    """Mentors and coaches, and who has begun an offer."""
    return MentorProfile.objects.filter(person=person).exists()


def _still_asked(letter: Notification) -> hooks.Letter | None:
    """Lost its point when the mentor has answered or the request was taken back."""
    request = _request(letter)
    if request is None or request.state != State.ASKED or request.mentor is None:
        return None
    if request.mentor.person_id != letter.person_id or request.answer_by is None:
        return None
    return hooks.Letter({"other": request.mentee.name, "closes_at": localtime(request.answer_by)})


def _to_mentee(letter: Notification, *states: State) -> hooks.Letter | None:
    request = _request(letter)
    if request is None or request.state not in states:
        return None
    mentor = request.mentor.person.name if request.mentor else ""
    closes_at: Any = localtime(request.answer_by) if request.answer_by else None
    passed = letter.facts.get("passed", False)
    return hooks.Letter({"other": mentor, "closes_at": closes_at, "passed": passed})


@hooks.notification(
    "connections.request_asked",
    label=_("Somebody asks you to mentor or coach"),
    audience=offers_help,
)
def request_asked(letter: Notification) -> hooks.Letter | None:
    return _still_asked(letter)


@hooks.notification(
    "connections.request_proposed",
    label=_("The academy proposes somebody you could help"),
    audience=offers_help,
)
def request_proposed(letter: Notification) -> hooks.Letter | None:
    return _still_asked(letter)


@hooks.notification(
    "connections.request_reminder",
    label=_("A request waits for your answer"),
    audience=offers_help,
)
def request_reminder(letter: Notification) -> hooks.Letter | None:
    return _still_asked(letter)


@hooks.notification(
    "connections.request_withdrawn", label=_("A request was taken back"), audience=offers_help
)
def request_withdrawn(letter: Notification) -> hooks.Letter | None:
    request = _request(letter)
    return hooks.Letter({"other": request.mentee.name}) if request else None


@hooks.notification(
    "connections.request_closed",
    label=_("A request to you has closed"),
    start="weekly",
    audience=offers_help,
)
def request_closed(letter: Notification) -> hooks.Letter | None:
    return hooks.Letter() if _request(letter) else None


@hooks.notification(
    "connections.request_sooner", label=_("A request waits a shorter time"), audience=offers_help
)
def request_sooner(letter: Notification) -> hooks.Letter | None:
    return _still_asked(letter)


@hooks.notification(
    "connections.request_moved_on", label=_("A request to you has moved on"), audience=offers_help
)
def request_moved_on(letter: Notification) -> hooks.Letter | None:
    return hooks.Letter() if _request(letter) else None


@hooks.notification(
    "connections.request_next", label=_("The next person on your list has been asked")
)
def request_next(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.ASKED)


@hooks.notification("connections.suggestions_ready", label=_("Suggestions for you are ready"))
def suggestions_ready(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.LOOKING)


@hooks.notification("connections.suggestions_wait", label=_("Your suggestions are waiting"))
def suggestions_wait(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.LOOKING)


@hooks.notification("connections.request_matched", label=_("The academy found somebody for you"))
def request_matched(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.ASKED)


@hooks.notification(
    "connections.request_left_out", label=_("We looked for somebody for you and found nobody yet")
)
def request_left_out(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.LOOKING)


@hooks.notification("connections.request_declined", label=_("An answer to your request"))
def request_declined(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.DECLINED)


@hooks.notification(
    "connections.request_released", label=_("The mentor you asked has no place left")
)
def request_released(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.RELEASED)


@hooks.notification("connections.request_expired", label=_("Your request has closed"))
def request_expired(letter: Notification) -> hooks.Letter | None:
    return _to_mentee(letter, State.EXPIRED)


@hooks.notification(
    "connections.profile_approved", label=_("Your offer is approved"), audience=offers_help
)
def profile_approved(letter: Notification) -> hooks.Letter | None:
    return _decided(letter, MentorProfile.State.APPROVED)


@hooks.notification(
    "connections.profile_declined", label=_("Your offer needs a change"), audience=offers_help
)
def profile_declined(letter: Notification) -> hooks.Letter | None:
    return _decided(letter, MentorProfile.State.DECLINED)


def _decided(letter: Notification, state: MentorProfile.State) -> hooks.Letter | None:
    profile = MentorProfile.objects.filter(pk=letter.facts["profile"], state=state).first()
    if profile is None:
        return None
    return hooks.Letter({"decision": profile.decision, "listed": profile.in_directory})
