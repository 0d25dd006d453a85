"""Scores in, reasons out: what the matching found, as keys of rows and codes for words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from connections import matching
from connections.matching import rules
from connections.matching.people import People
from connections.models import WAYS, MentoringRequest, MentorProfile, Setting, Weights
from connections.pool.loading import Loaded, load

Reasons = list[dict[str, Any]]

CHOSEN = (matching.Rule.KIND, matching.Rule.LANGUAGE)


@dataclass(frozen=True)
class Found:
    """What a look for mentors came back with."""

    profiles: list[tuple[int, Reasons]]
    widen: list[str]


def suggest(
    request: MentoringRequest, weights: Weights, *, least: int, most: int, at: datetime
) -> Found:
    """The best few for one request, why, and when they are few, which choice stands in the way.

    First only those with a place who offer something of what is needed are looked at; everybody
    else matters only to the advice.
    """
    asked = MentoringRequest.objects.filter(pk=request.pk)
    everybody = MentorProfile.objects.unpaused()
    methods, services = (
        list(named.order_by("pk").values_list("pk", flat=True))
        for named in (request.methods, request.services)
    )
    able = everybody.filter(closed=False).offering(methods=methods, services=services)
    loaded, worths = load(asked, able, at=at), weights.as_numbers()
    pool = loaded.pool
    best = matching.suggest(pool.requests, pool.mentors, worths, apart=pool.apart, count=most)
    rows = pool.mentors.rows_of(np.array([one.mentor for one in best], np.int64))
    profiles = [
        (int(loaded.profile_pks[row]), _codes(pool.requests, 0, one.reasons))
        for row, one in zip(rows, best, strict=True)
    ]
    if len(profiles) >= least:
        return Found(profiles, [])
    pool = load(asked, everybody, at=at).pool
    wider = matching.widen(pool.requests, pool.mentors, worths, apart=pool.apart)
    return Found(profiles, [rule.value for rule, more in wider.items() if more])


@dataclass(frozen=True)
class Draft:
    request: int
    profile: int
    reasons: Reasons


@dataclass(frozen=True)
class Assignment:
    """A whole pool assigned."""

    drafts: list[Draft]
    left_out: int
    requests: int
    mentors: int
    proven: bool


def assign(
    loaded: Loaded,
    weights: Weights,
    *,
    locked: list[tuple[int, int]],
    seed: int,
    progress: matching.Progress,
) -> Assignment:
    """The best assignment of everybody at once, with reasons; `locked` are pairs of people."""
    pool = loaded.pool
    together = np.array(locked, np.int64).reshape(-1, 2)
    solution = matching.solve(
        pool, weights.as_numbers(), locked=together, seed=seed, progress=progress
    )
    askers, mentors = solution.pairs[:, 0], solution.pairs[:, 1]
    left, right = pool.pairs(askers, mentors)
    request_pks = loaded.request_pks[pool.requests.rows_of(askers)]
    profile_pks = loaded.profile_pks[pool.mentors.rows_of(mentors)]
    drafts = [
        Draft(int(request_pks[row]), int(profile_pks[row]), _codes(left, row, why))
        for row, why in enumerate(matching.reasons(left, right))
    ]
    return Assignment(
        drafts,
        len(pool.requests) - len(drafts),
        len(pool.requests),
        len(pool.mentors),
        solution.gap == 0,
    )


def may_pair(request: MentoringRequest, profile: MentorProfile, *, at: datetime) -> bool:
    """Whether the hard rules let this very pair be; free places are the mentor's row to know."""
    pool = _pair(request, profile, at=at).pool
    here = np.zeros(1, np.int64)
    chosen = (rules.TABLES[rule](pool.requests, pool.mentors) for rule in CHOSEN)
    return bool(rules.lawful(pool, here, here)[0] and all(table[0, 0] for table in chosen))


def reasons(request: MentoringRequest, profile: MentorProfile, *, at: datetime) -> Reasons:
    """Why this pair may suit."""
    pool = _pair(request, profile, at=at).pool
    return _codes(pool.requests, 0, matching.reasons(pool.requests, pool.mentors)[0])


def _pair(request: MentoringRequest, profile: MentorProfile, *, at: datetime) -> Loaded:
    return load(
        MentoringRequest.objects.filter(pk=request.pk),
        MentorProfile.objects.filter(pk=profile.pk),
        at=at,
    )


def _codes(left: People, row: int, why: matching.Reasons) -> Reasons:
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
    said += [
        {"code": code} for code in ("other_organisation", "team_unknown") if getattr(why, code)
    ]
    return said
