"""What we hold about a person, handed to them; and going, for now or for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from academy import hooks
from academy.letters import absolute
from academy.models import (
    AuditEvent,
    Conflict,
    Membership,
    Notification,
    NotificationChoice,
    Person,
    SupportRequest,
)
from academy.rows import each

GRACE = timedelta(days=14)
NOBODY = "Cyn-aelod / Former member"


def export(person: Person) -> dict[str, Any]:
    """Everything every part of the academy holds about this person, part by part."""
    return {section: tell(person) for section, tell in sorted(hooks.exports.items())}


@transaction.atomic
def close(person: Person, *, at: datetime) -> None:
    """Close the account and say so; it can be opened again by writing to us."""
    person.deactivate(at=at)
    _say("account_closed", person, at=at)


@transaction.atomic
def ask_for_deletion(person: Person, *, at: datetime) -> None:
    """Close the account now and erase it after the days of grace."""
    person.ask_for_deletion(at=at)
    _say("account_to_be_deleted", person, at=at)


def _say(kind: str, person: Person, *, at: datetime) -> None:
    stamp = f"{person.pk}:{at.isoformat()}"
    Notification.objects.post(f"academy.{kind}", key=stamp, to=person, address=person.email, at=at)


def due(at: datetime) -> QuerySet[Person]:
    """People whose days of grace are over."""
    return Person.objects.filter(is_active=False, deletion_asked_at__lte=at - GRACE)


def erase_due(*, at: datetime) -> int:
    """The nightly round. Each person is erased once, whole or not at all; one who cannot be stops
    nobody else and is tried again the next night."""
    return each(due(at).order_by("pk").values_list("pk", flat=True), erase, at=at)


@transaction.atomic
def erase(pk: int, *, at: datetime) -> bool:
    """Every part of the academy removes its rows; an empty, nameless row keeps others' history whole."""
    person = due(at).select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
    if person is None:
        return False
    for _order, eraser in hooks.erasers:
        eraser(person, at=at)
    hooks.tell("academy.person_erased", person=person, at=at)
    person.groups.clear()
    Person.objects.filter(pk=pk).update(
        email=f"erased-{pk}@invalid",
        name=NOBODY,
        job_role="",
        password=make_password(None),
        deletion_asked_at=None,
        language_chosen_at=None,
    )
    AuditEvent.objects.record("erased", actor=None, thing=person, at=at)
    return True


@hooks.erase(order=90)
def erase_account(person: Person, *, at: datetime) -> None:
    """The shared ground's own rows; the pillars have gone first."""
    for rows in (
        Conflict.objects.filter(person=person),
        Conflict.objects.filter(other=person),
        NotificationChoice.objects.filter(person=person),
        Notification.objects.filter(person=person),
        SupportRequest.objects.filter(asker=person),
        Membership.objects.filter(person=person),
        EmailAddress.objects.filter(user=person),
        Authenticator.objects.filter(user=person),
        SocialAccount.objects.filter(user=person),
        UserSession.objects.filter(user=person),
    ):
        rows.delete()
    Membership.objects.filter(line_manager=person).update(line_manager=None, line_manager_email="")
    Membership.objects.filter(line_manager_email__iexact=person.email).update(line_manager_email="")


@hooks.export("academy")
def export_account(person: Person) -> dict[str, Any]:
    facts = ("email", "name", "job_role", "language", "joined_at", "approved_at")
    return {
        **{name: getattr(person, name) for name in facts},
        "memberships": list(
            person.memberships.order_by("started_on", "pk").values(
                "organisation__name_en", "team", "line_manager_email", "started_on", "ended_on"
            )
        ),
        "conflicts": list(person.conflicts.order_by("pk").values("other__email", "declared_at")),
        "questions": list(
            person.support_requests.order_by("pk").values(
                "words", "asked_at", "reply", "answered_at"
            )
        ),
        "messages": list(
            person.notifications.order_by("pk").values("kind", "created_at", "sent_at", "read_at")
        ),
        "message_choices": list(
            person.notification_choices.order_by("kind").values("kind", "choice")
        ),
    }


@hooks.notification("academy.account_closed", label="", essential=True)
def account_closed(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"url": absolute(reverse("contact"))})


@hooks.notification("academy.account_to_be_deleted", label="", essential=True)
def account_to_be_deleted(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"url": absolute(reverse("contact")), "day": letter.created_at + GRACE})
