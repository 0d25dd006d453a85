"""Rows in, arrays out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from academy.models import Conflict
from connections import matching
from connections.matching import UNKNOWN
from connections.matching.people import Ints, People
from connections.matching.rounds import nobody
from connections.models import (
    WAYS,
    MentoringRequest,
    MentorProfile,
    Setting,
    Suggestion,
)
from connections.pool.work import Work, work_of

SETTINGS = {code: number for number, code in enumerate(Setting.values)}
SHARED = (
    "pk",
    "in_english",
    "in_welsh",
    "online",
    "in_person",
    "setting",
    *(way.field for way in WAYS),
)


@dataclass(frozen=True)
class Loaded:
    """A pool as arrays, and which row of the tables each row of the arrays is."""

    pool: matching.Pool
    request_pks: Ints
    profile_pks: Ints

    def mark(self) -> str:
        """The same for the same people with the same wishes and places, whatever the weights."""
        ink = hashlib.sha256(self.request_pks.tobytes() + self.profile_pks.tobytes())
        apart = np.unique(self.pool.apart, axis=0)
        for part in (*_parts(self.pool.requests), *_parts(self.pool.mentors), apart):
            ink.update(part.tobytes())
        return ink.hexdigest()

    def kept_apart(self, pairs: Iterable[tuple[int, int]]) -> Loaded:
        """With these people apart as well."""
        more = np.array(list(pairs), np.int64).reshape(-1, 2)
        pool = replace(self.pool, apart=np.concatenate((self.pool.apart, more)))
        return replace(self, pool=pool)

    def in_order(self) -> Loaded:
        """By person on both sides, as the matching wants it."""
        left = np.argsort(self.pool.requests.person, kind="stable")
        right = np.argsort(self.pool.mentors.person, kind="stable")
        return Loaded(self.pool.in_order(), self.request_pks[left], self.profile_pks[right])


def _parts(people: People) -> Iterator[Any]:
    for each in fields(people):
        part = getattr(people, each.name)
        yield from (part.starts, part.items) if isinstance(part, matching.Sets) else (part,)


def load(
    requests: QuerySet[MentoringRequest],
    profiles: QuerySet[MentorProfile],
    *,
    at: datetime,
    progress: matching.Progress = nobody,
) -> Loaded:
    """Both sides of a pool in a handful of queries, however many they are."""
    progress("loading", 0)
    asked = [_request(row) for row in _rows(_with_topics(requests), REQUEST_COLUMNS)]
    progress("loading", 0.4)
    offered = [_profile(row) for row in _rows(profiles.order_by("pk"), PROFILE_COLUMNS)]
    progress("loading", 0.6)
    return _loaded(asked, offered, progress)


def load_without_request(mentee: int, profiles: QuerySet[MentorProfile], *, kind: str) -> Loaded:
    """One person without a request, who talks in either language and meets anywhere."""
    said: dict[str, Any] = dict.fromkeys(("in_english", "in_welsh", "online", "in_person"), True)
    said |= {way.field: 0 for way in WAYS}
    said |= {"pk": 0, "setting": "", "mentee_id": mentee, "kind": kind, "left_out": False}
    asked = [_request({**said, "asked_methods": [], "asked_services": []})]
    offered = [_profile(row) for row in _rows(profiles.order_by("pk"), PROFILE_COLUMNS)]
    return _loaded(asked, offered, nobody)


def _loaded(
    asked: list[dict[str, Any]], offered: list[dict[str, Any]], progress: matching.Progress
) -> Loaded:
    work = work_of([row["person"] for row in (*asked, *offered)])
    progress("loading", 0.8)
    left = matching.Requests(**_people(asked, work), left_out=_column(asked, "left_out", np.bool_))
    right = matching.Mentors(
        **_people(offered, work),
        free=_column(offered, "free", np.int64),
        paused=_column(offered, "paused", np.bool_),
    )
    pool = matching.Pool(left, right, _apart(left, right, work, asked))
    return Loaded(pool, _column(asked, "pk", np.int64), _column(offered, "pk", np.int64)).in_order()


def _rows(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    return iter(rows.values(*columns))


REQUEST_COLUMNS = (*SHARED, "mentee_id", "kind", "left_out", "asked_methods", "asked_services")
PROFILE_COLUMNS = (
    *SHARED,
    "person_id",
    "offers_mentoring",
    "offers_coaching",
    "method_ids",
    "service_ids",
    "capacity",
    "places_taken",
    "paused",
)


def _with_topics(requests: QuerySet[MentoringRequest]) -> QuerySet[MentoringRequest]:
    def listed(through: Any) -> ArraySubquery:
        mine = through.objects.filter(mentoringrequest=OuterRef("pk"))
        return ArraySubquery(mine.values("topic_id"))

    return requests.order_by("pk").annotate(
        asked_methods=listed(MentoringRequest.methods.through),
        asked_services=listed(MentoringRequest.services.through),
    )


def _request(row: dict[str, Any]) -> dict[str, Any]:
    kinds = {"mentoring": 1, "coaching": 2}.get(row["kind"], 3)
    return {
        **row,
        "person": row["mentee_id"],
        "kinds": kinds,
        "methods": row["asked_methods"],
        "topics": row["asked_services"],
    }


def _profile(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "person": row["person_id"],
        "kinds": int(row["offers_mentoring"]) | int(row["offers_coaching"]) << 1,
        "methods": row["method_ids"],
        "topics": row["service_ids"],
        "free": row["capacity"] - row["places_taken"],
    }


def _column(rows: Sequence[dict[str, Any]], name: str, kind: Any) -> Any:
    return np.fromiter((row[name] for row in rows), kind, len(rows))


def _bits(rows: Sequence[dict[str, Any]], low: str, high: str) -> Any:
    return np.fromiter((row[low] | row[high] << 1 for row in rows), np.int8, len(rows))


def _people(rows: list[dict[str, Any]], work: Work) -> dict[str, Any]:
    many, people = len(rows), [row["person"] for row in rows]
    ways = np.array([[row[way.field] for way in WAYS] for row in rows], np.int8)
    return {
        "person": np.array(people, np.int64),
        "methods": matching.Sets.of(row["methods"] for row in rows),
        "topics": matching.Sets.of(row["topics"] for row in rows),
        "kinds": _column(rows, "kinds", np.int8),
        "languages": _bits(rows, "in_english", "in_welsh"),
        "formats": _bits(rows, "online", "in_person"),
        "ways": ways.reshape(many, len(WAYS)),
        "setting": np.fromiter((SETTINGS.get(r["setting"], UNKNOWN) for r in rows), np.int64, many),
        "organisation": np.fromiter(map(work.organisation, people), np.int64, many),
        "team": np.fromiter(map(work.team, people), np.int64, many),
        "workplace": np.fromiter(
            (work.workplaces.get(one, UNKNOWN) for one in people), np.int64, many
        ),
        "contacts": matching.Sets.of(work.contacts.get(one, ()) for one in people),
    }


def _apart(left: People, right: People, work: Work, asked: list[dict[str, Any]]) -> Ints:
    """Line managers, declared conflicts, pairs that are together, and answers already given."""
    people = [*left.person.tolist(), *right.person.tolist()]
    pairs = work.managers() + work.together
    pairs += Conflict.objects.filter(person_id__in=people).values_list("person_id", "other_id")
    answered = Suggestion.objects.filter(
        request__in=[row["pk"] for row in asked], outcome__in=Suggestion.FINAL
    )
    pairs += answered.values_list("request__mentee_id", "profile__person_id")
    former = MentoringRequest.kept_apart.through.objects.filter(
        mentoringrequest__in=[row["pk"] for row in asked]
    )
    pairs += former.values_list("mentoringrequest__mentee_id", "person_id")
    return np.array(pairs, np.int64).reshape(-1, 2)
