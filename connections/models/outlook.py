"""The weather of many pairs as a coordinator sees it: levels and reasons from dates, in the database.

No note, no answer and no name of who answered is read here; what both said arrives as one level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, TruncDate
from django.utils.timezone import localdate, make_aware

from academy.models import Membership
from connections.models.care import CareRules, Level, RelationshipRules
from connections.models.check_ins import CheckIn
from connections.models.pair_care import Care
from connections.models.relationships import Relationship, RelationshipQuerySet
from connections.models.rematch_offers import RematchOffer

State = Relationship.State
NOBODYS = Q(level=Level.HELP, cared=False)


@dataclass(frozen=True)
class Sign:
    """One thing that may be seen of a pair; the first that holds is its weather."""

    reason: str
    level: Level
    holds: Q
    since: str


def signs(at: datetime) -> list[Sign]:
    """Everything a pair may show, what needs help first."""
    rules = RelationshipRules.current()
    waiting, current = Q(state=State.WAITING), Q(state=State.CURRENT)
    agreed = Q(state__in=(State.CURRENT, State.PAUSED))  # a pause hides no call for help
    nothing = Q(next_meeting_at=None) | Q(next_meeting_at__gt=rules.soon(at))
    idle = current & (nothing | Q(next_meeting_at__lte=rules.lately(at)))
    not_soon = current & (nothing | Q(next_meeting_at__lte=at))
    met, unmet = idle & Q(first_met_at__isnull=False), idle & Q(first_met_at=None)

    def ago(days: float, name: str) -> Q:
        """Its day lies so many days back, and so does the end of a pause: that was no silence."""
        after = make_aware(
            datetime.combine(localdate(at) - timedelta(days=ceil(days) - 1), time.min)
        )
        return Q(**{f"{name}__lt": after}) & (Q(resumed_at=None) | Q(resumed_at__lt=after))

    quiet, first, contact = rules.silence_days, rules.first_meeting_days, rules.first_contact_days
    return [
        Sign("felt", Level.HELP, agreed & Q(care__felt=Level.HELP), "care__felt_at"),
        Sign("silent", Level.HELP, met & ago(quiet, "last_contact_at"), "quiet_since"),
        Sign("unmet", Level.HELP, unmet & ago(quiet, "agreed_at"), "unmet_since"),
        Sign("not_agreed", Level.HELP, waiting & ago(quiet, "began_at"), "began_at"),
        Sign("felt", Level.WATCH, current & Q(care__felt=Level.WATCH), "care__felt_at"),
        Sign("not_agreed", Level.WATCH, waiting & ago(contact, "began_at"), "began_at"),
        Sign("unwritten", Level.WATCH, current & Q(next_meeting_at__lte=at), "next_meeting_at"),
        Sign("unmet", Level.WATCH, unmet & ago(first, "agreed_at"), "unmet_since"),
        Sign("over", Level.WATCH, not_soon & Q(ends_on__lt=localdate(at)), "ends"),
        Sign("silent", Level.WATCH, met & ago(quiet * 2 / 3, "last_contact_at"), "quiet_since"),
        Sign("unanswered", Level.WATCH, current & Q(asked__isnull=False), "asked"),
        Sign("resting", Level.CALM, Q(state=State.PAUSED), "paused_at"),
        Sign("beginning", Level.CALM, waiting, "began_at"),
        Sign("planned", Level.CALM, Q(next_meeting_at__gt=at), "last_contact_at"),
    ]


def outlook(pairs: RelationshipQuerySet, *, at: datetime) -> Any:
    """These pairs with `reason`, `level`, `since` and `cared` (a coordinator looks after it).

    `nudge_from`: the day from which a coordinator may write to them again.
    """
    shown, rules = signs(at), CareRules.current()
    waited = at - timedelta(days=rules.unanswered_days)
    unanswered = CheckIn.objects.open().filter(relationship=OuterRef("pk"), asked_at__lte=waited)
    offers = RematchOffer.objects.open(at).filter(relationship=OuterRef("pk"))
    cared = Care.objects.looked_after(at).filter(relationship=OuterRef("pk"))
    return pairs.annotate(
        asked=Subquery(unanswered.order_by("asked_at").values("asked_at")[:1]),
        ends=Cast("ends_on", DateTimeField()),
        quiet_since=Greatest("last_contact_at", "resumed_at"),
        unmet_since=Greatest("agreed_at", "resumed_at"),
        cared=Exists(cared),
        nudge_from=Cast(
            TruncDate("care__nudged_at") + timedelta(days=rules.nudge_again_days), DateField()
        ),
        offered=Subquery(offers.values("offered_at")[:1]),
        answered=Exists(offers.answered()),
    ).annotate(
        reason=_first(shown, "reason", "in_touch"),
        level=_first(shown, "level", Level.CALM),
        since=Case(
            *(When(sign.holds, then=F(sign.since)) for sign in shown),
            default=F("last_contact_at"),
            output_field=DateTimeField(),
        ),
    )


def _first(shown: list[Sign], what: str, otherwise: str) -> Case:
    return Case(
        *(When(sign.holds, then=Value(str(getattr(sign, what)))) for sign in shown),
        default=Value(str(otherwise)),
        output_field=CharField(),
    )


def watched_by(coordinator: Any) -> RelationshipQuerySet:
    """All pairs but one's own: who knows one answer could tell the other from the level."""
    return _not_of(coordinator).open()


