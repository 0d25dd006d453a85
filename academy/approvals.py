"""Who may come in at once, who waits, and what an administrator answers them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy import hooks, roles
from academy.letters import absolute
from academy.models import AuditEvent, Membership, Notification, Person
from academy.piles import pile


def is_open(address: str) -> bool:
    """Whether the part after the @ is one of the open domains, or ends in one after a dot."""
    domain = address.rpartition("@")[2].lower()
    return any(
        domain == suffix or domain.endswith(f".{suffix}") for suffix in settings.OPEN_MAIL_DOMAINS
    )


def waiting() -> QuerySet[Person]:
    """People who have confirmed an address and wait for an answer."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return Person.objects.all().waiting_for_approval().filter(Exists(verified))


def with_places(people: QuerySet[Person]) -> QuerySet[Person]:
    """Each with where they say they work, in `current`."""
    current = Membership.objects.current().select_related("organisation")
    return people.prefetch_related(Prefetch("memberships", queryset=current, to_attr="current"))


def open_at_once(person: Person, *, at: datetime) -> bool:
    """Let in whoever has confirmed an address of an open domain."""
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list(
        "email", flat=True
    )
    if not any(is_open(address) for address in addresses):
        return False
    person.approve(at=at)
    return True


@transaction.atomic
def approve(person: Person, *, by: Person, at: datetime) -> bool:
    """Open the account and say so; twice is once."""
    if not waiting().filter(pk=person.pk).update(approved_at=at):
        return False
    AuditEvent.objects.record("approved", actor=by, thing=person, fields=["approved_at"], at=at)
    Notification.objects.post("academy.account_open", key=str(person.pk), to=person, at=at)
    return True


@transaction.atomic
def reopen(person: Person, *, by: Person, at: datetime) -> bool:
    """A closed account comes back while its data is there, and a wish to be deleted is dropped."""
    closed = Person.objects.filter(pk=person.pk, is_active=False).exclude(
        email__endswith="@invalid"  # erased: nobody is left to come back
    )
    if not closed.update(is_active=True, deactivated_at=None, deletion_asked_at=None):
        return False
    person.refresh_from_db()
    AuditEvent.objects.record("reopened", actor=by, thing=person, fields=["is_active"], at=at)
    Notification.objects.post(
        "academy.account_open", key=f"{person.pk}-{at.timestamp()}", to=person, at=at
    )
    return True


@transaction.atomic
def turn_away(person: Person, *, by: Person, reason: str, at: datetime) -> bool:
    """Close an account nobody could place. The reason stays in the audit, the mail is kind."""
    if not waiting().select_for_update(no_key=True, of=("self",)).filter(pk=person.pk):
        return False
    person.deactivate(at=at)
    AuditEvent.objects.record("turned away", actor=by, thing=person, reason=reason, at=at)
    Notification.objects.post(
        "academy.account_not_opened", key=str(person.pk), to=person, address=person.email, at=at
    )
    return True


@hooks.notification("academy.account_open", label=gettext_lazy("Your account"), essential=True)
def account_open(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"url": absolute(reverse("home"))})


@hooks.notification("academy.account_not_opened", label="", essential=True)
def account_not_opened(letter: Notification) -> hooks.Letter:
    return hooks.Letter({"url": absolute(reverse("contact"))})


@hooks.queue
def people_waiting(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not person.has_role(roles.ADMINISTRATOR):
        return
    waits = pile(
        _("People waiting for approval"), waiting(), since="joined_at", where=reverse("approvals")
    )
    if waits.count:
        yield waits
