"""Rows in, arrays out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from django.db.models import QuerySet

from connections import matching
from connections.matching import UNKNOWN
from connections.matching.people import Ints, People
from connections.matching.rounds import nobody
from connections.models import (
    WAYS,
    MentoringRequest,
    MentorProfile,
    Setting,
)
from connections.models.requests import MentoringRequestQuerySet
from connections.pool.apart import apart
from connections.pool.work import Work, work_of

Row = dict[str, Any]
Side = TypeVar("Side", bound=People)

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
    requests: MentoringRequestQuerySet,
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


def asked(requests: MentoringRequestQuerySet) -> list[Row]:
    """What each asks for, its topics in the row."""
    return [_request(row) for row in requests.with_topics().order_by("pk").values(*REQUEST_COLUMNS)]


def asked_by(request: MentoringRequest) -> Row:
    """The same of one that is at hand; its topics are read unless it came `with_topics()`."""
    if not hasattr(request, "asked_methods"):
        request = MentoringRequest.objects.with_topics().get(pk=request.pk)
    return _request({name: getattr(request, name) for name in REQUEST_COLUMNS})


def offered(profiles: QuerySet[MentorProfile]) -> list[Row]:
    """What each offers, in the order of the query."""
    return [as_offered(row) for row in profiles.values(*PROFILE_COLUMNS)]


def as_arrays(
    asking: list[Row], offering: list[Row], progress: matching.Progress = nobody
) -> Loaded:
    """Rows as arrays, with what is known of these people besides."""
    return together(asking, as_mentors(offering), pks(offering), progress)


def together(
    asking: list[Row],
    mentors: matching.Mentors,
    profile_pks: Ints,
    progress: matching.Progress = nobody,
) -> Loaded:
    """With what other tables know of these people: work, ties, and who stays apart."""
    requests = as_requests(asking)
    people = [*requests.person.tolist(), *mentors.person.tolist()]
    work = work_of(people)
    progress("loading", 0.8)
    left, right = _known_by(work, requests), _known_by(work, mentors)
    kept = [*work.managers(), *work.together, *apart(people, [row["pk"] for row in asking])]
    pool = matching.Pool(left, right, np.array(kept, np.int64).reshape(-1, 2))
    return Loaded(pool, pks(asking), profile_pks).in_order()


def as_requests(rows: list[Row]) -> matching.Requests:
    """What the rows tell; where these people work and whom they know is not known yet."""
    return matching.Requests(**_people(rows), left_out=_column(rows, "left_out", np.bool_))


def as_mentors(rows: list[Row]) -> matching.Mentors:
    """What the rows tell; where these people work and whom they know is not known yet."""
    return matching.Mentors(
        **_people(rows),
        free=_column(rows, "free", np.int64),
        paused=_column(rows, "paused", np.bool_),
    )


def pks(rows: list[Row]) -> Ints:
    return np.array([row["pk"] for row in rows], np.int64)


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


def _people(rows: list[Row]) -> dict[str, Any]:
    many = len(rows)
    unknown = np.full(many, UNKNOWN, np.int64)
    ways = np.array([[row[way.field] for way in WAYS] for row in rows], np.int8)
    return {
        "person": _column(rows, "person", np.int64),
        "methods": matching.Sets.of(row["methods"] for row in rows),
        "topics": matching.Sets.of(row["topics"] for row in rows),
        "kinds": _column(rows, "kinds", np.int8),
        "languages": _bits(rows, "in_english", "in_welsh"),
        "formats": _bits(rows, "online", "in_person"),
        "ways": ways.reshape(many, len(WAYS)),
        "setting": np.fromiter((SETTINGS.get(r["setting"], UNKNOWN) for r in rows), np.int64, many),
        "organisation": unknown,
        "team": unknown,
        "workplace": unknown,
        "contacts": matching.Sets.empty(many),
    }


def _known_by(work: Work, side: Side) -> Side:
    people = side.person.tolist()
    return replace(
        side,
        organisation=np.fromiter(map(work.organisation, people), np.int64, len(people)),
        team=np.fromiter(map(work.team, people), np.int64, len(people)),
        workplace=np.fromiter(
            (work.workplaces.get(one, UNKNOWN) for one in people), np.int64, len(people)
        ),
        contacts=matching.Sets.of(work.contacts.get(one, ()) for one in people),
    )
