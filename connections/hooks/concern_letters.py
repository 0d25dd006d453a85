"""To whoever reported a concern: it was taken, it is closed. Subject and words name no concern."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification
from connections.models import Concern


def _reported(letter: Notification) -> Concern | None:
    """Theirs still: nothing when their account has gone from it."""
    mine = Concern.objects.reported_by(letter.person)
    return mine.filter(pk=letter.facts["concern"]).first() if letter.person else None


@hooks.notification("connections.concern_taken", label=_("What you told us has been taken up"))
def concern_taken(letter: Notification) -> hooks.Letter | None:
    """Lost its point when it is closed already."""
    concern = _reported(letter)
    if concern is None or concern.closed_at is not None:
        return None
    return hooks.Letter({"told_at": concern.reported_at})


@hooks.notification("connections.concern_closed", label=_("What you told us has been looked into"))
def concern_closed(letter: Notification) -> hooks.Letter | None:
    concern = _reported(letter)
    return hooks.Letter({"told_at": concern.reported_at}) if concern else None
