"""A round beside its alternative: who changes, from whom to whom, and which kinds of fit they gain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from connections.models.fit import WAYS
from connections.models.left_out import LeftOut
from connections.models.requests import MentoringRequest
from connections.models.rounds import MatchingRound, RoundPair

Reasons = Iterable[Mapping[str, Any]]
CODES = {
    "methods": ("methods",),
    "topics": ("topics",),
    "ways": tuple(way.field for way in WAYS),
    "setting": ("setting",),
    "formats": ("formats",),
    "other_organisation": ("other_organisation",),
    "weak_tie": ("weak_tie",),
}
"""Each kind of fit, and the codes of reasons that say so."""
OUT, FOUND, MOVED, GONE = range(4)
KINDS = {"left_out": OUT, "found": FOUND, "moved": MOVED, "gone": GONE}


@dataclass(frozen=True)
class Counts:
    """How many people the alternative touches, and how."""

    same: int
    moved: int
    found: int
    left_out: int
    gone: int = 0
    """Who waits no longer since the drafts were computed: the alternative did not look at them."""

    @property
    def touched(self) -> int:
        return self.moved + self.found + self.left_out


@dataclass(frozen=True)
class Change:
    """One person, before and after; a pair is None where nobody is found."""

    request: MentoringRequest
    before: RoundPair | None
    after: RoundPair | None
    gained: list[str]
    lost: list[str]
    widen: list[str]
    """For whom the alternative leaves out: what would let others in."""

    @property
    def gone(self) -> bool:
        """They no longer wait for somebody: no weights leave them out."""
        return getattr(self.request, "kind_of_change", None) == GONE


def changed(round: MatchingRound, other: MatchingRound) -> QuerySet[MentoringRequest]:
    """Whose mentor differs: who would be left out, found, moved, then who is gone; each by name."""
    return _in_either(round, other).filter(kind_of_change__isnull=False)


def counts(round: MatchingRound, other: MatchingRound) -> Counts:
    kinds = {name: Count("pk", filter=Q(kind_of_change=kind)) for name, kind in KINDS.items()}
    same = Count("pk", filter=Q(kind_of_change=None))
    return Counts(**_in_either(round, other).order_by().aggregate(same=same, **kinds))


def _in_either(round: MatchingRound, other: MatchingRound) -> QuerySet[Any]:
    was, will_be = (
        Subquery(RoundPair.objects.filter(round=one, request=OuterRef("pk")).values("profile"))
        for one in (round, other)
    )
    missed = LeftOut.objects.filter(round=other, request=OuterRef("pk"))
    kind = Case(
        When(Q(will_be=None) & Exists(missed), then=OUT),
        When(will_be=None, then=GONE),
        When(was=None, then=FOUND),
        When(~Q(was=F("will_be")), then=MOVED),
        output_field=IntegerField(),
    )
    return (
        MentoringRequest.objects.annotate(was=was, will_be=will_be)
        .exclude(was=None, will_be=None)
        .annotate(kind_of_change=kind)
        .defer("words")
        .select_related("mentee")
        .order_by("kind_of_change", "mentee__name", "pk")
    )


def described(
    requests: Iterable[MentoringRequest], round: MatchingRound, other: MatchingRound
) -> list[Change]:
    """These requests with both pairs and what each of them gains and loses."""
    asked = list(requests)
    before, after = (_pairs(one, asked) for one in (round, other))
    missed = dict(other.left_outs.filter(request__in=asked).values_list("request", "widen"))
    return [
        Change(one, was, will, *_difference(was, will), missed.get(one.pk, []))
        for one in asked
        for was, will in [(before.get(one.pk), after.get(one.pk))]
    ]


def _pairs(round: MatchingRound, requests: list[MentoringRequest]) -> dict[int, RoundPair]:
    pairs = round.pairs.filter(request__in=requests).select_related("profile__person")
    return {pair.request_id: pair for pair in pairs.defer("profile__words", "profile__vector")}


def _difference(before: RoundPair | None, after: RoundPair | None) -> tuple[list[str], list[str]]:
    """Kinds of fit with more and with less than before; whoever has nobody has none to compare."""
    if before is None or after is None:
        return [], []
    had, has = amounts(before.reasons), amounts(after.reasons)
    return [kind for kind in CODES if has[kind] > had[kind]], [
        kind for kind in CODES if has[kind] < had[kind]
    ]


def amounts(reasons: Reasons) -> dict[str, int]:
    """How much there is of each kind: needs met and ways alike are several, the rest is yes or no."""
    said = list(reasons)
    return {
        kind: sum(len(one.get("ids", (0,))) for one in said if one["code"] in codes)
        for kind, codes in CODES.items()
    }


def with_fit(*rounds: MatchingRound) -> list[dict[str, int]]:
    """How many pairs of each round have each kind of fit at all, and how many pairs there are."""
    kinds = {kind: Count("pk", filter=_has(codes)) for kind, codes in CODES.items()}
    pairs = RoundPair.objects.filter(round__in=rounds).order_by().values("round")
    rows: dict[int, Any] = {row["round"]: row for row in pairs.annotate(pairs=Count("pk"), **kinds)}
    nothing = dict.fromkeys(("pairs", *CODES), 0)
    return [rows.get(round.pk, nothing) for round in rounds]


def _has(codes: tuple[str, ...]) -> Q:
    found = Q()
    for code in codes:
        found |= Q(reasons__contains=[{"code": code}])
    return found
