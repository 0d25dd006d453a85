"""What waits for a coach and for who cares for coaches; leaving, taking data along, erasing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _

from academy import hooks
from academy.permissions import may_act_as
from academy.piles import pile
from academy.roles import COORDINATOR
from connections.models import (
    Credential,
    LadderStep,
    LogLine,
    Practice,
    SupervisionPlace,
    SupervisionSession,
)
from connections.models.supervision_due import overdue
from connections.models.supervision_places import leave_supervision

LADDER = Path(__file__).resolve().parent.parent / "data" / "ladder.json"
SOON = timedelta(days=2)


@hooks.reference(order=60)
def ladder() -> str:
    """Start values of the coach ladder, added where a step is new."""
    rows: list[dict[str, Any]] = json.loads(LADDER.read_text(encoding="utf-8"))["steps"]
    return f"{LadderStep.objects.load(rows)} steps of the coach ladder added"


@hooks.need
def credentials_expiring(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    expiring = Credential.objects.of(person).expiring(localdate(at))
    for one in expiring.order_by("expires_on", "pk"):
        yield hooks.Need(
            _("Your credential expires soon: %(name)s") % {"name": one.name},
            reverse("connections:change_credential", args=[one.pk]),
            _("Renew it"),
            make_aware(datetime.combine(one.expires_on or localdate(at), time(12))),
            answers=False,
        )


@hooks.need
def credentials_returned(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    mine = Credential.objects.of(person).filter(returned_at__isnull=False)
    for one in mine.order_by("returned_at", "pk"):
        yield hooks.Need(
            _("A coordinator asks about your credential: %(name)s") % {"name": one.name},
            reverse("connections:change_credential", args=[one.pk]),
            _("See what is missing"),
        )


@hooks.need
def supervision_tomorrow(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Sessions of the next two days."""
    mine = SupervisionPlace.objects.of(person).to_come(at).select_related("session__group")
    near = mine.filter(session__starts_at__lte=at + SOON)
    for place in near.order_by("session__starts_at", "pk"):
        start = localtime(place.session.starts_at)
        facts = {
            "group": place.session.group.name,
            "day": date_format(start, "l j F"),
            "time": f"{start:%H:%M}",
        }
        yield hooks.Need(
            _("Your supervision: %(group)s, %(day)s at %(time)s") % facts,
            place.session.get_absolute_url(),
            _("See when and where"),
        )


@hooks.need
def supervision_due(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """The last one is longer ago than the rule recommends, and nothing is booked."""
    mine = overdue(at).filter(pk=person.pk).first()
    if mine is None:
        return
    day = {"day": date_format(mine.supervised_on, "j F Y")}
    yield hooks.Need(
        _("Your last supervision was on %(day)s: time for yourself again?") % day,
        reverse("connections:supervision"),
        _("Find a session"),
    )


@hooks.need
def attendance_to_record(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Sessions this person led that are over: who came?"""
    led = SupervisionSession.objects.unrecorded(at).filter(group__lead=person)
    for session in led.select_related("group").order_by("starts_at", "pk")[:5]:
        facts = {
            "group": session.group.name,
            "day": date_format(localtime(session.starts_at), "j F"),
        }
        yield hooks.Need(
            _("Supervision on %(day)s, %(group)s: who came?") % facts,
            reverse("connections:supervision_attendance", args=[session.pk]),
            _("Record who came"),
        )


@hooks.queue
def credentials_to_confirm(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if may_act_as(person, COORDINATOR):
        rows = Credential.objects.waiting()
        url = f"{reverse('connections:register')}?credential=waiting"
        yield pile(_("Credentials of coaches to confirm"), rows, since="added_at", where=url)


@hooks.on("academy.person_left")
def free_places(*, person: Any, at: datetime) -> None:
    leave_supervision(person, at=at)


@hooks.export("coaching practice")
def my_practice(person: Any) -> dict[str, Any]:
    """One's step, credentials, places and log, words and all."""
    practice = Practice.objects.of(person).first()
    lines = LogLine.objects.of(person).order_by("done_on", "pk").opened()
    places = SupervisionPlace.objects.of(person).order_by("booked_at", "pk")
    return {
        "step": practice.step if practice else None,
        "step_shown": practice.shown if practice else False,
        "credentials": list(
            Credential.objects.of(person)
            .order_by("added_at", "pk")
            .values("name", "awarded_by", "awarded_on", "expires_on", "evidence", "confirmed_at")
        ),
        "supervision": list(
            places.values("session__group__name", "session__starts_at", "left_at", "came")
        ),
        "log": [
            {
                "done_on": one.line.done_on,
                "minutes": one.line.minutes,
                "kind": one.line.kind,
                "title": one.title,
                "reflection": one.reflection,
            }
            for one in lines
        ],
    }


@hooks.erase(order=25)
def erase_practice(person: Any, *, at: datetime) -> None:
    """The log, the credentials and the step go; sessions keep their counts of others."""
    leave_supervision(person, at=at)
    SupervisionPlace.objects.forget(person)
    LogLine.objects.of(person).delete()
    Credential.objects.of(person).delete()
    Practice.objects.of(person).delete()
