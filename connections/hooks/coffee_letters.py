"""Letters about coffee. Names are looked up when a letter is sent; what people answer never is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification, Person
from connections.models import CoffeeMember, CoffeeSeat


def has_coffee(person: Person) -> bool:
    """Whoever is in, or has been."""
    return CoffeeMember.objects.filter(person=person).exists()


def _kept(letter: Notification) -> CoffeeSeat | None:
    """The seat it is about, unless it was given up meanwhile."""
    seats = CoffeeSeat.objects.kept().select_related("round", "group__prompt")
    return seats.filter(pk=letter.facts["seat"]).first()


def _company(seat: CoffeeSeat | None) -> list[str]:
    if seat is None or seat.group_id is None:
        return []
    others = CoffeeSeat.objects.beside(seat).select_related("person")
    return [other.person.name for other in others.order_by("person__name", "pk")]


def _facts(seat: CoffeeSeat, names: list[str], **more: Any) -> hooks.Letter:
    prompt = seat.group.prompt if seat.group else None
    return hooks.Letter({"names": ", ".join(names), "prompt": prompt, "many": len(names), **more})


@hooks.notification(
    "connections.coffee_drawn", label=_("Your coffee of the month"), audience=has_coffee
)
def coffee_drawn(letter: Notification) -> hooks.Letter | None:
    seat = _kept(letter)
    names = _company(seat)
    return _facts(seat, names) if seat and names else None


@hooks.notification(
    "connections.coffee_alone",
    label=_("Nobody could be found for a coffee this month"),
    audience=has_coffee,
)
def coffee_alone(letter: Notification) -> hooks.Letter | None:
    seat = _kept(letter)
    return hooks.Letter() if seat and not _company(seat) else None


@hooks.notification(
    "connections.coffee_partner_left",
    label=_("Somebody cannot come to your coffee"),
    audience=has_coffee,
)
def coffee_partner_left(letter: Notification) -> hooks.Letter | None:
    seat = _kept(letter)
    gone = CoffeeSeat.objects.filter(pk=letter.key.rpartition(":")[2]).select_related("person")
    other = gone.first()
    if seat is None or other is None or seat.group_id is None:
        return None
    return _facts(seat, _company(seat), gone=other.person.name)


@hooks.notification(
    "connections.coffee_joined",
    label=_("Somebody joins your coffee"),
    audience=has_coffee,
)
def coffee_joined(letter: Notification) -> hooks.Letter | None:
    seat = _kept(letter)
    names = _company(seat)
    return _facts(seat, names) if seat and names else None


@hooks.notification(
    "connections.coffee_reminder",
    label=_("A reminder when you have not met yet"),
    audience=has_coffee,
)
def coffee_reminder(letter: Notification) -> hooks.Letter | None:
    """Lost its point once they have answered."""
    seat = _kept(letter)
    names = _company(seat)
    return _facts(seat, names) if seat and names and seat.met is None else None
