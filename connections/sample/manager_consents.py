"""Mentees who let their line manager see counts."""

from __future__ import annotations

from datetime import timedelta

from academy.models import Membership
from academy.sample import World, keep
from connections.models import ManagerConsent, Relationship

MANY = 6


def fill_consents(world: World, made: list[Relationship]) -> None:
    pairs = {pair.mentee_id: pair for pair in made if pair.agreed_at and pair.ended_at is None}
    work = Membership.objects.current().select_related("line_manager")
    managed = work.filter(person__in=pairs, line_manager__isnull=False)
    keep(
        ManagerConsent(
            relationship=pairs[one.person_id],
            manager=one.line_manager,
            given_at=world.at - timedelta(days=8),
        )
        for one in managed.order_by("pk")[:MANY]
        if one.line_manager is not None
    )
