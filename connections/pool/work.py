"""Where people work and worked, and whom they have worked with one to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.db.models.functions import Lower

from academy.models import Membership, Person
from academy.rows import any_of
from connections.matching import UNKNOWN
from connections.models.relationships import Relationship

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Job:
    """A membership, of today or the one before."""

    organisation: int
    team: str
    manager: int | None
    manager_email: str


@dataclass(frozen=True, slots=True)
class Work:
    jobs: dict[int, Job]
    workplaces: dict[int, int]
    """The organisation before the present one, where there was one."""
    contacts: dict[int, set[int]]
    together: Pairs
    """Mentee and mentor of relationships that have not ended, or whom the academy set apart."""
    teams: dict[tuple[int, str], int] = field(default_factory=dict)

    def organisation(self, person: int) -> int:
        job = self.jobs.get(person)
        return job.organisation if job else UNKNOWN

    def team(self, person: int) -> int:
        job = self.jobs.get(person)
        name = " ".join(job.team.casefold().split()) if job else ""
        if not job or not name:
            return UNKNOWN
        return self.teams.setdefault((job.organisation, name), len(self.teams))

    def managers(self) -> Pairs:
        """Line managers, also those known by their address alone who have an account by now."""
        known = [(person, job.manager) for person, job in self.jobs.items() if job.manager]
        named = [
            (person, job.manager_email.lower())
            for person, job in self.jobs.items()
            if job.manager_email and not job.manager
        ]
        same = Person.objects.annotate(lowered=Lower("email"))
        found = dict(same.filter(lowered__in={a for _, a in named}).values_list("lowered", "pk"))
        return known + [(person, found[address]) for person, address in named if address in found]


def work_of(people: list[int]) -> Work:
    """In two queries, however many they are."""
    jobs, workplaces = _jobs(people)
    contacts: dict[int, set[int]] = defaultdict(set)
    together = []
    for mentee, mentor, agreed, not_again in _relationships(people):
        if agreed:
            contacts[mentee].add(mentor)
            contacts[mentor].add(mentee)
        if not_again:
            together.append((mentee, mentor))
    return Work(jobs, workplaces, contacts, together)


def _jobs(people: list[int]) -> tuple[dict[int, Job], dict[int, int]]:
    """Today's first, then backwards: the first other organisation is the one before."""
    jobs: dict[int, Job] = {}
    workplaces: dict[int, int] = {}
    rows = Membership.objects.filter(any_of("person", people)).order_by(
        "person_id", F("ended_on").desc(nulls_first=True), "-pk"
    )
    for person, ended, organisation, team, manager, email in rows.values_list(
        "person_id", "ended_on", "organisation_id", "team", "line_manager_id", "line_manager_email"
    ):
        if ended is None:
            jobs[person] = Job(organisation, team, manager, email)
        elif person not in jobs or jobs[person].organisation != organisation:
            workplaces.setdefault(person, organisation)
    return jobs, workplaces


def _relationships(people: list[int]) -> Iterable[tuple[int, int, bool, bool]]:
    either = Q(any_of("mentor", people)) | Q(any_of("mentee", people))
    rows = Relationship.objects.filter(either)
    apart = Relationship.Why.APART
    for mentee, mentor, agreed, ended, why in rows.order_by("pk").values_list(
        "mentee_id", "mentor_id", "agreed_at", "ended_at", "why"
    ):
        yield mentee, mentor, agreed is not None, ended is None or why == apart
