"""Whom a round found somebody for, by group; small groups are never told apart.

A group below eight stands together with others, and these are made more until eight are together:
then no row can be worked out from the rest, because every row is of eight people or more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from academy.models import Membership, Organisation
from connections.models.requests import MentoringRequest
from connections.models.rounds import MatchingRound

SMALLEST = 8  # whatever leaves a team is of so many people at least: no rule to be changed by hand
SMALL = "small"  # the smaller groups together
UNKNOWN = "unknown"
ORGANISATION, LANGUAGE, JOB_ROLE = DIMENSIONS = ("organisation", "language", "job_role")


@dataclass(frozen=True)
class Group:
    """So many asked, and for so many somebody was found."""

    key: Hashable
    asked: int
    found: int

    @property
    def share(self) -> int:
        """Of a hundred, to the nearest; but 100 is only all and 0 only none.

        The bars of the page and the file go by it alike.
        """
        if self.found in (0, self.asked):
            return 100 if self.found else 0
        nearest = (200 * self.found + self.asked) // (2 * self.asked)
        return min(max(nearest, 1), 99)


@dataclass(frozen=True)
class Report:
    """Everybody, and the groups that may be shown; none where they would be too few."""

    everybody: Group
    groups: dict[str, list[Group]]
    names: dict[Hashable, Any]
    """Of organisations their row, of job roles the words most people use."""


def report(round: MatchingRound) -> Report | None:
    """None when so few asked that any number would be about somebody."""
    people = [_placed(row) for row in _people(round)]
    if len(people) < SMALLEST:
        return None
    found = [bool(row["found"]) for row in people]
    known = {row[ORGANISATION] for row in people} - {UNKNOWN}
    names: dict[Hashable, Any] = dict(Organisation.objects.in_bulk(known))
    return Report(
        Group("", len(people), sum(found)),
        {
            name: grouped(zip((row[name] for row in people), found, strict=True))
            for name in DIMENSIONS
        },
        names | _spelled(row["mentee__job_role"] for row in people),
    )


def _people(round: MatchingRound) -> Iterable[dict[str, Any]]:
    """Everybody the round looked at, with what they asked in and where they work.

    Once it went out, without those who had gone on by themselves: nobody was found or missed there.
    """
    kept = round.pairs.exclude(published_at=None) if round.published_at else round.pairs.all()
    work = Membership.objects.current().filter(person=OuterRef("mentee"))
    asked = Q(pk__in=kept.values("request")) | Q(pk__in=round.left_outs.values("request"))
    rows = MentoringRequest.objects.filter(asked).order_by("pk")
    told: Iterable[dict[str, Any]] = rows.annotate(
        found=Exists(kept.filter(request=OuterRef("pk"))),
        organisation=Subquery(work.values("organisation")[:1]),
    ).values("found", ORGANISATION, "in_welsh", "in_english", "mentee__job_role")
    return told


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    """The row with a group of each kind."""
    spoken = "both" if row["in_welsh"] and row["in_english"] else "cy" if row["in_welsh"] else "en"
    return {
        **row,
        ORGANISATION: row[ORGANISATION] or UNKNOWN,
        LANGUAGE: spoken,
        JOB_ROLE: _plain(row["mentee__job_role"]) or UNKNOWN,
    }


def _plain(role: str) -> str:
    """One job role, however people space and spell its capitals."""
    return " ".join(role.casefold().split())


def _spelled(roles: Iterable[str]) -> dict[Hashable, str]:
    """Each job role as most people write it."""
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for role in roles:
        if role.strip():
            ways[_plain(role)][" ".join(role.split())] += 1
    return {plain: min(seen, key=lambda way: (-seen[way], way)) for plain, seen in ways.items()}


def grouped(people: Iterable[tuple[Hashable, bool]]) -> list[Group]:
    """The groups that may be shown, largest first, the smaller ones as one; none if they are few."""
    asked: Counter[Hashable] = Counter()
    found: Counter[Hashable] = Counter()
    for key, was_found in people:
        asked[key] += 1
        found[key] += was_found
    largest = sorted(asked, key=lambda key: (-asked[key], str(key)))
    together: list[Hashable] = [key for key in largest if asked[key] < SMALLEST]
    alone = largest[: len(largest) - len(together)]
    while together and sum(asked[key] for key in together) < SMALLEST and alone:
        together.append(alone.pop())
    groups = [Group(key, asked[key], found[key]) for key in alone]
    if together:
        many = sum(asked[key] for key in together)
        groups.append(Group(SMALL, many, sum(found[key] for key in together)))
    return groups if len(groups) > 1 else []
