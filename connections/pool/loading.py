"""Rows in, arrays out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
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
    SetApart,
    Setting,
    Suggestion,
)
from connections.pool.work import Work, work_of

Row = dict[str, Any]

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
    progress: matching.Progress = nobody,
) -> Loaded:
    """Both sides of a pool in a handful of queries, however many they are."""
    progress("loading", 0)
    asking = asked(requests)
    progress("loading", 0.4)
    offering = offered(profiles.order_by("pk"))
    progress("loading", 0.6)
    return as_arrays(asking, offering, progress)


def load_without_request(mentee: int, profiles: QuerySet[MentorProfile], *, kind: str) -> Loaded:
    """One person without a request, who talks in either language and meets anywhere."""
    said: dict[str, Any] = dict.fromkeys(("in_english", "in_welsh", "online", "in_person"), True)
    said |= {way.field: 0 for way in WAYS}
    said |= {"pk": 0, "setting": "", "mentee_id": mentee, "kind": kind, "left_out": False}
    asking = _request({**said, "asked_methods": [], "asked_services": []})
    return as_arrays([asking], offered(profiles))


def asked(requests: QuerySet[MentoringRequest]) -> list[Row]:
    """What each asks for, its topics in the row."""
    return [_request(row) for row in _with_topics(requests).values(*REQUEST_COLUMNS)]


def offered(profiles: QuerySet[MentorProfile]) -> list[Row]:
    """What each offers, in the order of the query."""
    return [as_offered(row) for row in profiles.values(*PROFILE_COLUMNS)]


def as_arrays(
    asking: list[Row], offering: list[Row], progress: matching.Progress = nobody
) -> Loaded:
    """Rows as arrays, with what is known of these people besides: work, ties, and who stays apart."""
    work = work_of([row["person"] for row in (*asking, *offering)])
    progress("loading", 0.8)
    left = matching.Requests(
        **_people(asking, work), left_out=_column(asking, "left_out", np.bool_)
    )
    right = matching.Mentors(
        **_people(offering, work),
        free=_column(offering, "free", np.int64),
        paused=_column(offering, "paused", np.bool_),
    )
    pool = matching.Pool(left, right, _apart(left, right, work, asking))
    pks = (_column(side, "pk", np.int64) for side in (asking, offering))
    return Loaded(pool, *pks).in_order()


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


def _request(row: Row) -> Row:
    kinds = {"mentoring": 1, "coaching": 2}.get(row["kind"], 3)
    return {
        **row,
        "person": row["mentee_id"],
        "kinds": kinds,
        "methods": row["asked_methods"],
        "topics": row["asked_services"],
    }


def as_offered(row: Row) -> Row:
    """The `PROFILE_COLUMNS` of an offer, named as the arrays are."""
    return {
        **row,
        "person": row["person_id"],
        "kinds": int(row["offers_mentoring"]) | int(row["offers_coaching"]) << 1,
        "methods": row["method_ids"],
        "topics": row["service_ids"],
        "free": row["capacity"] - row["places_taken"],
    }


def _column(rows: Sequence[Row], name: str, kind: Any) -> Any:
    return np.fromiter((row[name] for row in rows), kind, len(rows))


def _bits(rows: Sequence[Row], low: str, high: str) -> Any:
    return np.fromiter((row[low] | row[high] << 1 for row in rows), np.int8, len(rows))


def _people(rows: list[Row], work: Work) -> dict[str, Any]:
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


def _apart(left: People, right: People, work: Work, asking: list[Row]) -> Ints:
    """Line managers, declared conflicts, pairs together, answers given or waited for, set apart."""
    people = [*left.person.tolist(), *right.person.tolist()]
    requests = [row["pk"] for row in asking]
    former = MentoringRequest.kept_apart.through.objects.filter(mentoringrequest__in=requests)
    declared = Conflict.objects.filter(person_id__in=people)
    removed = SetApart.objects.filter(request__in=requests)
    answered = Suggestion.objects.filter(request__in=requests, outcome__in=Suggestion.FINAL)
    waiting = MentoringRequest.objects.asked_besides(requests)
    pairs = declared.values_list("person_id", "other_id").union(
        answered.values_list("request__mentee_id", "profile__person_id"),
        former.values_list("mentoringrequest__mentee_id", "person_id"),
        removed.values_list("request__mentee_id", "profile__person_id"),
        waiting.values_list("mentee_id", "mentor__person_id"),
    )
    apart = [*work.managers(), *work.together, *pairs]
    return np.array(apart, np.int64).reshape(-1, 2)
