"""Messages about meetings: when and where, with an entry for the reader's calendar."""

from __future__ import annotations

from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _

from academy import calendars, hooks
from academy.models import Notification
from connections.models import Meeting, Proposal, Relationship
from connections.models.invitations import entry


def _meeting(letter: Notification, state: str) -> Meeting | None:
    """The meeting, unless it has changed since the message was written."""
    rows = Meeting.objects.select_related("relationship__mentor", "relationship__mentee")
    if "meeting" not in letter.facts:  # written by the version before this one
        return rows.filter(pk=int(letter.key.rpartition(":")[2]), state=state).first()
    sequence = letter.facts["sequence"]
    return rows.filter(pk=letter.facts["meeting"], sequence=sequence, state=state).first()


def _letter(letter: Notification, meeting: Meeting, *, method: str) -> hooks.Letter:
    pair, reader, place = meeting.relationship, letter.person, meeting.place
    facts = {
        "other": pair.other(reader).name,
        "mine": reader is not None and letter.facts.get("by") == reader.pk,
        "ended": pair.ended,
        "falls": letter.facts.get("by") is None,
        "handed": pair.why == Relationship.Why.HANDED,
        "starts_at": localtime(meeting.starts_at),
        "how": meeting.get_how_display(),
        "place": place,
    }
    file = calendars.attached([entry(meeting, reader)], to=reader, method=method, at=now())
    return hooks.Letter(facts, file)


def _planned(letter: Notification) -> hooks.Letter | None:
    meeting = _meeting(letter, Meeting.State.PLANNED)
    if meeting is None or meeting.relationship.ended:
        return None
    return _letter(letter, meeting, method=calendars.REQUEST)


@hooks.notification("connections.meeting_planned", label=_("A meeting is planned"))
def meeting_planned(letter: Notification) -> hooks.Letter | None:
    return _planned(letter)


@hooks.notification("connections.meeting_moved", label=_("A meeting has a new time or place"))
def meeting_moved(letter: Notification) -> hooks.Letter | None:
    return _planned(letter)


@hooks.notification("connections.meeting_cancelled", label=_("A meeting will not take place"))
def meeting_cancelled(letter: Notification) -> hooks.Letter | None:
    meeting = _meeting(letter, Meeting.State.CANCELLED)
    return None if meeting is None else _letter(letter, meeting, method=calendars.CANCEL)


@hooks.notification("connections.meeting_reminder", label=_("A reminder the day before you meet"))
def meeting_reminder(letter: Notification) -> hooks.Letter | None:
    """Lost its point when the meeting has begun, or the pair no longer goes on."""
    meeting = _meeting(letter, Meeting.State.PLANNED)
    if meeting is None or not meeting.relationship.current or meeting.starts_at <= now():
        return None
    return hooks.Letter(_letter(letter, meeting, method=calendars.REQUEST).context)


def _proposal(letter: Notification, state: str) -> tuple[Proposal, Relationship] | None:
    rows = Proposal.objects.select_related("relationship__mentor", "relationship__mentee")
    proposal = rows.filter(pk=letter.facts["proposal"], state=state).first()
    if proposal is None or not proposal.relationship.current:
        return None
    return proposal, proposal.relationship


@hooks.notification("connections.times_proposed", label=_("Times to meet are proposed"))
def times_proposed(letter: Notification) -> hooks.Letter | None:
    found = _proposal(letter, Proposal.State.OPEN)
    if found is None:
        return None
    proposal, pair = found
    times = proposal.times.filter(starts_at__gt=now()).order_by("starts_at", "pk")
    days = [localtime(time.starts_at) for time in times]
    return hooks.Letter({"other": pair.other(letter.person).name, "days": days}) if days else None


@hooks.notification("connections.times_declined", label=_("None of the times you proposed fits"))
def times_declined(letter: Notification) -> hooks.Letter | None:
    found = _proposal(letter, Proposal.State.DECLINED)
    return hooks.Letter({"other": found[1].other(letter.person).name}) if found else None
