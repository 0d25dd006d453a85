"""People who must not be matched with each other: private, declared by address."""

from __future__ import annotations

from datetime import datetime

from academy.models import Conflict, Person


def declare(person: Person, *, address: str, at: datetime) -> None:
    """Keep these two apart; an address without an account changes nothing, and nobody is told."""
    other = Person.objects.active().filter(email__iexact=address).exclude(pk=person.pk).first()
    if other is not None:
        Conflict.objects.get_or_create(person=person, other=other, defaults={"declared_at": at})


def take_back(person: Person, *, address: str) -> None:
    Conflict.objects.filter(person=person, other__email__iexact=address).delete()
