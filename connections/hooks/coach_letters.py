"""Messages to coaches. Facts are looked up when a message is sent; a log's words never are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext_lazy as _

from academy import calendars, hooks
from academy.letters import absolute
from academy.models import Notification, Person
from connections.models import Credential, Practice, Step, SupervisionPlace
from connections.models.practices import coaches
from connections.models.supervision_due import overdue
from connections.models.supervision_invitations import entry


def keeps_credentials(person: Person) -> bool:
    return Credential.objects.of(person).exists()


def is_coach(person: Person) -> bool:
    return coaches(person)


def _credential(letter: Notification) -> Credential | None:
    return Credential.objects.filter(pk=letter.facts["credential"]).first()


@hooks.notification(
    "connections.credential_confirmed",
    label=_("A credential of yours is confirmed"),
    audience=keeps_credentials,
)
def credential_confirmed(letter: Notification) -> hooks.Letter | None:
    one = _credential(letter)
    return hooks.Letter({"name": one.name}) if one and one.confirmed_at else None


@hooks.notification(
    "connections.credential_returned",
    label=_("A coordinator asks about a credential of yours"),
    audience=keeps_credentials,
)
def credential_returned(letter: Notification) -> hooks.Letter | None:
    one = _credential(letter)
    return hooks.Letter({"name": one.name}) if one and one.returned_at else None


@hooks.notification(
    "connections.credential_expiring",
    label=_("A credential of yours expires soon"),
    audience=keeps_credentials,
)
def credential_expiring(letter: Notification) -> hooks.Letter | None:
    """Lost its point when it was renewed or removed meanwhile."""
    one = _credential(letter)
    if one is None or one.expires_on is None or not letter.key.endswith(str(one.expires_on)):
        return None
    if one.expires_on < localdate(now()):
        return None
    return hooks.Letter({"name": one.name, "expires_on": one.expires_on})


@hooks.notification("connections.step_given", label=_("Your step as a coach"))
def step_given(letter: Notification) -> hooks.Letter | None:
    found = Practice.objects.filter(pk=letter.facts["practice"], step=letter.facts["step"]).first()
    return hooks.Letter({"step": Step(found.step).label}) if found else None


def _place(letter: Notification) -> SupervisionPlace | None:
    places = SupervisionPlace.objects.select_related("session__group__lead", "person")
    return places.filter(pk=letter.facts["place"]).first()


def _with_file(place: SupervisionPlace, method: str) -> hooks.Letter:
    session, group = place.session, place.session.group
    facts: dict[str, Any] = {
        "group": group.name,
        "lead": group.lead.name if group.lead else "",
        "starts_at": localtime(session.starts_at),
        "minutes": session.minutes,
        "how": group.get_how_display(),
        "place": session.place,
        "leave_url": absolute(reverse("connections:leave_supervision", args=[session.pk])),
    }
    files = calendars.attached([entry(place)], to=place.person, method=method, at=now())
    return hooks.Letter(facts, files)


def _as_written(letter: Notification) -> SupervisionPlace | None:
    """The place while it stands and the session unless something newer was written about it."""
    place = _place(letter)
    if place is None or place.left_at or place.session.sequence != letter.facts["sequence"]:
        return None
    return place


@hooks.notification(
    "connections.supervision_booked",
    label=_("Your place in supervision"),
    essential=True,
    audience=is_coach,
)
def supervision_booked(letter: Notification) -> hooks.Letter | None:
    place = _place(letter)
    if place is None or place.left_at or place.session.cancelled_at:
        return None
    return _with_file(place, calendars.REQUEST)


@hooks.notification(
    "connections.supervision_given_back",
    label=_("A place in supervision you gave back"),
    essential=True,
    audience=is_coach,
)
def supervision_given_back(letter: Notification) -> hooks.Letter | None:
    place = _place(letter)
    return _with_file(place, calendars.CANCEL) if place else None


@hooks.notification(
    "connections.supervision_moved",
    label=_("Supervision has a new time or place"),
    essential=True,
    audience=is_coach,
)
def supervision_moved(letter: Notification) -> hooks.Letter | None:
    place = _as_written(letter)
    return _with_file(place, calendars.REQUEST) if place else None


@hooks.notification(
    "connections.supervision_cancelled",
    label=_("Supervision is cancelled"),
    essential=True,
    audience=is_coach,
)
def supervision_cancelled(letter: Notification) -> hooks.Letter | None:
    place = _as_written(letter)
    return _with_file(place, calendars.CANCEL) if place else None


@hooks.notification(
    "connections.supervision_tomorrow", label=_("Supervision is tomorrow"), audience=is_coach
)
def supervision_tomorrow(letter: Notification) -> hooks.Letter | None:
    place = _as_written(letter)
    if place is None or place.session.cancelled_at or place.session.over(now()):
        return None
    return hooks.Letter(_with_file(place, calendars.REQUEST).context)


@hooks.notification(
    "connections.supervision_due", label=_("Time for your own supervision"), audience=is_coach
)
def supervision_due(letter: Notification) -> hooks.Letter | None:
    """Lost its point when they have booked a session or had one meanwhile."""
    coach = letter.person
    person = overdue(now()).filter(pk=coach.pk).first() if coach else None
    if person is None or letter.facts["supervised_on"] != str(person.supervised_on):
        return None
    return hooks.Letter({"supervised_on": person.supervised_on})
