"""Handing over: from one mentor to another, with the yes of the mentee and of the new mentor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from academy.rows import each
from connections import pool
from connections.actions.answering import release_others_if_full
from connections.actions.asking import not_asked_already
from connections.models import (
    Goal,
    HandOver,
    MentoringRequest,
    MentoringRules,
    MentorProfile,
    Relationship,
    Weights,
)

State = HandOver.State


def need_of(pair: Relationship) -> MentoringRequest | None:
    """The request a pair goes back to, through all hand-overs."""
    while pair.request is None:
        before = HandOver.objects.filter(moved_to=pair).select_related("relationship").first()
        if before is None:
            return None
        pair = before.relationship
    return pair.request


def suggested(pair: Relationship, *, at: datetime) -> list[tuple[MentorProfile, pool.Reasons]]:
    """Whom the academy would suggest to this mentee now, and why.

    Where no need is known, those who offer what their mentor offers.
    """
    need, weights = need_of(pair), Weights.objects.current(at=at)
    most = MentoringRules.current().suggestions_most
    if need is None:
        found = pool.suggest_alike(
            pair.mentor_id, pair.mentee_id, weights, kind=pair.kind, most=most
        )
    else:
        found = pool.suggest(need, weights, least=0, most=most).profiles
    keys = [pk for pk, _reasons in found]
    rows = MentorProfile.objects.taking().filter(pk__in=keys).select_related("person")
    rows = rows.exclude(person__in=kept_apart(pair))
    able = {one.pk: one for one in rows if one.offers(pair.kind)}
    return [(able[pk], reasons) for pk, reasons in found if pk in able]


def reasons(pair: Relationship, profiles: Iterable[MentorProfile]) -> dict[int, pool.Reasons]:
    """Why these may suit the mentee of this pair, by the keys of their profiles."""
    these = MentorProfile.objects.filter(pk__in=[one.pk for one in profiles])
    need = need_of(pair)
    if need is None:
        return pool.reasons_alike(pair.mentor_id, pair.mentee_id, these, kind=pair.kind)
    return {pk: held.reasons for pk, held in pool.held_against(need, these).items()}


def may_take(pair: Relationship, profile: MentorProfile) -> None:
    """Raises what stands between this mentor and the mentee of this pair."""
    if not profile.approved or profile.paused or not profile.person.is_active:
        raise MentorProfile.NotTaking
    if not profile.free:
        raise MentorProfile.Full
    if not profile.offers(pair.kind):
        raise MentoringRequest.NotPossible
    if not pool.may_be_together(pair.mentee_id, profile, kind=pair.kind):
        raise MentoringRequest.NotPossible


@transaction.atomic
def propose(
    pair: Relationship,
    profile: MentorProfile,
    *,
    by: Any,
    words: str,
    language: str,
    goals: bool,
    token: UUID,
    at: datetime,
) -> HandOver:
    """By the mentor: the mentee is asked first. By the mentee: the new mentor is asked at once."""
    here = pair.locked_for(by, even_paused=True)
    same = HandOver.objects.of(here).filter(token=token).first()
    if same is not None:
        return same
    if HandOver.objects.of(here).open().exists():
        raise HandOver.Under
    if HandOver.objects.of(here).refused().filter(to=profile).exists():
        raise HandOver.Refused
    not_asked_already(here.mentee, profile)
    may_take(here, profile)
    mentees_own = by.pk == here.mentee_id
    days = MentoringRules.current().close_after_days
    made = HandOver(
        relationship=here,
        to=profile,
        state=State.OFFERED if mentees_own else State.PROPOSED,
        goals=goals,
        language=language,
        token=token,
        proposed_by=by,
        proposed_at=at,
        offered_at=at if mentees_own else None,
        closes_at=at + timedelta(days=days),
    )
    made.seal(words)
    made.save(force_insert=True)
    made.tell("hand_over_proposed", here.other(by), at=at)
    if mentees_own:
        made.tell("hand_over_offered", profile.person, at=at)
    return made


@transaction.atomic
def agree(hand_over: HandOver, *, by: Any, goals: bool, at: datetime) -> None:
    """The mentee's yes, and their say about the goals: now the new mentor is asked. Twice is once."""
    here = hand_over.relationship.locked_for(by, even_paused=True)
    if by.pk != here.mentee_id:
        raise Relationship.Outsider
    days = MentoringRules.current().close_after_days
    won = HandOver.objects.filter(pk=hand_over.pk, state=State.PROPOSED).update(
        state=State.OFFERED, offered_at=at, goals=goals, closes_at=at + timedelta(days=days)
    )
    hand_over.refresh_from_db()
    if won:
        hand_over.tell("hand_over_offered", hand_over.to.person, at=at)
    elif hand_over.state == State.STOPPED:
        raise HandOver.Settled


