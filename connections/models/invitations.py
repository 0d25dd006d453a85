"""A meeting as an entry of one reader's calendar, for the mail and for the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from academy import calendars
from academy.letters import absolute
from connections.models.meetings import Meeting


def entry(meeting: Meeting, reader: Any) -> calendars.Entry:
    """Named after the other half; what they talk about is not in it."""
    pair = meeting.relationship
    other = {"name": pair.other(reader).name}
    title = _("Coaching with %(name)s") if pair.coaching else _("Mentoring with %(name)s")
    return calendars.Entry(
        uid=calendars.uid("meeting", meeting.pk),
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=title % other,
        place=meeting.place or meeting.get_how_display(),
        url=absolute(meeting.get_absolute_url()),
        cancelled=meeting.cancelled,
    )
