"""The weather of pairs as coordinators read it: a reason as a sentence, and the counts as a picture."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from connections.models.care import Level
from connections.models.outlook import Counts

register = template.Library()
WIDTH = 600  # of the picture, in points


def reason(pair: Any) -> str:
    """Why a pair stands where it stands: dates, or that it comes from check-ins; never an answer."""
    known = {
        "felt": _("From check-ins: this pair may welcome a word. They are taking a pause.")
        if pair.paused
        else _("From check-ins: this pair may welcome a word."),
        "silent": _("No meeting and no note for a while, and none planned soon."),
        "unmet": _("They have not met yet."),
        "not_agreed": _("The agreement waits for at least one of them."),
        "unwritten": _("A planned meeting is over, and nobody has said whether it took place."),
        "over": _("The agreed time is over."),
        "unanswered": _("A check-in has waited for an answer for a while."),
        "resting": _("They are taking a pause."),
        "beginning": _("They have just begun; the agreement waits."),
        "planned": _("A meeting is planned."),
    }
    if pair.reason == "silent" and pair.kind_word_at and pair.kind_word_at > pair.since:
        return _(
            "A kind word to several people went out on %(day)s; no meeting and no other note "
            "for a while, and none planned soon."
        ) % {"day": date_format(localtime(pair.kind_word_at), "j F")}
    return known.get(pair.reason, _("They are in touch."))


def since(pair: Any) -> str:
    if pair.since is None:
        return ""
    return _("Since %(day)s") % {"day": date_format(localtime(pair.since), "j F Y")}


def level_word(level: str) -> str:
    words = {
        Level.HELP: _("Needs help"),
        Level.WATCH: _("Keep an eye on it"),
        Level.CALM: _("All is well"),
    }
    return words[Level(level)]


register.filter("reason", reason)
register.filter("since", since)
register.filter("level_word", level_word)


@register.inclusion_tag("connections/relationships/_weather.html")
def pair_weather(pair: Any) -> dict[str, Any]:
    """The same shape and word the two see, with the coordinator's reason."""
    return {
        "help": pair.level == Level.HELP,
        "watch": pair.level == Level.WATCH,
        "word": level_word(pair.level),
        "why": reason(pair),
    }


@register.inclusion_tag("connections/weather/_picture.html")
def weather_picture(counts: Counts) -> dict[str, Any]:
    """A bar in three parts, each as long as it has pairs."""
    parts, x = [], 0
    for level in Level:
        many = getattr(counts, level)
        wide = round(WIDTH * many / counts.all) if counts.all else 0
        parts.append({"level": level.value, "x": x, "wide": wide, "many": many})
        x += wide
    return {"parts": parts, "all": counts.all, "width": WIDTH}
