"""This month's coffee on the home page; a round that failed; leaving, taking along, erasing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from academy import hooks
from academy.permissions import may_act_as
from academy.piles import pile
from academy.roles import COORDINATOR
from connections.actions import coffee_seats
from connections.models import CoffeeMember, CoffeePrompt, CoffeeRound, CoffeeSeat, NotAgain
from connections.models.coffee_month import month_of

DATA = Path(__file__).parent.parent / "data" / "coffee_prompts.json"
SOON = timedelta(days=14)  # after the draw, to say hello


@hooks.panel("connections/coffee/_panel.html", place="now", order=20)
def my_coffee(request: HttpRequest) -> hooks.Facts | None:
    """With whom one has coffee this month."""
    if not request.user.is_authenticated:
        return None
    month = month_of(request.user, at=now())
    if month is None or not month.companions:
        return None
    prompt = month.seat.group.prompt if month.seat.group else None
    return {"names": ", ".join(month.names), "prompt": prompt, "met": month.seat.met}


@hooks.need
def coffees_waiting(person: Any, *, at: datetime) -> Iterator[hooks.Need]:
    """Say hello, then one tap to say whether they met; or find somebody else."""
    month = month_of(person, at=at)
    if month is None or month.given_up or month.seat.met is not None:
        return
    url, soon = reverse("connections:coffee"), (month.seat.round.drawn_at or at) + SOON
    names = ", ".join(month.names)
    if month.waiting:
        if month.seat.group_id is not None:
            yield hooks.Need(_("Your coffee this month has no company yet"), url, _("Find some"))
    elif at < soon:
        said = _("Your coffee this month: %(names)s") % {"names": names}
        yield hooks.Need(said, url, _("Say hello"), soon, answers=False)
    else:
        said = _("Your coffee this month: %(names)s. Have you met?") % {"names": names}
        yield hooks.Need(said, url, _("Say yes or no"))


@hooks.queue
def coffee_rounds_that_failed(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, COORDINATOR):
        return
    url = reverse("connections:coffee_rounds")
    rows = CoffeeRound.objects.visible_to(person).failed()
    yield pile(_("Coffee rounds that were not drawn"), rows, since="begun_at", where=url)


@hooks.reference(order=60)
def load_prompts() -> str:
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    return f"{CoffeePrompt.objects.load(rows)} questions for a coffee"


@hooks.on("academy.person_left")
def leave_the_coffees(*, person: Any, at: datetime) -> None:
    coffee_seats.leave(person, at=at)


@hooks.export("coffee")
def my_coffees(person: Any) -> dict[str, Any]:
    """One's choices, one's coffees with one's own answers, and with whom no more."""
    choices = ("in_welsh", "in_english", "online", "in_person", "reach", "paused")
    member = CoffeeMember.objects.filter(person=person)
    seats = CoffeeSeat.objects.of(person).order_by("round__month", "pk")
    return {
        "choices": member.values(*choices, "skipped_month", "joined_at", "left_at").first(),
        "coffees": [_one(seat) for seat in seats.select_related("round", "group")],
        "not_again": list(
            NotAgain.objects.of(person).order_by("pk").values("other__name", "declared_at")
        ),
    }


def _one(seat: CoffeeSeat) -> dict[str, Any]:
    company = CoffeeSeat.objects.beside(seat) if seat.group_id else CoffeeSeat.objects.none()
    names = company.order_by("pk").values_list("person__name", flat=True)
    return {
        "month": seat.round.month,
        "with": list(names),
        "met": seat.met,
        "would_meet_again": seat.again,
        "could_not_come": seat.gave_up_at is not None,
    }


@hooks.erase(order=35)
def erase_coffees(person: Any, *, at: datetime) -> None:
    """Choices and answers go; that a seat was taken stays for the others' own lists."""
    coffee_seats.leave(person, at=at)
    CoffeeMember.objects.filter(person=person).delete()
    NotAgain.objects.about(person).delete()
    CoffeeSeat.objects.of(person).forget()
