"""Rows in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Lower

from academy.models import Conflict, Membership, Person
from connections import matching
from connections.matching import UNKNOWN
from connections.matching.people import Ints, People
from connections.models import (
    WAYS,
    MentoringRequest,
    MentorProfile,
    Setting,
    Suggestion,
)
from connections.models.relationships import Relationship

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

    def in_order(self) -> Loaded:
        """By person on both sides, as the matching wants it."""
        left = np.argsort(self.pool.requests.person, kind="stable")
        right = np.argsort(self.pool.mentors.person, kind="stable")
        return Loaded(self.pool.in_order(), self.request_pks[left], self.profile_pks[right])


def load(
    requests: QuerySet[MentoringRequest], profiles: QuerySet[MentorProfile], *, at: datetime
) -> Loaded:
    """Both sides of a pool in a handful of queries, however many they are."""
    asked = [_request(row) for row in _with_topics(requests).values(*REQUEST_COLUMNS)]
    offered = [_profile(row) for row in profiles.order_by("pk").values(*PROFILE_COLUMNS)]
    work = _memberships([row["person"] for row in (*asked, *offered)])
    teams: dict[tuple[int, str], int] = {}
    left = matching.Requests(
        **_people(asked, work, teams), left_out=_column(asked, "left_out", np.bool_)
    )
    right = matching.Mentors(
        **_people(offered, work, teams),
        free=_column(offered, "free", np.int64),
        paused=_column(offered, "paused", np.bool_),
    )
    pool = matching.Pool(left, right, _apart(left, right, work, asked))
    return Loaded(pool, _column(asked, "pk", np.int64), _column(offered, "pk", np.int64)).in_order()


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


def _memberships(people: list[int]) -> dict[int, Membership]:
    """Where these people work today."""
    rows = Membership.objects.current().filter(person_id__in=people)
    wanted = rows.only("person", "organisation", "team", "line_manager", "line_manager_email")
    return {row.person_id: row for row in wanted}


def _people(
    rows: list[dict[str, Any]], work: dict[int, Membership], teams: dict[tuple[int, str], int]
) -> dict[str, Any]:
    def organisation(row: dict[str, Any]) -> int:
        here = work.get(row["person"])
        return here.organisation_id if here else UNKNOWN

    def team(row: dict[str, Any]) -> int:
        here = work.get(row["person"])
        name = " ".join(here.team.casefold().split()) if here else ""
        if not here or not name:
            return UNKNOWN
        return teams.setdefault((here.organisation_id, name), len(teams))

    many = len(rows)
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
        "organisation": np.fromiter(map(organisation, rows), np.int64, many),
        "team": np.fromiter(map(team, rows), np.int64, many),
    }


def _apart(
    left: People, right: People, work: dict[int, Membership], asked: list[dict[str, Any]]
) -> Ints:
    """Line managers, declared conflicts, pairs that are together, and answers already given."""
    people = [*left.person.tolist(), *right.person.tolist()]
    pairs: list[tuple[int, int]] = [
        (row.person_id, row.line_manager_id) for row in work.values() if row.line_manager_id
    ]
    pairs += _managers_by_address(work)
    pairs += Conflict.objects.filter(person_id__in=people).values_list("person_id", "other_id")
    together = Relationship.objects.open().filter(mentee_id__in=left.person.tolist())
    pairs += together.values_list("mentee_id", "mentor_id")
    answered = Suggestion.objects.filter(
        request__in=[row["pk"] for row in asked], outcome__in=Suggestion.FINAL
    )
    pairs += answered.values_list("request__mentee_id", "profile__person_id")
    return np.array(pairs, np.int64).reshape(-1, 2)


def _managers_by_address(work: dict[int, Membership]) -> list[tuple[int, int]]:
    """A line manager known by their address alone, who has an account by now."""
    named = [
        (row.person_id, row.line_manager_email.lower())
        for row in work.values()
        if row.line_manager_email and not row.line_manager_id
    ]
    same = Person.objects.annotate(lowered=Lower("email")).filter(lowered__in={a for _, a in named})
    known = dict(same.values_list("lowered", "pk"))
    return [(person, known[address]) for person, address in named if address in known]
