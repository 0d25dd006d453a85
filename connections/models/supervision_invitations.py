"""A place in supervision as a calendar file, for the letter and for the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from academy import calendars
from academy.letters import absolute
from connections.models.supervision_places import SupervisionPlace


def entry(place: SupervisionPlace) -> calendars.Entry:
    """Its name belongs to the place: who gives it back and books again starts afresh."""
    session = place.session
    return calendars.Entry(
        uid=calendars.uid("supervision", place.pk),
        sequence=session.sequence + int(place.left_at is not None),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=_("Supervision: %(group)s") % {"group": session.group.name},
        place=session.place,
        url=absolute(session.get_absolute_url()),
        cancelled=session.cancelled_at is not None,
    )
