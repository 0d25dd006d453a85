"""A coach's own log: when, how long and what kind in plain, the words sealed for them alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from connections.models.meetings import APRIL, Meeting
from connections.models.sealed import SealedQuerySet, SealedWords

SHORTEST, LONGEST = 5, 1440


@dataclass(frozen=True)
class OpenedLine:
    """A line with its words, for its owner's page. Its repr does not show them."""

    line: LogLine
    title: str | None = field(repr=False)
    reflection: str | None = field(repr=False)


@dataclass(frozen=True)
class Totals:
    """Minutes of one working year, April to March."""

    year: int
    kinds: dict[str, int]
    given: int  # coaching and mentoring, from the meetings themselves

    @property
    def together(self) -> int:
        """Learnt with others: participatory, which revalidation counts apart."""
        return sum(self.kinds.get(kind, 0) for kind in LogLine.TOGETHER)

    @property
    def alone(self) -> int:
        return self.kinds.get(LogLine.Kind.ALONE, 0)

    @property
    def all(self) -> int:
        return self.together + self.alone


def year_of(day: date) -> int:
    """The working year a day belongs to, by the year in which it began."""
    return day.year if day.month >= APRIL else day.year - 1


def first_of_april(year: int) -> date:
    return date(year, APRIL, 1)


class LogLineQuerySet(SealedQuerySet["LogLine"]):
    def of(self, person: Any) -> Self:
        """One's own; nobody else's words are ever opened."""
        return self.filter(person=person)

    def in_year(self, year: int) -> Self:
        return self.filter(done_on__gte=first_of_april(year), done_on__lt=first_of_april(year + 1))

    def supervision(self) -> Self:
        return self.filter(kind=LogLine.Kind.SUPERVISION)

    def newest_first(self) -> Self:
        return self.order_by("-done_on", "-pk")

    def opened(self) -> list[OpenedLine]:
        return [line.words() for line in self.select_related("session__group")]

    def totals(self, person: Any, *, year: int) -> Totals:
        rows = self.of(person).in_year(year).order_by().values("kind").annotate(n=Sum("minutes"))
        start, end = (
            make_aware(datetime.combine(first_of_april(one), time.min)) for one in (year, year + 1)
        )
        given = Meeting.objects.held().given_by(person)
        held = given.filter(starts_at__gte=start, starts_at__lt=end).aggregate(sum=Sum("minutes"))
        return Totals(year, {row["kind"]: row["n"] for row in rows}, held["sum"] or 0)

    @transaction.atomic
    def write(
        self,
        person: Any,
        *,
        done_on: date,
        minutes: int,
        kind: str,
        title: str,
        reflection: str,
        language: str,
        token: UUID,
        at: datetime,
    ) -> LogLine:
        """One line more; the same form twice is one."""
        same = self.of(person).filter(token=token).first()
        if same is not None:
            return same
        line = self.model(
            person=person,
            done_on=done_on,
            minutes=minutes,
            kind=kind,
            language=language,
            token=token,
            written_at=at,
        )
        line.seal_words(title, reflection)
        self.bulk_create([line], ignore_conflicts=True)
        return self.get(person=person, token=token)

    @transaction.atomic
    def take_back(self, line: LogLine) -> None:
        """One's own lines only: what a supervisor recorded stays, as the session took place."""
        if line.session_id is not None:
            raise LogLine.Recorded
        self.filter(pk=line.pk, session=None).delete()


class LogLine(SealedWords):
    """One thing done to stay a good coach."""

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", _("Supervision")
        WITH_OTHERS = "with_others", _("Learning with others")
        SAT_IN = "sat_in", _("Sitting in on coaching")
        ALONE = "alone", _("Learning alone")

    TOGETHER = (Kind.SUPERVISION, Kind.WITH_OTHERS, Kind.SAT_IN)

    class Recorded(Refusal):
        """Its date and minutes were recorded by the supervisor."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="log_lines"
    )
    session = models.ForeignKey(
        "connections.SupervisionSession",
        on_delete=models.SET_NULL,
        null=True,
        related_name="log_lines",
    )
    done_on = models.DateField(_("date"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    token = models.UUIDField(editable=False)
    written_at = models.DateTimeField(_("written at"))
    reflected_at = models.DateTimeField(null=True)  # the owner has put words to a recorded line

    objects = LogLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a log")
        verbose_name_plural = _("lines of a log")
        indexes = [models.Index(name="log_of_person", fields=["person", "-done_on"])]
        constraints = [
            models.UniqueConstraint(name="one_log_line_for_each_form", fields=["person", "token"]),
            models.UniqueConstraint(
                name="one_log_line_for_each_session",
                fields=["person", "session"],
                condition=Q(session__isnull=False),
            ),
            models.CheckConstraint(
                name="log_line_lasts_minutes_or_a_day",
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Line %(number)s of a log") % {"number": self.pk})

    def bond(self) -> str:
        return f"log:{self.person_id}:{self.token}"

    def seal_words(self, title: str, reflection: str) -> None:
        """Both are the owner's alone: one would tell of the other."""
        self.seal(json.dumps({"title": title, "reflection": reflection}))

    def words(self) -> OpenedLine:
        opened = self.opened()
        said = json.loads(opened) if opened is not None else {"title": None, "reflection": None}
        title = said["title"]
        if title == "" and self.session is not None:
            title = self.session.group.name
        return OpenedLine(self, title, said["reflection"])

    @transaction.atomic
    def change(
        self,
        *,
        title: str,
        reflection: str,
        language: str,
        at: datetime,
        **facts: Any,
    ) -> None:
        """Other words, and other facts where no supervisor recorded them."""
        row = LogLine.objects.select_for_update(no_key=True).get(pk=self.pk)
        if row.session_id is None:
            row.done_on, row.minutes = facts["done_on"], facts["minutes"]
            row.kind = facts["kind"]
        row.language, row.reflected_at = language, at
        row.seal_words(title, reflection)
        names = ["done_on", "minutes", "kind", "language", "reflected_at", "key_id", "sealed"]
        row.save(update_fields=names)
        self.refresh_from_db()
