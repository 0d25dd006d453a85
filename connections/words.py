"""Reasons, advice and labels in whole sentences: made when somebody reads them, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from academy.models import Topic

Reason = Mapping[str, Any]


def topic_ids(many: Iterable[Iterable[Reason]]) -> set[int]:
    """Every topic that some reason names, to be looked up at once."""
    return {pk for reasons in many for reason in reasons for pk in reason.get("ids", ())}


def sentences(reasons: Iterable[Reason], topics: Mapping[int, str]) -> list[str]:
    """Why two people may suit, as sentences that are true for the mentee, the mentor and staff."""
    said = (_sentence(reason, topics) for reason in reasons)
    return [words for words in said if words]


def _sentence(reason: Reason, topics: Mapping[int, str]) -> str:
    code = reason["code"]
    if code in ("methods", "topics", "same_methods", "same_topics"):
        named = ", ".join(topics[pk] for pk in reason["ids"] if pk in topics)
        return _shared(code) % {"topics": named} if named else ""
    if code.startswith("way_"):
        return _ways().get((code, reason["end"]), "")
    if code == "languages":
        return _languages().get(reason["bits"], "")
    if code == "formats":
        return _formats().get(reason["bits"], "")
    if code == "setting":
        return _setting().get(reason["value"], "")
    return _others().get(code, "")


def _shared(code: str) -> str:
    if code == "methods":
        return _("This help is asked for and offered: %(topics)s.")
    if code == "same_methods":
        return _("Offers the same help as the mentor now: %(topics)s.")
    if code == "same_topics":
        return _("Knows the same care as the mentor now: %(topics)s.")
    return _("Both know this care: %(topics)s.")


def _ways() -> dict[tuple[str, int], str]:
    return {
        ("way_pace", -1): _("Both like a conversation to follow a plan."),
        ("way_pace", 1): _("Both like a conversation to go where it needs to."),
        ("way_challenge", -1): _("Both think that listening comes first."),
        ("way_challenge", 1): _("Both find that it helps to be challenged."),
        ("way_rhythm", -1): _("Both like short meetings, often."),
        ("way_rhythm", 1): _("Both like longer meetings, less often."),
        ("way_learning", -1): _("Both like to learn from examples."),
        ("way_learning", 1): _("Both like to learn by trying."),
    }


def _languages() -> dict[int, str]:
    return {
        1: _("Both can talk in English."),
        2: _("Both can talk in Welsh."),
        3: _("Both can talk in Welsh or in English."),
    }


def _formats() -> dict[int, str]:
    return {
        1: _("Both can meet online."),
        2: _("Both can meet in person."),
        3: _("Both can meet online or in person."),
    }


def _setting() -> dict[str, str]:
    return {
        "hospital": _("Both work in hospitals."),
        "community": _("Both work in community services."),
        "primary_care": _("Both work in primary care."),
        "mental_health": _("Both work in mental health or learning disability."),
        "social_care": _("Both work in social care."),
        "ambulance": _("Both work in ambulance or emergency response."),
        "national": _("Both work in a national body or an office."),
        "education": _("Both work in education or research."),
    }


def _others() -> dict[str, str]:
    return {
        "weak_tie": _(
            "There is one person or one former workplace in common, which often helps at the start."
        ),
        "other_organisation": _(
            "Coming from different organisations makes it easier to speak freely."
        ),
        "team_unknown": _("We do not know both teams: check that it is not one and the same."),
    }


@dataclass(frozen=True)
class Advice:
    """One way to find more people, and the link that changes that choice and no other."""

    words: str
    part: str  # of what was asked; empty where nothing the mentee chose stands in the way
    action: str


def advice(widen: Iterable[str], room: Iterable[Topic] = ()) -> list[Advice]:
    """How to find more people: which choice, given up, would let others in.

    `room` are skills in which somebody has a place free.
    """
    known = {
        "kind": Advice(
            _("More people could help if either mentoring or coaching would suit you."),
            "kind",
            _("Change what you are looking for"),
        ),
        "language": Advice(
            _(
                "Few people offer this in the language you chose. If the other would also suit you,"
                " more could help. You need not change it."
            ),
            "languages",
            _("Change the languages"),
        ),
        "needs": Advice(
            " ".join(
                [_("More people could help if you named another skill or topic."), *with_room(room)]
            ),
            "needs",
            _("Change the skills and topics"),
        ),
        "format": Advice(
            _("More people could help if you could meet online as well as in person."),
            "formats",
            _("Change where to meet"),
        ),
        "setting": Advice(
            _("More people could help if the setting did not have to be the same."),
            "setting",
            _("Change where you work"),
        ),
        "free": Advice(
            _("Some who would suit you have no place free just now. Look again in a few weeks."),
            "",
            _("See everybody who offers help"),
        ),
    }
    return [known[code] for code in widen if code in known]


def with_room(room: Iterable[Topic]) -> list[str]:
    """One sentence, or none where no place is free."""
    names = ", ".join(topic.name for topic in room)
    return [_("Somebody has a place free for: %(skills)s.") % {"skills": names}] if names else []


def advice_about(widen: Iterable[str]) -> list[str]:
    """The same for a coordinator: what would let others in for this person."""
    known = {
        "weights": _(
            "The weights of this round stand in the way, not their choices: with the start weights"
            " somebody who has a place would be possible."
        ),
        "kind": _("Others could help if either mentoring or coaching would suit them."),
        "language": _(
            "Others could help if the other language would suit them too. They need not change it."
        ),
        "needs": _("Others could help if they named another skill or topic."),
        "format": _("Others could help if they could meet in another way as well."),
        "setting": _("Others could help if the setting did not have to be the same."),
        "free": _("Whoever would suit them has no place left in this round."),
    }
    return [known[code] for code in widen if code in known]


def trouble(code: str) -> str:
    """Why a computation came to nothing, and what to do."""
    known = {
        "worker": _("The computation did not end. Start it again, or tell an administrator."),
        "lock": _("A locked pair is no longer possible. Unlock or change it, then assign again."),
        "outdated": _("The drafts have changed since, so this comparison was put away."),
    }
    return known.get(code, code)


def stage(number: int) -> str:
    """What the worker is doing, by the number of the stage it is in."""
    stages = (
        _("Reading who waits and who has a place."),
        _("Looking at everybody with everybody."),
        _("Finding the best assignment of all."),
        _("Making sure that there is no better one."),
        _("Writing down why each pair may suit."),
        _("Finding out what would help those who are left out."),
        _("Keeping the drafts."),
    )
    return stages[min(number, len(stages) - 1)]


def kinds_of_fit() -> dict[str, str]:
    """What pairs may have in common, as headings of a table."""
    return {
        "methods": _("Help that is asked for and offered"),
        "topics": _("Care that both know"),
        "ways": _("A way of working alike"),
        "setting": _("The same setting"),
        "formats": _("A way of meeting that suits both"),
        "other_organisation": _("Different organisations"),
        "weak_tie": _("One contact or former workplace in common"),
    }


def gained(kinds: Iterable[str]) -> list[str]:
    """What another mentor would bring one person, in sentences."""
    known = {
        "methods": _("More of the help asked for is offered."),
        "topics": _("More of the care they name is known to the mentor."),
        "ways": _("They work in more ways alike."),
        "setting": _("They work in the same setting."),
        "formats": _("A way of meeting suits both."),
        "other_organisation": _("They work in different organisations."),
        "weak_tie": _("They have one contact or former workplace in common."),
    }
    return [known[kind] for kind in kinds]


def lost(kinds: Iterable[str]) -> list[str]:
    """What they would give up for it."""
    known = {
        "methods": _("Less of the help asked for is offered."),
        "topics": _("Less of the care they name is known to the mentor."),
        "ways": _("They work in fewer ways alike."),
        "setting": _("They no longer work in the same setting."),
        "formats": _("No way of meeting suits both any more."),
        "other_organisation": _("They no longer work in different organisations."),
        "weak_tie": _("They no longer have just one contact or former workplace in common."),
    }
    return [known[kind] for kind in kinds]


def about_ways(ends: Iterable[int]) -> list[str]:
    """How one person likes to work, where they have said so; in the order of the prompts."""
    known = [
        {-1: _("Conversations to a plan, step by step"), 1: _("Open conversations")},
        {-1: _("Listening first"), 1: _("Being challenged, and challenging")},
        {-1: _("Short meetings, often"), 1: _("Longer meetings, less often")},
        {-1: _("Learning from examples"), 1: _("Learning by trying")},
    ]
    return [words[end] for words, end in zip(known, ends, strict=True) if end]
