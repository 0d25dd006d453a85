from datetime import timedelta
from uuid import uuid4

from django.utils.timezone import localdate

from connections.models import (
    Credential,
    LogLine,
    Practice,
    SupervisionGroup,
    SupervisionPlace,
    SupervisionSession,
)
from tests.factories.people import LONG_AGO, PersonFactory


def step(person, name, *, at=LONG_AGO):
    """Given by a coordinator; the person is told."""
    return Practice.objects.give_step(person, name, by=PersonFactory(), reason="A talk", at=at)


def coach(*, at=LONG_AGO, **facts):
    """Somebody on the step of a coach."""
    person = PersonFactory(**facts)
    step(person, "coach", at=at)
    return person


def supervisor(*, at=LONG_AGO, **facts):
    person = PersonFactory(**facts)
    step(person, "supervisor", at=at)
    return person


def credential_of(person, *, at=LONG_AGO, days=400, **facts):
    """A credential that expires so many days from now; `days=None` for one that does not."""
    on = localdate(at)
    return Credential.objects.add(
        person,
        token=uuid4(),
        at=at,
        **{
            "name": "Improvement coach",
            "awarded_by": "A college",
            "awarded_on": on - timedelta(days=300),
            "expires_on": None if days is None else on + timedelta(days=days),
            "evidence": "",
            "language": "en",
            **facts,
        },
    )


def logged(person, title, *, at=LONG_AGO, kind="with_others", minutes=60, **facts):
    return LogLine.objects.write(
        person,
        title=title,
        kind=kind,
        minutes=minutes,
        at=at,
        **{
            "done_on": localdate(at),
            "reflection": "",
            "language": "en",
            "token": uuid4(),
            **facts,
        },
    )


def group_of(lead, *, at=LONG_AGO, places=6):
    return SupervisionGroup.objects.set_up(
        lead=lead,
        by=lead,
        name="Quiet hour",
        name_language="en",
        language="both",
        how="online",
        places=places,
        token=uuid4(),
        at=at,
    )


def session_of(group, *, starts_at, at=LONG_AGO, places=None, place="https://example.org/join"):
    return SupervisionSession.plan(
        group,
        starts_at=starts_at,
        minutes=90,
        place=place,
        places=places or group.places,
        token=uuid4(),
        at=at,
    )


def place_in(session, person, *, at=LONG_AGO, token=None):
    return SupervisionPlace.objects.book(session, person, token=token or uuid4(), at=at)
