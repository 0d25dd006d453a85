"""Circles elsewhere in the academy: when they meet, how they are found, what one takes along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from academy import hooks
from connections.models import Circle, CircleMeeting, CircleMember, CircleMessage
from connections.models.circle_list import found_by, mine

NEAR = timedelta(days=2)


@hooks.panel("connections/circles/_panel.html", place="now", order=13)
def my_circles(request: HttpRequest) -> hooks.Facts | None:
    """The circles one hosts or is in, and when they meet."""
    if not request.user.is_authenticated:
        return None
    rows = mine(request.user, at=now())
    return {"rows": rows} if rows else None


@hooks.need
def circle_meets(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """A circle meets within two days."""
    dates = CircleMeeting.objects.to_come(at).filter(starts_at__lte=at + NEAR)
    near = dates.filter(circle__in=Circle.objects.open().of(person)).select_related("circle")
    for meeting in near.order_by("starts_at", "pk"):
        starts = localtime(meeting.starts_at)
        facts = {"title": str(meeting.circle), "day": date_format(starts, "l j F")}
        said = _("Your circle meets on %(day)s at %(time)s: %(title)s")
        facts["time"] = date_format(starts, "H:i")
        yield hooks.Need(said % facts, meeting.circle.get_absolute_url(), _("Open the circle"))


@hooks.search(order=34)
def circles(words: str, reader: Any) -> Iterator[hooks.Hit]:
    """Open circles, to everybody who has signed in and may see them."""
    if not reader.is_authenticated:
        return
    for circle in found_by(words, reader):
        yield hooks.Hit(
            _("Mentoring circle"),
            circle.title,
            circle.get_absolute_url(),
            circle.about[:160],
            circle.written_in,
        )


@hooks.export("circles")
def my_places_and_circles(person: Any) -> dict[str, Any]:
    """Places one had, circles one hosted, and what one wrote in them."""
    places = CircleMember.objects.of(person).select_related("circle").order_by("joined_at", "pk")
    hosted = Circle.objects.hosted_by(person).order_by("opened_at", "pk")
    written = CircleMessage.objects.filter(author=person).order_by("written_at", "pk")
    return {
        "places": [
            {"circle": str(one.circle), "joined_at": one.joined_at, "left_at": one.left_at}
            for one in places
        ],
        "hosted": list(hosted.values("title", "about", "place", "opened_at", "closed_at")),
        "written": [{"words": one.opened(), "written_at": one.written_at} for one in written],
    }
