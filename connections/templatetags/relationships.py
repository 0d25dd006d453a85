"""How a relationship is going, in words and in a small picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connections.models import HandOver, MentoringRequest
from connections.models.asks import Ask
from connections.models.care import Level
from connections.models.caseload import Row
from connections.models.weather import Weather, Why

register = template.Library()

# The picture: four months back, six weeks on; one day is just under a point wide.
WIDTH, PAST, AHEAD, EDGE = 170, timedelta(days=120), timedelta(days=45), 8
SPAN = PAST + AHEAD
BIG, SMALL = 12, 6  # how much of the line a dot takes up


def _day(day: date | None) -> str:
    """Thursday 3 December, in the reader's language."""
    return date_format(day, "l j F") if day else ""


def why_words(weather: Weather) -> str:
    """One short sentence about why it is calm, to watch, or in need of help."""
    if weather.why in (Why.SILENT, Why.NO_FIRST_MEETING, Why.MET):
        return _counted(weather)
    day = {"day": _day(weather.day)}
    words = {
        Why.AGREE: _("Waits for you to accept the agreement"),
        Why.AGREE_OTHER: _("The other person has not accepted the agreement yet"),
        Why.UNWRITTEN: _("Planned for %(day)s: did you meet?") % day,
        Why.OVER: _("The agreed time ended on %(day)s") % day,
        Why.NEXT: _("Next meeting: %(day)s") % day,
        Why.ENDING: _("Agreed to end: %(day)s") % day,
        Why.SAID: _("You said so in your last check-in"),
        Why.FIRST_TO_PLAN: _("First meeting to be held by %(day)s") % day,
        Why.PAUSED: _("Paused until %(day)s") % day if weather.day else _("Paused for now"),
        Why.PAUSED_SAID: _paused_and_said(weather),
    }
    return words[weather.why]


def _paused_and_said(weather: Weather) -> str:
    if weather.day is None:
        return _("You said so in your last check-in; paused for now")
    said = _("You said so in your last check-in; paused until %(day)s")
    return said % {"day": _day(weather.day)}


def _counted(weather: Weather) -> str:
    days = weather.days
    if weather.kind_word and weather.day:
        said = _("A kind word went out on %(word)s; no meeting and no other note since %(day)s")
        both = {"word": weather.kind_word, "day": weather.day}
        return said % {name: date_format(day, "j F") for name, day in both.items()}
    if weather.why == Why.SILENT:
        words = ngettext("No word for %(days)s day", "No word for %(days)s days", days)
    elif weather.why == Why.NO_FIRST_MEETING:
        words = ngettext(
            "No first meeting after %(days)s day", "No first meeting after %(days)s days", days
        )
    elif days == 0:
        words = _("In touch today")
    else:
        words = ngettext("In touch %(days)s day ago", "In touch %(days)s days ago", days)
    return words % {"days": days}


def level_words(weather: Weather) -> str:
    words = {
        Level.HELP: _("Needs help"),
        Level.WATCH: _("Keep an eye on it"),
        Level.CALM: _("All is well"),
    }
    return words[weather.level]


@dataclass(frozen=True)
class Step:
    """What to do next, and where."""

    words: str
    url: str


def next_steps(row: Row) -> list[Step]:
    """Every answer that waits for the reader; without any, the one thing that helps most now."""
    return [_to_answer(row, ask) for ask in row.asks] or [next_step(row)]


def _to_answer(row: Row, ask: Ask) -> Step:
    pair = row.pair
    steps: dict[Ask, tuple[str, str, list[Any]]] = {
        Ask.HAND_OVER: (_("Answer: somebody else instead?"), "hand_over", [pair.pk]),
        Ask.REMATCH: (_("Answer: go on, or somebody else?"), "rematch", [pair.pk]),
        Ask.TERMS: (_("Answer: other terms are proposed"), "agreement", [pair.pk]),
        Ask.LONGER: (_("Answer: more time together?"), "relationship", [pair.pk]),
        Ask.TIMES: (_("Choose a time"), "proposal", [pair.pk, row.proposal]),
        Ask.REVIEW: (_("Look at your agreement again"), "change_agreement", [pair.pk]),
    }
    words, name, key = steps[ask]
    return Step(words, reverse(f"connections:{name}", args=key))


PLANS = (Why.NO_FIRST_MEETING, Why.FIRST_TO_PLAN, Why.MET)


