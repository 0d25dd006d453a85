"""Mentees who let their line manager see counts, and one who has not been asked."""

from __future__ import annotations

from datetime import timedelta

from academy.models import Membership
from academy.sample import World, keep
from connections.models import ManagerConsent, Relationship

MANY = 6
NOT_YET = "improver2@example.org"  # of the team of the tour's line manager


def fill_consents(world: World, made: list[Relationship]) -> None:
    under_way = [pair for pair in made if pair.agreed_at and pair.ended_at is None]
    pairs = {pair.mentee_id: pair for pair in reversed(under_way)}
    work = Membership.objects.current().select_related("line_manager")
    managed = work.filter(person__in=pairs, line_manager__isnull=False)
    managed = managed.exclude(person__email=NOT_YET)
    keep(
        ManagerConsent(
            relationship=pairs[one.person_id],
            manager=one.line_manager,
            given_at=world.at - timedelta(days=8),
        )
        for one in managed.order_by("pk")[:MANY]
        if one.line_manager is not None
    )
