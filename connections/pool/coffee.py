"""People who want coffee, as arrays: where they work, whom they have met, from whom to keep them."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg

from academy.models import Conflict
from connections.matching import UNKNOWN
from connections.matching.coffee import Pool
from connections.matching.people import Ints
from connections.models import CoffeeRound, CoffeeSeat, NotAgain
from connections.models.coffee_members import CoffeeMemberQuerySet
from connections.pool.work import Work, work_of

COLUMNS = ("person_id", "in_english", "in_welsh", "online", "in_person", "person__job_role")


def load(members: CoffeeMemberQuerySet, *, month: date, rounds: int) -> Pool:
    """Everybody in for a month, in a handful of queries however many they are."""
    rows = list(members.order_by("person_id").values_list(*COLUMNS))
    people = [row[0] for row in rows]
    work = work_of(people)
    jobs: dict[str, int] = {}
    return Pool(
        person=np.array(people, np.int64),
        languages=np.array([row[1] | row[2] << 1 for row in rows], np.int8),
        formats=np.array([row[3] | row[4] << 1 for row in rows], np.int8),
        organisation=np.array([work.organisation(one) for one in people], np.int64),
        team=np.array([work.team(one) for one in people], np.int64),
        profession=np.array([_job(row[5], jobs) for row in rows], np.int64),
        apart=_apart(people, work),
        met=_met(people, month=month, rounds=rounds),
    )


def _job(role: str, jobs: dict[str, int]) -> int:
    """A number for what somebody does; spelling and spaces do not make two of one."""
    name = " ".join(role.casefold().split())
    return jobs.setdefault(name, len(jobs)) if name else UNKNOWN


def _apart(people: list[int], work: Work) -> Ints:
    """Line managers, declared conflicts, pairs that mentor or coach, and who said: not again."""
    pairs = work.managers() + work.together
    for declared in (Conflict, NotAgain):
        rows = declared.objects.filter(person__in=people).order_by("pk")
        pairs += rows.values_list("person_id", "other_id")
    return np.array(pairs, np.int64).reshape(-1, 2)


def _met(people: list[int], *, month: date, rounds: int) -> Ints:
    """Who shared a group in the last rounds, and how many rounds ago."""
    before = CoffeeRound.objects.drawn().filter(month__lt=month).newest_first()
    ago = {pk: place + 1 for place, pk in enumerate(before.values_list("pk", flat=True)[:rounds])}
    seats = CoffeeSeat.objects.kept().filter(group__isnull=False, round__in=list(ago))
    tables = seats.order_by("group").values("group", "round").annotate(who=ArrayAgg("person_id"))
    here = set(people)
    found = [
        (one, other, ago[table["round"]])
        for table in tables
        for one, other in combinations(sorted(table["who"]), 2)
        if one in here and other in here
    ]
    return np.array(found, np.int64).reshape(-1, 3)
