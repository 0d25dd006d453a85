"""What sample pairs agreed for themselves: most have terms, some only the first words, one a change."""

from __future__ import annotations

from datetime import timedelta

from academy.sample import World, keep
from connections.models import Agreement, Relationship, Terms
from connections.models.pair import NEWEST
from connections.sample.people import written_in

EVERY = 8  # of so many pairs, one began under the first words


def terms(world: World, pair: Relationship, **facts: object) -> Terms:
    agreed = pair.agreed_at or pair.began_at
    row = Terms(
        relationship=pair,
        version=NEWEST,
        language=written_in(pair.mentee),
        often=world.pick(Terms.Often.values[:3]),
        how=world.pick(Terms.How.values),
        notes=world.pick(Terms.Notes.values[:2]),
        review_on=(agreed + timedelta(days=90)).date(),
        token=world.token(),
        **facts,
    )
    row.seal(world.said("goals", row.language))
    return row


def in_force(world: World, pair: Relationship) -> Terms:
    said_yes = {"accepted_by": pair.mentee, "accepted_at": pair.agreed_at}
    asked = {"proposed_by": pair.mentor, "proposed_at": pair.began_at}
    return terms(world, pair, number=1, state=Terms.State.ACCEPTED, **asked, **said_yes)


def fill_terms(world: World, made: list[Relationship]) -> None:
    agreed = [pair for pair in made if pair.agreed_at]
    first, later = agreed[::EVERY], [one for n, one in enumerate(agreed) if n % EVERY]
    keep(
        Agreement(
            relationship=pair,
            person=one,
            version=1,
            language=written_in(one),
            accepted_at=pair.agreed_at or pair.began_at,
        )
        for pair in first
        for one in (pair.mentor, pair.mentee)
    )
    for row in keep(in_force(world, pair) for pair in later):
        row.relationship.terms, row.relationship.words_version = row, NEWEST
    Relationship.objects.bulk_update(later, ["terms", "words_version"])
    waiting = [pair for pair in made if not pair.agreed_at][::2]
    changing = [pair for pair in later if pair.state == Relationship.State.CURRENT][:1]
    keep(
        terms(
            world,
            pair,
            number=1 + bool(pair.agreed_at),
            proposed_by=pair.mentor,
            proposed_at=world.at - timedelta(days=1),
        )
        for pair in (*waiting, *changing)
    )
