"""How a relationship is going for one of the two: calm, watch or help, why, and what is next.

A pure reading of one row: it asks nothing of the database. The words stand in templatetags.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.timezone import localdate

from connections.models.care import Level, RelationshipRules
from connections.models.relationships import Relationship

ENDING_SOON = timedelta(days=30)


class Why(StrEnum):
    AGREE = "agree"  # you have not accepted the agreement
    AGREE_OTHER = "agree_other"  # the other has not
    UNWRITTEN = "unwritten"  # a planned meeting is over and nobody said whether it took place
    NO_FIRST_MEETING = "no_first_meeting"
    SILENT = "silent"
    OVER = "over"  # the agreed months are over
    NEXT = "next"
    ENDING = "ending"
    FIRST_TO_PLAN = "first_to_plan"
    MET = "met"
    PAUSED = "paused"  # until a day, or until one of the two says otherwise
    SAID = "said"  # the one who looks said so themselves in a check-in
    PAUSED_SAID = "paused_said"  # both


ORDER = {Level.HELP: 0, Level.WATCH: 1, Level.CALM: 2}


@dataclass(frozen=True)
class Weather:
    """`days`, `day` and `kind_word` (in a silence) are what the sentence about `why` needs."""

    level: Level
    why: Why
    days: int = 0
    day: date | None = None
    kind_word: date | None = None

    @property
    def needs_me(self) -> bool:
        ours = self.why not in (Why.AGREE_OTHER, Why.SAID, Why.PAUSED_SAID)
        return self.why == Why.AGREE or (ours and self.level != Level.CALM)

    @property
    def rank(self) -> tuple[int, bool]:
        """Help before watch before calm; in each, what waits for the one who looks."""
        return ORDER[self.level], not self.needs_me


def weather(
    pair: Relationship,
    *,
    rules: RelationshipRules,
    agreed: bool,
    said: Level = Level.CALM,
    at: datetime,
) -> Weather:
    """How it goes for the one who looks.

    `agreed`: they have accepted the agreement. `said`: what their own last check-in comes to; the
    other half's is never asked here. A meeting planned further away than the days of silence is
    no contact that comes soon: it is told where all is calm, and hides nothing else.
    """
    by_dates = _by_dates(pair, rules=rules, agreed=agreed, at=at)
    heard = pair.current or (pair.paused and said == Level.HELP)  # a pause hides no call for help
    if heard and ORDER[said] < ORDER[by_dates.level]:
        return Weather(said, Why.PAUSED_SAID if pair.paused else Why.SAID, day=by_dates.day)
    return by_dates


def _by_dates(
    pair: Relationship, *, rules: RelationshipRules, agreed: bool, at: datetime
) -> Weather:
    if pair.waiting:
        return _waiting(pair, rules=rules, agreed=agreed, at=at)
    if pair.paused:
        return Weather(Level.CALM, Why.PAUSED, day=pair.paused_until)
    next_at, seen = pair.next_meeting_at, _if_nothing_is_planned(pair, rules=rules, at=at)
    if next_at and next_at <= at:
        level = Level.WATCH if next_at > rules.lately(at) else _at_least_watch(seen)
        return Weather(level, Why.UNWRITTEN, day=localdate(next_at))
    if next_at and (next_at <= rules.soon(at) or seen.level == Level.CALM):
        return Weather(Level.CALM, Why.NEXT, day=localdate(next_at))
    return seen


def _if_nothing_is_planned(
    pair: Relationship, *, rules: RelationshipRules, at: datetime
) -> Weather:
    seen = _in_time(pair, rules=rules, at=at)
    if pair.ends_on < localdate(at):
        return Weather(_at_least_watch(seen), Why.OVER, day=pair.ends_on)
    return seen


def _at_least_watch(seen: Weather) -> Level:
    return Level.WATCH if seen.level == Level.CALM else seen.level


def _in_time(pair: Relationship, *, rules: RelationshipRules, at: datetime) -> Weather:
    today = localdate(at)
    if pair.first_met_at is None:
        return _before_first_meeting(pair, rules=rules, at=at)
    quiet = (today - localdate(pair.quiet_from)).days
    if quiet >= rules.silence_days:
        return _silent(Level.HELP, pair, days=quiet)
    if 3 * quiet >= 2 * rules.silence_days:
        return _silent(Level.WATCH, pair, days=quiet)
    if pair.ends_on - today <= ENDING_SOON:
        return Weather(Level.CALM, Why.ENDING, day=pair.ends_on)
    return Weather(Level.CALM, Why.MET, days=(today - localdate(pair.last_contact_at)).days)


def _silent(level: Level, pair: Relationship, *, days: int) -> Weather:
    """Words to several at once end no silence, and are told."""
    word = pair.kind_word_at
    told = localdate(word) if word is not None and word > pair.quiet_from else None
    return Weather(level, Why.SILENT, days, localdate(pair.quiet_from), told)


def _waiting(
    pair: Relationship, *, rules: RelationshipRules, agreed: bool, at: datetime
) -> Weather:
    days = (localdate(at) - localdate(pair.began_at)).days
    why, level = Why.AGREE_OTHER if agreed else Why.AGREE, Level.CALM
    if days >= rules.first_contact_days:
        level = Level.HELP if days >= rules.silence_days else Level.WATCH
    return Weather(level, why, days=days)


def _before_first_meeting(pair: Relationship, *, rules: RelationshipRules, at: datetime) -> Weather:
    start = localdate(max(filter(None, (pair.agreed_at or pair.began_at, pair.resumed_at))))
    days = (localdate(at) - start).days
    if days >= rules.silence_days:
        return Weather(Level.HELP, Why.NO_FIRST_MEETING, days=days)
    if days >= rules.first_meeting_days:
        return Weather(Level.WATCH, Why.NO_FIRST_MEETING, days=days)
    by = start + timedelta(days=rules.first_meeting_days)
    return Weather(Level.CALM, Why.FIRST_TO_PLAN, day=by)
