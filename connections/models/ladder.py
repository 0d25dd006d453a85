"""The coach ladder: what each step means and asks for, in words administrators keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from academy import milestones
from academy.bilingual import Bilingual, in_both_languages
from academy.models import Person
from connections.models.coach_rules import CoachRules
from connections.models.credentials import Credential
from connections.models.log import LogLine
from connections.models.meetings import Meeting
from connections.models.practices import Practice, Step
from connections.models.profiles import MentorProfile
from connections.models.requests import Kind
from connections.models.supervision import SupervisionGroup
from connections.models.supervision_places import SupervisionPlace

FIRST_COURSE = "capability.first_course"
A_YEAR = timedelta(days=365)


class Fact(models.TextChoices):
    """What the academy can see for itself."""

    FIRST_COURSE = "first_course", _("Has taken part in a course")
    OFFER = "offer", _("Has an approved offer")
    FIRST_PERSON = "first_person", _("Has met with somebody they help")
    SAT_IN = "sat_in", _("Has sat in on coaching")
    COACHING_OFFER = "coaching_offer", _("Has an approved offer to coach")
    CREDENTIAL = "credential", _("Has a confirmed credential")
    SUPERVISED = "supervised", _("Was supervised recently enough")
    COACHING_GIVEN = "coaching_given", _("Has coached within a year")
    GROUP_LED = "group_led", _("Leads a supervision group")


# Where somebody goes who has not reached it, and what the link says.
PLACES: dict[str, tuple[str, Any]] = {
    Fact.OFFER: ("connections:my_profile", _("Your offer")),
    Fact.FIRST_PERSON: ("connections:caseload", _("Your people")),
    Fact.SAT_IN: ("connections:write_log", _("Add to my log")),
    Fact.COACHING_OFFER: ("connections:my_profile", _("Your offer")),
    Fact.CREDENTIAL: ("connections:add_credential", _("Add a credential")),
    Fact.SUPERVISED: ("connections:supervision", _("Find a session")),
    Fact.COACHING_GIVEN: ("connections:caseload", _("Your people")),
    Fact.GROUP_LED: ("connections:supervision", _("Supervision groups")),
}


class LadderStepQuerySet(models.QuerySet["LadderStep"]):
    def load(self, rows: list[dict[str, Any]]) -> int:
        """Start values, added where a step is new; what an administrator wrote stays."""
        added = 0
        for row in rows:
            words = {"means_en": row["means_en"], "means_cy": row["means_cy"]}
            step, new = self.get_or_create(step=row["step"], defaults=words)
            added += new
            if new:
                Requirement.objects.bulk_create(
                    Requirement(ladder_step=step, place=place, **one)
                    for place, one in enumerate(row["requirements"], start=1)
                )
        return added


class OwnWords(models.Model):
    """Words the academy starts with, until an administrator writes its own."""

    start_value = models.BooleanField(_("start value"), default=True, editable=False)

    class Meta:
        abstract = True

    def keep_as_own(self) -> None:
        self.start_value = False
        self.save(update_fields=["start_value"])


class LadderStep(OwnWords):
    """What one step means."""

    step = models.CharField(_("step"), max_length=11, choices=Step, unique=True)
    means_en = models.CharField(_("what it means (English)"), max_length=300)
    means_cy = models.CharField(_("what it means (Welsh)"), max_length=300)

    means = Bilingual("means")
    objects = LadderStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of the ladder")
        verbose_name_plural = _("steps of the ladder")
        constraints = [
            models.CheckConstraint(
                name="ladder_step_in_both_languages", condition=in_both_languages("means")
            )
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())


class Requirement(OwnWords):
    """One thing a step asks for: words for people, and the fact that shows it."""

    ladder_step = models.ForeignKey(
        LadderStep, verbose_name=_("step"), on_delete=models.CASCADE, related_name="requirements"
    )
    place = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    fact = models.CharField(_("shown by"), max_length=14, choices=Fact)
    words_en = models.CharField(_("words (English)"), max_length=200)
    words_cy = models.CharField(_("words (Welsh)"), max_length=200)

    words = Bilingual("words")

    class Meta:
        verbose_name = _("requirement of a step")
        verbose_name_plural = _("requirements of the steps")
        constraints = [
            models.UniqueConstraint(
                name="one_requirement_for_each_fact", fields=["ladder_step", "fact"]
            ),
            models.CheckConstraint(
                name="requirement_in_both_languages", condition=in_both_languages("words")
            ),
        ]

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Point:
    """One requirement, as it stands for one person."""

    fact: str
    words: str
    done: bool
    url_name: str
    action: str  # what the link there says


@dataclass(frozen=True)
class Rung:
    step: Step
    means: str
    points: list[Point]
    reached: bool
    here: bool

    @property
    def past(self) -> bool:
        """Below where the person stands: it was given, whatever the academy sees of it."""
        return self.reached and not self.here


@dataclass(frozen=True)
class Ladder:
    rungs: list[Rung]
    start_values: bool

    @property
    def here(self) -> Rung:
        return next(rung for rung in self.rungs if rung.here)

    @property
    def next(self) -> Rung | None:
        """The step above."""
        above = [rung for rung in self.rungs if not rung.reached]
        return above[0] if above else None

    def missing_for(self, step: str) -> list[Point]:
        """What a step above where the person stands asks for, and is not done yet."""
        above = [rung for rung in self.rungs if rung.step == step and not rung.reached]
        return [point for rung in above for point in rung.points if not point.done]

    @property
    def to_do(self) -> list[Point]:
        """What is not done yet: of this step first, then of the next."""
        rungs = [self.here, *([self.next] if self.next else [])]
        found = {point.fact: point for rung in rungs for point in rung.points if not point.done}
        return list(found.values())


def facts_of(person: Any, *, at: datetime) -> dict[str, bool]:
    """What the academy sees of this person, in two queries."""
    rules, on, me = CoachRules.current(), localdate(at), OuterRef("pk")
    offers = MentorProfile.objects.approved().filter(person=me)
    held = Meeting.objects.held().filter(relationship__mentor=me)
    lines = LogLine.objects.filter(person=me)
    recent = rules.supervised_since(on)
    asked = {
        Fact.OFFER: offers,
        Fact.FIRST_PERSON: held,
        Fact.SAT_IN: lines.filter(kind=LogLine.Kind.SAT_IN),
        Fact.COACHING_OFFER: offers.filter(offers_coaching=True),
        Fact.CREDENTIAL: Credential.objects.confirmed().lasting(on).filter(person=me),
        Fact.SUPERVISED: lines.supervision().filter(done_on__gte=recent),
        Fact.COACHING_GIVEN: held.filter(
            relationship__kind=Kind.COACHING, starts_at__gte=at - A_YEAR
        ),
        Fact.GROUP_LED: SupervisionGroup.objects.open().filter(lead=me),
    }
    annotated = Person.objects.filter(pk=person.pk).annotate(
        **{f"fact_{fact}": Exists(rows) for fact, rows in asked.items()}
    )
    seen = annotated.values(*(f"fact_{fact}" for fact in asked)).get()
    facts = {name.removeprefix("fact_"): bool(value) for name, value in seen.items()}
    return {**facts, Fact.FIRST_COURSE: milestones.reached(FIRST_COURSE, person, at=at)}


def ladder_of(person: Any, *, at: datetime) -> Ladder:
    """All four steps: which are reached, and what each asks for, done or not yet."""
    stands = Practice.objects.step_of(person)
    kept = {row.step: row for row in LadderStep.objects.prefetch_related("requirements")}
    facts, order = facts_of(person, at=at), list(Step)
    places = SupervisionPlace.objects.of(person).to_come(at).order_by("session__starts_at")
    books_at = places.values_list("session__starts_at", flat=True).first()
    rungs = [
        Rung(
            step=step,
            means=kept[step].means if step in kept else "",
            points=_points(kept[step], facts, books_at) if step in kept else [],
            reached=order.index(step) <= order.index(stands),
            here=step == stands,
        )
        for step in order
    ]
    rows = [*kept.values(), *(one for row in kept.values() for one in row.requirements.all())]
    return Ladder(rungs, start_values=any(row.start_value for row in rows))


def _points(row: LadderStep, facts: dict[str, bool], books_at: datetime | None) -> list[Point]:
    asked = sorted(row.requirements.all(), key=lambda one: (one.place, one.pk))
    return [
        Point(one.fact, one.words, facts.get(one.fact, False), *_where(one.fact, books_at))
        for one in asked
    ]


def _where(fact: str, books_at: datetime | None) -> tuple[str, Any]:
    if fact == Fact.SUPERVISED and books_at is not None:
        day = {"day": date_format(localtime(books_at), "l j F")}
        return PLACES[fact][0], gettext("Booked for %(day)s") % day
    if fact == Fact.FIRST_COURSE:
        return milestones.where(FIRST_COURSE), _("Find a course")
    return PLACES[fact]
