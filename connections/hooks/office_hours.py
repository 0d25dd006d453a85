"""Office hours elsewhere in the academy: what is near, what is found, what goes when somebody goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy import hooks
from connections.actions import together
from connections.models import OfficeHour, SlotBooking
from connections.models.office_hour_list import found_by


def _clock(moment: datetime) -> str:
    return date_format(localtime(moment), "H:i")


@hooks.panel("connections/office_hours/_panel.html", place="now", order=12)
def my_times(request: HttpRequest) -> hooks.Facts | None:
    """What one has booked in office hours."""
    if not request.user.is_authenticated:
        return None
    mine = SlotBooking.objects.of(request.user).to_come(now()).select_related("slot", "host")
    bookings = list(mine.order_by("slot__starts_at", "pk"))
    return {"mine": bookings} if bookings else None


@hooks.need
def times_today(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """One's own booking today."""
    today = SlotBooking.objects.of(person).to_come(at).filter(slot__starts_at__date=localdate(at))
    for booking in today.select_related("slot", "host").order_by("slot__starts_at", "pk"):
        facts = {"name": booking.host.name, "time": _clock(booking.slot.starts_at)}
        said = _("You talk with %(name)s today at %(time)s") % facts
        yield hooks.Need(said, booking.get_absolute_url(), _("Look at your question"))


@hooks.need
def my_hours_today(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Who comes to one's own office hours today; and who came, where nobody has said so."""
    coming = SlotBooking.objects.hosted_by(person).to_come(at).order_by()
    today = coming.filter(slot__starts_at__date=localdate(at))
    starts = sorted(today.values_list("slot__starts_at", flat=True))
    url = reverse("connections:my_office_hours")
    if starts:
        words = ngettext(
            "Your office hour today at %(time)s: %(n)s person comes",
            "Your office hour today at %(time)s: %(n)s people come",
            len(starts),
        )
        said = words % {"time": _clock(starts[0]), "n": len(starts)}
        yield hooks.Need(said, url, _("Read the questions"))
    unmarked = SlotBooking.objects.hosted_by(person).over_lately(at).unmarked().count()
    if unmarked:
        words = ngettext(
            "%(n)s person was to come to your office hour: did they?",
            "%(n)s people were to come to your office hours: did they?",
            unmarked,
        )
        yield hooks.Need(words % {"n": unmarked}, url, _("Say who came"))


@hooks.search(order=32)
def office_hours(words: str, reader: Any) -> Iterator[hooks.Hit]:
    """Open hours by whose they are and what they are about; visitors see nobody."""
    if not reader.is_authenticated:
        return
    for hour in found_by(words, reader):
        yield hooks.Hit(
            _("Office hours"),
            hour.host.name,
            hour.get_absolute_url(),
            hour.about or ", ".join(topic.name for topic in hour.topics.all()),
            hour.written_in if hour.about else "",
        )


@hooks.on("academy.person_left")
def leave_office_hours_and_circles(*, person: Any, at: datetime) -> None:
    together.leave_everything(person, at=at)


@hooks.export("office_hours")
def my_office_hours(person: Any) -> dict[str, Any]:
    """What one booked and asked, and the hours one keeps. What others asked is theirs."""
    booked = SlotBooking.objects.of(person).select_related("slot", "host", "question")
    hours = OfficeHour.objects.of(person).prefetch_related("topics").order_by("pk")
    return {
        "booked": [
            {
                "host": one.host.name,
                "starts_at": one.slot.starts_at,
                "booked_at": one.booked_at,
                "ended_at": one.left_at,
                "came": one.came,
                "question": one.question.opened() if hasattr(one, "question") else None,
            }
            for one in booked.order_by("booked_at", "pk")
        ],
        "kept": [
            {
                **{name: getattr(one, name) for name in ("about", "how", "place", "from_on")},
                **{name: getattr(one, name) for name in ("until_on", "opened_at", "stopped_at")},
                "topics": [topic.name for topic in one.topics.all()],
            }
            for one in hours
        ],
    }


@hooks.erase(order=35)
def erase_office_hours_and_circles(person: Any, *, at: datetime) -> None:
    together.leave_everything(person, at=at)
    together.forget_person(person)
