"""Of a concern: its reporter hears that it was taken and is closed, a lead that they are relieved.

Subject and words name no concern.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification
from connections.models import Concern, ConcernReply


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
    """Says whether words wait to be read, and not one of them."""
    concern = _reported(letter)
    if concern is None:
        return None
    waits = ConcernReply.objects.filter(concern=concern).exists()
    return hooks.Letter({"told_at": concern.reported_at, "words_wait": waits})


@hooks.notification(
    "connections.concern_relieved",
    label=_("A colleague has taken something over from you"),
    essential=True,
)
def concern_relieved(letter: Notification) -> hooks.Letter | None:
    """Lost its point when they have it again, or may see it no more."""
    seen = Concern.objects.visible_to(letter.person).exclude(owner=letter.person)
    return hooks.Letter() if seen.filter(pk=letter.facts["concern"]).exists() else None
