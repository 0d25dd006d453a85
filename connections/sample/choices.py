"""Lists of whom to ask next, behind some of the people who are being asked."""

from __future__ import annotations

from collections.abc import Iterator

from academy.sample import World, keep
from connections import pool
from connections.models import MentoringRequest, MentoringRules, MentorProfile, Suggestion

LISTS, LOOKED_AT = 6, 12


def fill(world: World, asked: list[MentoringRequest], open_: list[MentorProfile]) -> None:
    """The newest few, so that their three working days are not over."""
    waiting = [one for one in asked if one.state == MentoringRequest.State.ASKED]
    newest = sorted(waiting, key=lambda one: (one.asked_at, one.pk))[-LISTS:]
    keep(row for one in newest for row in listed(world, one, open_))
    named = Suggestion.objects.chosen().filter(request__in=newest)
    MentoringRequest.objects.filter(pk__in=named.values("request")).update(
        moves_on_at=MentoringRules.current().moves_on(world.at)
    )


def listed(
    world: World, request: MentoringRequest, open_: list[MentorProfile]
) -> Iterator[Suggestion]:
    """Two to four people who may be asked, in the mentee's order."""
    able = (
        one
        for one in world.rng.sample(open_, min(LOOKED_AT, len(open_)))
        if one.pk != request.mentor_id and pool.may_pair(request, one)
    )
    for choice, profile in zip(range(1, world.rng.randint(3, 5)), able, strict=False):
        yield Suggestion(
            request=request,
            profile=profile,
            choice=choice,
            source=Suggestion.Source.MENTEE,
            reasons=pool.reasons(request, profile),
            made_at=request.asked_at,
        )
