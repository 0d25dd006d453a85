"""Mentors who have not answered: one is asked, one was reminded, one was paused kindly."""

from __future__ import annotations

from datetime import timedelta

from academy.sample import World, keep
from connections.models import MentorProfile, StillThere


def fill(world: World, profiles: list[MentorProfile]) -> None:
    approved = [one for one in profiles if one.state == "approved"]
    paused = [one for one in approved if one.paused][:1]
    open_ = [one for one in approved if not one.paused][-2:]
    asked = [world.at - timedelta(days=days) for days in (3, 9)]
    keep(
        StillThere(
            profile=one, asked_at=at, reminded_at=at + timedelta(days=7) if at == asked[1] else None
        )
        for one, at in zip(open_, asked, strict=False)
    )
    keep(
        StillThere(
            profile=one,
            asked_at=world.at - timedelta(days=20),
            reminded_at=world.at - timedelta(days=13),
            closed_at=world.at - timedelta(days=6),
            outcome=StillThere.Outcome.QUIET,
        )
        for one in paused
    )
