"""What sample pairs agreed for themselves: most have terms, some only the first words, one a change."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from academy.sample import World, keep
from connections.models import Agreement, HandOver, MentorProfile, Relationship, Terms
from connections.models.pair import NEWEST
from connections.sample import tour
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
    first = [one for one in agreed[::EVERY] if not tour.shown(one)]
    later = [one for one in agreed if one not in first]
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
    unagreed = [pair for pair in made if not pair.agreed_at]
    waiting = [one for n, one in enumerate(unagreed) if n % 2 == 0 or tour.shown(one)]
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


def fill_changes(world: World, made: list[Relationship]) -> None:
    """Some wait for a new mentor's answer, and one pair has moved on."""
    asked = world.at - timedelta(days=2)
    for moving in tour.moving(made):
        to = somebody_for(moving)
        if to is not None:
            hand_over(world, moving, to, state=HandOver.State.OFFERED, proposed_at=asked)
    old = next(one for one in made if one.ended_at is not None and not tour.shown(one))
    to = somebody_for(old)
    if to is not None and old.ended_at is not None:
        moved(world, old, to, at=old.ended_at)


def somebody_for(pair: Relationship) -> MentorProfile | None:
    """Of those with a place, nobody who is with this mentee already."""
    kind = "offers_coaching" if pair.coaching else "offers_mentoring"
    theirs = Relationship.objects.open().received_by(pair.mentee).values("mentor")
    able = MentorProfile.objects.taking().filter(**{kind: True}).order_by("pk")
    able = able.exclude(person__in=[pair.mentor_id, pair.mentee_id])
    return able.exclude(person__in=theirs).first()


def hand_over(
    world: World, pair: Relationship, to: MentorProfile, *, proposed_at: datetime, **facts: object
) -> None:
    row = HandOver(
        relationship=pair,
        to=to,
        language=written_in(pair.mentor),
        token=world.token(),
        proposed_by=pair.mentor,
        proposed_at=proposed_at,
        offered_at=proposed_at + timedelta(days=1),
        closes_at=proposed_at + timedelta(days=14),
        **facts,
    )
    row.seal(world.said("hand_overs", row.language))
    row.save()


def moved(world: World, old: Relationship, to: MentorProfile, *, at: datetime) -> None:
    new = Relationship.objects.create(
        mentor=to.person,
        mentee=old.mentee,
        kind=old.kind,
        words_version=NEWEST,
        began_at=at,
        last_contact_at=at,
        ends_on=(at + timedelta(days=182)).date(),
    )
    MentorProfile.objects.filter(pk=to.pk).update(places_taken=F("places_taken") + 1)
    old.why = Relationship.Why.HANDED
    old.save(update_fields=["why"])
    done = {"state": HandOver.State.DONE, "settled_at": at, "moved_to": new}
    hand_over(world, old, to, proposed_at=at - timedelta(days=5), **done)