def next_step(row: Row) -> Step:
    """What helps most now where nothing waits for an answer."""
    steps = {
        Why.AGREE: (_("Read the agreement"), "agreement"),
        Why.UNWRITTEN: (_("Write it up"), "next_meeting"),
        Why.NO_FIRST_MEETING: (_("Plan a meeting"), "propose"),
        Why.FIRST_TO_PLAN: (_("Plan a meeting"), "propose"),
        Why.SILENT: (_("Send a note"), "write_shared"),
        Why.MET: (_("Plan the next"), "propose"),
        Why.NEXT: (_("Prepare"), "next_meeting"),
        Why.OVER: (_("Look back together"), "end"),
        Why.ENDING: (_("Look back together"), "end"),
    }
    if row.my_times is not None and row.weather.why in PLANS:
        said = _("See your times or take them back")
        return Step(said, reverse("connections:proposal", args=[row.pair.pk, row.my_times]))
    words, name = steps.get(row.weather.why, (_("Open"), "relationship"))
    return Step(words, reverse(f"connections:{name}", args=[row.pair.pk]))


@register.filter
def days_left(asked: MentoringRequest | HandOver, at: datetime) -> str:
    """How long an answer may still take."""
    days = asked.days_left(at)
    if not days:
        return _("Today is the last day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


register.filter("why_words", why_words)
register.filter("level_words", level_words)
register.filter("next_steps", next_steps)


@register.inclusion_tag("connections/relationships/_weather.html")
def weather(seen: Weather) -> dict[str, Any]:
    """A shape and a word; colour says it a third time."""
    return {
        "help": seen.level == Level.HELP,
        "watch": seen.level == Level.WATCH,
        "word": level_words(seen),
        "why": why_words(seen),
    }


def _place(day: date, today: date) -> int:
    """How far from the left edge this day lies."""
    share = (day - (today - PAST)) / SPAN
    return round(EDGE + share * (WIDTH - 2 * EDGE))


def _dots(row: Row) -> tuple[list[tuple[int, bool]], bool]:
    """Where each meeting stands and whether it is planned; all are small where two would touch."""
    first, last = row.today - PAST, row.today + AHEAD
    days = [(day, False) for day in row.held] + [(day, True) for day in row.planned]
    days = sorted(one for one in days if first <= one[0] <= last)
    places = [_place(day, row.today) for day, _planned in days]
    small = any(two - one <= BIG for one, two in pairwise(places))
    if small:
        gone = sum(day <= row.today for day, _planned in days)
        here, clear = _place(row.today, row.today), SMALL // 2 + 1
        back = _apart([-place for place in reversed(places[:gone])], clear - here)
        places = [-place for place in reversed(back)] + _apart(places[gone:], clear + here)
    inside = [min(max(place, EDGE), WIDTH - EDGE) for place in places]
    return list(zip(inside, (planned for _day, planned in days), strict=True)), small


def _apart(places: list[int], least: int) -> list[int]:
    """As small dots, none before `least`, and each far enough from the one before it."""
    put = []
    for place in places:
        put.append(max(place, least))
        least = put[-1] + SMALL
    return put


@register.inclusion_tag("connections/relationships/_timeline.html")
def timeline(row: Row, *, shown: bool = False) -> dict[str, Any]:
    """Meetings as dots, today as an upright line; the same in words, for all to see or to hear."""
    dots, small = _dots(row)
    return {
        "width": WIDTH,
        "end": WIDTH - EDGE // 2,
        "dots": dots,
        "small": small,
        "today": _place(row.today, row.today),
        "words": timeline_words(row),
        "shown": shown,
    }


def timeline_words(row: Row) -> str:
    """The picture, told."""
    met = len(row.held)
    past = _("Not met yet.")
    if met == 1:
        past = _("Met once, on %(day)s.") % {"day": _day(row.held[-1])}
    elif met:
        past = ngettext(
            "Met %(n)s time, last on %(day)s.", "Met %(n)s times, last on %(day)s.", met
        ) % {"n": met, "day": _day(row.held[-1])}
    coming = [day for day in row.planned if day >= row.today]
    nothing = _("Nothing planned.")
    if row.proposal is not None:
        nothing = _("%(name)s proposes times.") % {"name": row.person.name}
    elif row.my_times is not None:
        nothing = _("Your times wait for %(name)s.") % {"name": row.person.name}
    ahead = _("Next on %(day)s.") % {"day": _day(coming[0])} if coming else nothing
    return f"{past} {ahead}"
