"""When a person can meet: a week of parts of days, for shifts as much as for office hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.dates import WEEKDAYS
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connections.models.relationships import Relationship
from connections.models.taken import clashes, taken

DAYS = range(7)  # Monday first
AHEAD = 14  # days in which times are suggested


class Part(models.TextChoices):
    EARLY = "early", _("Early")
    DAYTIME = "daytime", _("Daytime")
    EVENING = "evening", _("Evening")
    NIGHT = "night", _("Night")


PARTS = list(Part)
BEGINS = {
    Part.EARLY: time(7, 30),
    Part.DAYTIME: time(12, 30),
    Part.EVENING: time(18),
    Part.NIGHT: time(21, 30),
}
KINDEST = [Part.DAYTIME, Part.EVENING, Part.EARLY, Part.NIGHT]
WEEKEND = (5, 6)
CELLS = len(DAYS) * len(PARTS)


def cell(day: int, part: Part) -> int:
    return day * len(PARTS) + PARTS.index(part)


def in_words(cells: frozenset[int]) -> list[str]:
    """A line for each day that has any: Monday: early, evening."""
    lines = []
    for day in DAYS:
        parts = [str(part.label).lower() for part in PARTS if cell(day, part) in cells]
        if parts:
            facts = {"day": WEEKDAYS[day], "parts": ", ".join(parts)}
            lines.append(gettext("%(day)s: %(parts)s") % facts)
    return lines


class AvailabilityQuerySet(models.QuerySet["Availability"]):
    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def visible_to(self, reader: Any) -> Self:
        """One's own, and that of the people one learns with now."""
        pairs = Relationship.objects.of(reader).current()
        with_me = models.Q(person__in=pairs.values("mentor")) | models.Q(
            person__in=pairs.values("mentee")
        )
        return self.filter(models.Q(person=reader) | with_me)

    @transaction.atomic
    def keep(self, person: Any, cells: Iterable[int], *, at: datetime) -> None:
        """These parts of the week; none at all is no answer, and leaves no row."""
        chosen = sorted({one for one in cells if 0 <= one < CELLS})
        if not chosen:
            self.of(person).delete()
            return
        self.update_or_create(person=person, defaults={"cells": chosen, "changed_at": at})


class Availability(models.Model):
    """What one person ticked; only they and the people they learn with see it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availability"
    )
    cells = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("parts of the week"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [
            models.CheckConstraint(
                name="availability_is_of_one_week",
                condition=models.Q(cells__contained_by=list(range(CELLS))),
            )
        ]

    def __str__(self) -> str:
        return str(_("Availability %(number)s") % {"number": self.pk})


@dataclass(frozen=True)
class Week:
    """The weeks of two people side by side. None: this one has not said."""

    mine: frozenset[int] | None
    theirs: frozenset[int] | None

    @property
    def said(self) -> bool:
        return self.mine is not None and self.theirs is not None

    @property
    def shared(self) -> frozenset[int]:
        return (self.mine or frozenset()) & (self.theirs or frozenset())

    @property
    def rows(self) -> list[tuple[str, list[tuple[bool, bool]]]]:
        """Each day with, for every part of it, whether I can and whether they can."""
        mine, theirs = self.mine or frozenset(), self.theirs or frozenset()
        return [
            (
                str(WEEKDAYS[day]),
                [(cell(day, part) in mine, cell(day, part) in theirs) for part in PARTS],
            )
            for day in DAYS
        ]

    @property
    def words(self) -> list[str]:
        return in_words(self.shared)

    def shared_parts(self, day: int) -> list[Part]:
        return [part for part in PARTS if cell(day, part) in self.shared]


def week_of(pair: Relationship, reader: Any) -> Week:
    seen = Availability.objects.visible_to(reader).filter(
        person__in=(pair.mentor_id, pair.mentee_id)
    )
    cells = {row.person_id: frozenset(row.cells) for row in seen}
    return Week(cells.get(reader.pk), cells.get(pair.other(reader).pk))


def suggested(
    pair: Relationship, week: Week, *, minutes: int, many: int = 3, at: datetime
) -> list[datetime]:
    """The kindest times, one a day, that suit both and at which neither is promised elsewhere.

    Weekdays come before weekends, and the middle of the day before its edges, then the nearest.
    """
    if not week.shared:
        return []
    until = at + timedelta(days=AHEAD + 1)
    promised = taken(pair.mentor_id, pair.mentee_id, since=at, until=until)
    length, found = timedelta(minutes=minutes), []
    for day in (localdate(at) + timedelta(days=number) for number in range(1, AHEAD + 1)):
        for kindness, start in _starts(day, week):
            if not clashes(start, start + length, promised):
                found.append((day.weekday() in WEEKEND, kindness, start))
                break
    return sorted(start for _weekend, _kindness, start in sorted(found)[:many])


def _starts(day: date, week: Week) -> Iterator[tuple[int, datetime]]:
    """The kindest first, each with its place among the kindest."""
    shared = week.shared_parts(day.weekday())
    for place, part in enumerate(KINDEST):
        if part in shared:
            yield place, make_aware(datetime.combine(day, BEGINS[part]))