def ended_for(coordinator: Any) -> RelationshipQuerySet:
    """Of these a coordinator learns that they have ended, when and to whom, and no reason."""
    return _not_of(coordinator).ended().select_related("mentor", "mentee")


def _not_of(coordinator: Any) -> RelationshipQuerySet:
    pairs: RelationshipQuerySet = Relationship.objects.all()
    return pairs.exclude(mentor=coordinator).exclude(mentee=coordinator)


def of_organisation(pairs: RelationshipQuerySet, organisation: Any) -> RelationshipQuerySet:
    """Either of the two works there now."""
    people = Membership.objects.current().filter(organisation=organisation).values("person")
    return pairs.filter(Q(mentor__in=people) | Q(mentee__in=people))


def needing_a_word(coordinator: Any, *, at: datetime) -> Any:
    """Pairs that need help and that nobody looks after: the coordinators' queue."""
    return alone(outlook(watched_by(coordinator), at=at))


def alone(seen: Any) -> Any:
    """`seen`: pairs with their outlook. Those that need help, with no coordinator looking after."""
    return seen.filter(NOBODYS)


@dataclass(frozen=True)
class Counts:
    """How many pairs stand at each level, and how many of those in need nobody looks after."""

    help: int
    watch: int
    calm: int
    alone: int

    @property
    def all(self) -> int:
        return self.help + self.watch + self.calm


def counts(seen: Any) -> Counts:
    """`seen`: pairs with their outlook."""
    at_each = {level.value: Count("pk", filter=Q(level=level)) for level in Level}
    return Counts(**seen.aggregate(**at_each, alone=Count("pk", filter=NOBODYS)))


def in_order(seen: Any) -> Any:
    """Who needs a word first: help, watch, calm; what somebody looks after below; oldest first."""
    rank = Case(*(When(level=level, then=Value(n)) for n, level in enumerate(Level)))
    calm = Case(When(level=Level.CALM, then=Value(1)), default=Value(0))
    return seen.order_by(calm, "cared", rank, "since", "pk")


@dataclass(frozen=True)
class Seen:
    """One pair on a coordinator's page: who, where they work, how it goes; dates, never words."""

    pair: Any  # with its outlook
    mentor_place: str
    mentee_place: str
    care: Care | None

    @property
    def calm(self) -> bool:
        return bool(self.pair.level == Level.CALM)


def rows(pairs: list[Any]) -> list[Seen]:
    """These pairs, with where the two work."""
    people = {one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)}
    places = Membership.objects.places_of(people)
    return [
        Seen(
            pair,
            places.get(pair.mentor_id, ""),
            places.get(pair.mentee_id, ""),
            getattr(pair, "care", None),
        )
        for pair in pairs
    ]


def with_people(seen: Any) -> Any:
    return seen.select_related("mentor", "mentee", "care__nudged_by", "care__looked_after_by")
