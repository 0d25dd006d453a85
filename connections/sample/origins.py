"""What brought the sample pairs together: a request, left as a mentor's yes leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Min

from academy.sample import BATCH, World, keep
from connections import pool
from connections.models import MentoringRequest, MentorProfile, Relationship, Suggestion
from connections.sample.people import fit, written_in

ANSWERED = timedelta(days=3)  # how long each mentor thought about it


def fill(
    world: World, made: list[Relationship], profiles: Iterable[MentorProfile], *, why: bool
) -> None:
    """One for each pair; the reasons take a moment each, so only where `why`."""
    of = {profile.person_id: profile for profile in profiles}
    rows = keep(accepted(world, pair, of[pair.mentor_id]) for pair in made)
    share_topics(rows)
    for pair, row in zip(made, rows, strict=True):
        pair.request = row
    Relationship.objects.bulk_update(made, ["request"], batch_size=BATCH)
    keep(asked(row, why=why) for row in rows)


def accepted(world: World, pair: Relationship, mentor: MentorProfile) -> MentoringRequest:
    mentee, language = pair.mentee, written_in(pair.mentee)
    speaks = {"in_welsh": mentor.in_welsh, "in_english": mentor.in_english}
    return MentoringRequest(
        mentee=mentee,
        token=world.token(),
        words=world.said("mentee_aims", language),
        written_in=language,
        kind=pair.kind,
        state=MentoringRequest.State.ACCEPTED,
        mentor=mentor,
        asked_at=pair.began_at - ANSWERED,
        ended_at=pair.began_at,
        **(fit(world, mentee) | speaks),
    )


def share_topics(rows: list[MentoringRequest]) -> None:
    """Each asked for one skill and one topic that their mentor offers."""
    for name in ("methods", "services"):
        offers = getattr(MentorProfile, name).through.objects.values("mentorprofile")
        first = dict(offers.annotate(topic=Min("topic_id")).values_list("mentorprofile", "topic"))
        through = getattr(MentoringRequest, name).through
        keep(
            through(mentoringrequest_id=row.pk, topic_id=first[row.mentor_id])
            for row in rows
            if row.mentor_id in first
        )


def asked(row: MentoringRequest, *, why: bool) -> Suggestion:
    assert row.mentor is not None  # noqa: S101 -- for the type checker: it was just made with one
    return Suggestion(
        request=row,
        profile=row.mentor,
        source=Suggestion.Source.MENTEE,
        reasons=pool.reasons(row, row.mentor) if why else [],
        outcome=Suggestion.Outcome.ACCEPTED,
        made_at=row.asked_at,
        asked_at=row.asked_at,
        answered_at=row.ended_at,
    )
