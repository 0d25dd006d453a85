"""A lost second factor: one administrator asks, another confirms, and the person hears of both.

The audit holds the asking, so nothing else has to be kept, and nobody can remove the trace.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy import hooks, roles
from academy.letters import absolute
from academy.models import AuditEvent, Notification, Person
from academy.models.base import Refusal

ASKED, DONE = "second factor reset asked", "second factor reset"
STANDS = timedelta(days=7)
ADMINISTRATORS_WAIT = timedelta(hours=24)


class NotNow(Refusal):
    """Nobody has asked, the same person confirms, or the wait is not over."""


def asked_for(person: Person, *, at: datetime) -> AuditEvent | None:
    """The asking that waits for a second administrator."""
    events = AuditEvent.objects.filter(
        kind="academy.Person", object_id=str(person.pk), verb__in=(ASKED, DONE)
    )
    last = events.select_related("actor").order_by("-at", "-pk").first()
    return last if last and last.verb == ASKED and last.at > at - STANDS else None


def waiting(*, at: datetime) -> list[AuditEvent]:
    """Every asking that waits, oldest first."""
    recent = AuditEvent.objects.filter(verb__in=(ASKED, DONE), at__gt=at - STANDS)
    last = {event.object_id: event for event in recent.order_by("at", "pk")}
    return sorted((e for e in last.values() if e.verb == ASKED), key=lambda e: (e.at, e.pk))


@transaction.atomic
def ask(person: Person, *, by: Person, reason: str, at: datetime) -> None:
    """Say that the person has lost it; they are written to, in case somebody pretends."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if by.pk == person.pk:
        raise NotNow
    if asked_for(person, at=at):
        return
    AuditEvent.objects.record(ASKED, actor=by, thing=person, reason=reason, at=at)
    tell("second_factor_asked", person, at=at)


@transaction.atomic
def confirm(person: Person, *, by: Person, at: datetime) -> None:
    """Remove every second factor: the person sets up a new one when they next sign in."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    event = asked_for(person, at=at)
    if (
        event is None
        or by.pk in (event.actor_id, person.pk)
        or at < may_confirm_from(person, event)
    ):
        raise NotNow
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    AuditEvent.objects.record(DONE, actor=by, thing=person, at=at)
    tell("second_factor_reset", person, at=at)


def may_confirm_from(person: Person, event: AuditEvent) -> datetime:
    """At once; after a day for an administrator, whose account opens every door."""
    return event.at + (
        ADMINISTRATORS_WAIT if person.has_role(roles.ADMINISTRATOR) else timedelta(0)
    )


def tell(kind: str, person: Person, *, at: datetime) -> None:
    key = f"{person.pk}:{at.timestamp()}"
    Notification.objects.post(f"academy.{kind}", key=key, to=person, address=person.email, at=at)


@hooks.notification("academy.second_factor_asked", label=_("Your account"), essential=True)
def second_factor_asked(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"contact": settings.SITE_CONTACT})


@hooks.notification("academy.second_factor_reset", label=_("Your account"), essential=True)
def second_factor_reset(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"contact": settings.SITE_CONTACT, "url": absolute(reverse("mfa_index"))})
