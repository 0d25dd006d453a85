"""Scores in, reasons out: what the matching found, as keys of rows and codes for words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import QuerySet

from connections import matching
from connections.matching import rules
from connections.matching.people import Bools, Ints, People
from connections.models import WAYS, MentoringRequest, MentorProfile, Setting, Weights
from connections.pool.loading import (
    Loaded,
    load,
    load_without_request,
)

Reasons = list[dict[str, Any]]

AT_ONCE = 1000
BY_WEIGHTS = "weights"  # beside the rules, of whom the coordinator's weights shut out
WEIGHED = (matching.Rule.NEEDS, matching.Rule.FORMAT, matching.Rule.SETTING)
OF_PEOPLE = ("weak_tie", "other_organisation", "team_unknown")
CHOSEN = (matching.Rule.KIND, matching.Rule.LANGUAGE)


@dataclass(frozen=True)
class Draft:
    request: int
    profile: int
    reasons: Reasons


@dataclass(frozen=True)
class Missed:
    """A request nobody was found for, and what would let others in, most first."""

    request: int
    widen: list[str]


@dataclass(frozen=True)
class Assignment:
    """A whole pool assigned."""

    drafts: list[Draft]
    missed: list[Missed]
    mentors: int
    proven: bool
    mark: str

    @property
    def requests(self) -> int:
        return len(self.drafts) + len(self.missed)


def assign(
    loaded: Loaded,
    weights: Weights,
    *,
    locked: list[tuple[int, int]],
    seed: int,
    progress: matching.Progress,
) -> Assignment:
    """The best assignment of everybody at once, with reasons; `locked` are pairs of people."""
    together = np.array(locked, np.int64).reshape(-1, 2)
    worths = weights.as_numbers()
    solution = matching.solve(loaded.pool, worths, locked=together, seed=seed, progress=progress)
    return Assignment(
        list(_drafts(loaded, solution.pairs, progress)),
        _missed(loaded, solution, progress),
        len(loaded.pool.mentors),
        solution.gap == 0,
        loaded.mark(),
    )


def _drafts(loaded: Loaded, pairs: Ints, progress: matching.Progress) -> Iterator[Draft]:
    """Some at a time, so that the facts of all pairs never stand in memory at once."""
    for start in range(0, len(pairs), AT_ONCE):
        progress("explaining", start / len(pairs))
        askers, mentors = pairs[start : start + AT_ONCE].T
        left, right = loaded.pool.pairs(askers, mentors)
        request_pks = loaded.request_pks[loaded.pool.requests.rows_of(askers)].tolist()
        profile_pks = loaded.profile_pks[loaded.pool.mentors.rows_of(mentors)].tolist()
        whys = matching.reasons(left, right)
        for row, (request, profile, why) in enumerate(
            zip(request_pks, profile_pks, whys, strict=True)
        ):
            yield Draft(request, profile, codes(left, row, why))


def _missed(
    loaded: Loaded, solution: matching.Solution, progress: matching.Progress
) -> list[Missed]:
    """Held against the places that are still free once everybody else has theirs."""
    rows = np.flatnonzero(~solution.matched)
    mentors = loaded.pool.mentors
    taken = np.bincount(mentors.rows_of(solution.pairs[:, 1]), minlength=len(mentors))
    rest = matching.Pool(
        loaded.pool.requests.take(rows),
        replace(mentors, free=mentors.free - taken),
        loaded.pool.apart,
    )
    more = matching.widen_each(
        rest, solution.weights, step=lambda share: progress("widening", share)
    )
    alone = shut_out(rest, solution.weights)
    return [
        Missed(request, advice(rules, by_weights))
        for request, rules, by_weights in zip(
            loaded.request_pks[rows].tolist(), more, alone.tolist(), strict=True
        )
    ]


def shut_out(rest: matching.Pool, worths: matching.Weights) -> Bools:
    """For whom nobody is possible only because these weights ask for more than the start ones."""
    if not worths.strict:
        return np.zeros(len(rest.requests), np.bool_)
    return matching.possible_each(rest, matching.Weights())


def advice(rules: Iterable[matching.Rule], by_weights: bool) -> list[str]:
    """What would let others in; what the weights alone forbid is not put on the person."""
    if not by_weights:
        return [rule.value for rule in rules]
    return [BY_WEIGHTS, *(rule.value for rule in rules if rule not in WEIGHED)]


def may_pair(request: MentoringRequest, profile: MentorProfile) -> bool:
    """Whether the hard rules let this very pair be; free places are the mentor's row to know."""
    return _lawful(_pair(request, profile).pool)


def may_be_together(mentee: int, profile: MentorProfile, *, kind: str) -> bool:
    """The same for somebody who comes without a request, as in a hand-over."""
    these = MentorProfile.objects.filter(pk=profile.pk)
    return _lawful(load_without_request(mentee, these, kind=kind).pool)


@dataclass(frozen=True)
class Held:
    """One offer held against one request: why they may suit, and the hard rule in their way."""

    reasons: Reasons
    rule: str


def held_against(request: MentoringRequest, profiles: QuerySet[MentorProfile]) -> dict[int, Held]:
    """These offers by their keys, whatever the weights and however many places are free."""
    return held(load(MentoringRequest.objects.filter(pk=request.pk), profiles))


def held(loaded: Loaded) -> dict[int, Held]:
    """All offers loaded, held against the one who asks."""
    pool = loaded.pool
    left = pool.requests.take(np.zeros(len(pool.mentors), np.int64))
    whys, broken = matching.reasons(left, pool.mentors), _in_the_way(pool)
    return {
        pk: Held(codes(left, row, whys[row]), broken[row])
        for row, pk in enumerate(loaded.profile_pks.tolist())
    }


def _lawful(pool: matching.Pool) -> bool:
    return _in_the_way(pool) == [""]


def _in_the_way(pool: matching.Pool) -> list[str]:
    """For each mentor the first hard rule between them and the one who asks; empty where none is."""
    columns = np.arange(len(pool.mentors))
    fine = {matching.Rule.APART: rules.lawful(pool, np.zeros_like(columns), columns)}
    fine |= {rule: rules.TABLES[rule](pool.requests, pool.mentors)[0] for rule in CHOSEN}
    return [
        next((rule.value for rule, may in fine.items() if not may[column]), "")
        for column in columns
    ]


def reasons(request: MentoringRequest, profile: MentorProfile) -> Reasons:
    """Why this pair may suit."""
    pool = _pair(request, profile).pool
    return codes(pool.requests, 0, matching.reasons(pool.requests, pool.mentors)[0])


def _pair(request: MentoringRequest, profile: MentorProfile) -> Loaded:
    return load(
        MentoringRequest.objects.filter(pk=request.pk),
        MentorProfile.objects.filter(pk=profile.pk),
    )


def codes(left: People, row: int, why: matching.Reasons) -> Reasons:
    """Codes and ids: the words are made when somebody reads them."""
    said: Reasons = [
        {"code": code, "ids": list(ids)}
        for code, ids in (("methods", why.methods), ("topics", why.topics))
        if ids
    ]
    said += [
        {"code": WAYS[number].field, "end": int(left.ways[row][number])}
        for number in why.ways_agreed
    ]
    if why.same_setting:
        said.append({"code": "setting", "value": Setting.values[int(left.setting[row])]})
    said.append({"code": "languages", "bits": int(why.languages)})
    if why.formats:
        said.append({"code": "formats", "bits": int(why.formats)})
    said += [{"code": code} for code in OF_PEOPLE if getattr(why, code)]
    return said
