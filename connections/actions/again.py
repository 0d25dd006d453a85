"""Find me someone else: without fault, in one press."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from academy.models import Person
from academy.models.base import Refusal
from connections.actions.asking import start
from connections.actions.handing import kept_apart, need_of
from connections.models import HandOver, Meeting, MentoringRequest, Relationship
from connections.models.fit import WAYS

SAME = (
    "words", "written_in", "kind", "in_welsh", "in_english", "online", "in_person", "setting",
    *(way.field for way in WAYS),
)  # fmt: skip


class TooSoon(Refusal):
    """They have not met yet. Either may still end it, which needs no reason."""


class GoesOn(Refusal):
    """It was handed over, and goes on with somebody else already."""


def onward(pair: Relationship) -> MentoringRequest | Relationship | None:
    """Where it goes on already: the pair it was handed over to, or the request that looks anew."""
    return _successor(pair) or _under_way(pair)


def _successor(pair: Relationship) -> Relationship | None:
    """The pair at the end of all hand-overs, while it has not ended."""
    last, done = None, HandOver.objects.select_related("moved_to__mentor")
    while (moved := done.of(last or pair).filter(moved_to__isnull=False).first()) is not None:
        last = moved.moved_to
    return last if last is not None and not last.ended else None


def _under_way(pair: Relationship) -> MentoringRequest | None:
    """An open request of the mentee that was made to find somebody else than this mentor."""
    waiting = MentoringRequest.objects.of(pair.mentee).pending()
    return waiting.filter(kept_apart=pair.mentor_id).order_by("-asked_at", "-pk").first()


def unreplaced(mentee: Any) -> Relationship | None:
    """A pair of theirs that was ended to find somebody else, since which they have asked for nobody.

    The mentee ended it, or the academy did without blame. Where a request brought the two together
    the mentee's own ending may be of any kind: had it been to find somebody else, the next request
    would have been made with it.
    """
    by_rematch = Q(why=Relationship.Why.APART)
    by_mentee = Q(why=Relationship.Why.CHOSEN, ended_by=mentee, request=None)
    since = MentoringRequest.objects.of(mentee).filter(asked_at__gte=OuterRef("ended_at"))
    ended = Relationship.objects.received_by(mentee).ended().filter(by_rematch | by_mentee)
    rows = ended.exclude(Exists(since)).select_related("mentor", "mentee")
    return rows.order_by("-ended_at", "-pk").first()


def may_look(pair: Relationship) -> bool:
    """After an ending, or when they have met."""
    return pair.ended or Meeting.objects.of(pair).held().exists()


def words_known(pair: Relationship) -> MentoringRequest | None:
    """The request whose words can be asked with again, if one brought them together."""
    need = need_of(pair)
    return need if need is not None and need.words.strip() else None


@transaction.atomic
def look_for_another(
    pair: Relationship, *, by: Any, token: UUID, at: datetime
) -> MentoringRequest | None:
    """A new request like the old one, former mentors kept apart; what is under way ends kindly.

    None where no request brought them together: it ends, and the mentee says what they need (`afresh`).

    While one such request waits, a second is the same; and ending twice is ending once.
    """
    if by.pk != pair.mentee_id:
        raise Relationship.Outsider
    need = words_known(pair)
    if not may_look(pair):
        raise TooSoon
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    request = _under_way(pair)
    if request is None and need is not None:
        request = _ask_anew(pair, need, token=token, at=at)
    pair.end(by=by, at=at)  # now its row is held: nobody hands it over meanwhile
    if _successor(pair) is not None:
        raise GoesOn
    return request


def _ask_anew(
    pair: Relationship, need: MentoringRequest, *, token: UUID, at: datetime
) -> MentoringRequest:
    said = {name: getattr(need, name) for name in SAME}
    topics = {"methods": list(need.methods.all()), "services": list(need.services.all())}
    return afresh(pair, token=token, at=at, **topics, **said)


@transaction.atomic
def afresh(pair: Relationship, *, at: datetime, **asked: Any) -> MentoringRequest:
    """A request of the mentee for somebody else than this mentor and former ones."""
    request = start(pair.mentee, mentor=None, at=at, **asked)
    request.kept_apart.add(*kept_apart(pair))
    return request