@transaction.atomic
def accept(hand_over: HandOver, *, by: Any, at: datetime) -> Relationship:
    """The new mentor's yes: the old relationship ends, a new one begins, goals go along.

    Mentors' rows first, by number, then the pair. Twice is once; raises MentorProfile.Full when
    the last place went meanwhile, and then nothing has changed.
    """
    old_pair = hand_over.relationship
    people = [old_pair.mentor_id, by.pk]
    mentors = {m.person_id: m for m in MentorProfile.objects.locked().filter(person__in=people)}
    old_pair = Relationship.objects.locked().get(pk=old_pair.pk)
    hand_over = HandOver.objects.with_people().get(pk=hand_over.pk)
    if hand_over.to.person_id != by.pk:
        raise Relationship.Outsider
    if hand_over.moved_to is not None:
        return hand_over.moved_to
    if not (hand_over.offered and old_pair.under_way):
        raise HandOver.Settled
    profile = mentors[by.pk]
    may_take(old_pair, profile)
    new_pair = Relationship.objects.begin(
        profile=profile, mentee=old_pair.mentee, kind=old_pair.kind, at=at
    )
    hand_over.state, hand_over.settled_at, hand_over.moved_to = State.DONE, at, new_pair
    hand_over.save(update_fields=["state", "settled_at", "moved_to"])
    if hand_over.goals:
        Goal.objects.move_open(old_pair, new_pair)
    old_pair.close(
        by=None, why=Relationship.Why.HANDED, profile=mentors.get(old_pair.mentor_id), at=at
    )
    for person in (old_pair.mentor, old_pair.mentee):
        hand_over.tell("hand_over_done", person, at=at)
    release_others_if_full(profile, at=at)
    return new_pair


def close_due(*, at: datetime) -> int:
    """Nobody answered in time: it is stopped without blame."""
    due = HandOver.objects.to_close(at).order_by("pk").values_list("pk", flat=True)
    return each(due, _close_one, at=at)


@transaction.atomic
def _close_one(pk: int, *, at: datetime) -> bool:
    found = HandOver.objects.to_close(at).filter(pk=pk)
    one = found.first()
    if one is None:
        return False
    Relationship.objects.locked().get(pk=one.relationship_id)
    return bool(found.stop(at=at))


def stop_all_to(person: Any, *, at: datetime) -> None:
    """They are leaving: hand-overs that wait for them are stopped. Mentors are held before pairs."""
    waiting = HandOver.objects.open().filter(to__person=person).order_by("relationship_id")
    for one in waiting:
        Relationship.objects.locked().get(pk=one.relationship_id)
    HandOver.objects.filter(pk__in=[one.pk for one in waiting]).stop(by=person, at=at)


def kept_apart(pair: Relationship) -> set[int]:
    """This mentor, former ones, and those who were passed over or asked for the same need.

    Whoever declined or did not answer is among them: nobody is asked twice for one need.
    """
    former = Relationship.objects.received_by(pair.mentee).ended().values_list("mentor", flat=True)
    apart, need = {pair.mentor_id, *former}, need_of(pair)
    if need is not None:
        apart |= set(need.kept_apart.values_list("pk", flat=True))
        apart |= set(need.suggestions.final().values_list("profile__person", flat=True))
    return apart
