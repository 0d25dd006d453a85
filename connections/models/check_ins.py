"""How is it going? One tap from each side, sealed; only a level for the pair leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models.base import Refusal
from academy.rows import each
from connections.models.care import CareRules, Level
from connections.models.pair_care import Care
from connections.models.relationships import Relationship, RelationshipQuerySet
from connections.models.sealed import SealedQuerySet, SealedWords

FIT = 0  # the occasion after the first meeting; every other is the day of a pulse
FRESH = timedelta(days=30)  # so long after the first meeting the fit question still makes sense
CHANGE_WITHIN = timedelta(hours=24)


class CheckInQuerySet(SealedQuerySet["CheckIn"]):
    def visible_to(self, reader: Any) -> Self:
        """One's own alone: not the other half's, and no role sees any."""
        return self.filter(person=reader)

    def of(self, relationship: Relationship) -> Self:
        return self.filter(relationship=relationship)

    def open(self) -> Self:
        """Asked, not answered, and nothing newer was asked."""
        return self.filter(answered_at=None, lapsed_at=None)

    def answered(self) -> Self:
        return self.exclude(answered_at=None)

    def under_older_keys(self) -> Self:
        """Only what is answered is sealed."""
        return super().under_older_keys().exclude(answered_at=None)

    def waiting_for(self, person: Any) -> Self:
        """What this person may answer now: their pair is under way, neither paused nor ended."""
        under_way = Q(relationship__state=Relationship.State.CURRENT)
        return self.visible_to(person).open().filter(under_way)

    def newest(self, relationship: Relationship, person: Any) -> CheckIn | None:
        mine = self.visible_to(person).of(relationship)
        return mine.order_by("-asked_at", "-pk").first()

    def fit_is_due(self, pair: Relationship, *, at: datetime) -> bool:
        """The next daily round asks both whether it is a good fit."""
        met = pair.first_met_at
        if not pair.current or met is None or at - met > FRESH:
            return False
        [moment] = moments(Relationship.objects.filter(pk=pair.pk))
        return moment.occasion(CareRules.current(), at) == FIT

    def said_by(self, person: Any, pairs: Iterable[Relationship]) -> dict[int, Level]:
        """What this person's own last answer comes to, by pair."""
        mine = self.visible_to(person).answered().filter(relationship__in=[p.pk for p in pairs])
        newest = mine.order_by("relationship", "-asked_at", "-pk").distinct("relationship")
        return {one.relationship_id: one.level() for one in newest}

    def ask_due(self, *, at: datetime) -> int:
        """Ask both sides of every pair whose moment has come; how many pairs were asked."""
        rules, pairs = CareRules.current(), moments(Relationship.objects.current())
        due = [one.pk for one in pairs if one.occasion(rules, at) is not None]
        return each(due, self._ask, at=at)

    @transaction.atomic
    def _ask(self, pk: int, *, at: datetime) -> bool:
        """Both sides of one pair, once; what waited before lapses."""
        pair = Relationship.objects.current().locked().filter(pk=pk).first()
        if pair is None:
            return False  # paused or ended meanwhile
        [moment] = moments(Relationship.objects.filter(pk=pk))
        occasion = moment.occasion(CareRules.current(), at)
        if occasion is None:
            return False  # another beat was first
        self.of(pair).open().update(lapsed_at=at)
        for person in (pair.mentor, pair.mentee):
            self.create(relationship=pair, person=person, occasion=occasion, asked_at=at)
            pair.tell("check_in_asked", person, where="check_in", at=at, mark=str(occasion))
        return True

    @transaction.atomic
    def answer(
        self, relationship: Relationship, *, by: Any, occasion: int, answer: str, at: datetime
    ) -> None:
        """Keep one tap; the same again is once, another within a day takes its place."""
        pair = relationship.locked_for(by)
        asked = self.visible_to(by).of(pair).filter(occasion=occasion).first()
        if asked is None or not asked.open_at(at):
            raise CheckIn.TooLate
        if answer not in asked.answers():
            raise CheckIn.NotAnAnswer
        asked.seal(answer)
        asked.answered_at = asked.answered_at or at
        asked.save(update_fields=["key_id", "sealed", "answered_at"])
        Care.objects.feel(pair, self._together(pair), at=at)

    @transaction.atomic
    def erase(self, person: Any, *, at: datetime) -> None:
        """Their answers go, and the level of their pairs is what the other half alone comes to."""
        pairs = list(Relationship.objects.of(person).filter(care__isnull=False).locked())
        self.filter(person=person).delete()
        for pair in pairs:
            Care.objects.feel(pair, self._together(pair), at=at)

    def _together(self, pair: Relationship) -> Level:
        """One level for the pair, from the last answer of each: it does not tell whose or which.

        Help is one who asks for it, or two who are unsure: nobody can read the answers back.
        """
        both = (pair.mentor, pair.mentee)
        levels = [self.said_by(one, [pair]).get(pair.pk, Level.CALM) for one in both]
        if Level.HELP in levels or levels == [Level.WATCH, Level.WATCH]:
            return Level.HELP
        return Level.WATCH if Level.WATCH in levels else Level.CALM


@dataclass(frozen=True)
class Moment:
    """The dates of a pair that decide when it is asked next."""

    pk: int
    agreed_at: datetime
    first_met_at: datetime | None
    fits: int  # how often the fit question was asked
    pulse: int | None  # the newest pulse asked
    asked_at: datetime | None

    def occasion(self, rules: CareRules, at: datetime) -> int | None:
        """The fit question soon after the first meeting, then the newest pulse; never two in a week."""
        if self.asked_at and at - self.asked_at < timedelta(days=rules.apart_days):
            return None
        if self.first_met_at and not self.fits and at - self.first_met_at <= FRESH:
            return FIT
        pulse = rules.newest_pulse((localdate(at) - localdate(self.agreed_at)).days)
        return pulse if pulse > (self.pulse or 0) else None


def moments(pairs: RelationshipQuerySet) -> list[Moment]:
    rows = pairs.annotate(
        fits=Count("check_ins", filter=Q(check_ins__occasion=FIT)),
        pulse=Max("check_ins__occasion"),
        asked_at=Max("check_ins__asked_at"),
    )
    facts = [one.name for one in fields(Moment)]
    return [Moment(**row) for row in rows.order_by("pk").values(*facts)]


class CheckIn(SealedWords):
    """One question to one person of a pair on one occasion, and their one-tap answer."""

    class Fit(models.TextChoices):
        """Each answer is one letter: sealed, all are of one length."""

        GOOD = "g", _("It is a good fit")
        UNSURE = "u", _("I am not sure yet")
        NOT = "n", _("It is not a good fit")

    class Pulse(models.TextChoices):
        WELL = "w", _("It is going well")
        BETTER = "b", _("It could be better")
        HELP = "h", _("I would like somebody’s help")

    LEVELS = {
        Fit.GOOD: Level.CALM,
        Fit.UNSURE: Level.WATCH,
        Fit.NOT: Level.HELP,
        Pulse.WELL: Level.CALM,
        Pulse.BETTER: Level.WATCH,
        Pulse.HELP: Level.HELP,
    }

    class TooLate(Refusal):
        """Something newer has been asked, or the day in which it may be changed is over."""

    class NotAnAnswer(Refusal):
        """None of the three buttons."""

    relationship = models.ForeignKey(
        Relationship, on_delete=models.CASCADE, related_name="check_ins"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="check_ins"
    )
    occasion = models.PositiveSmallIntegerField(_("occasion"))
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    lapsed_at = models.DateTimeField(_("lapsed at"), null=True)
    key_id = models.CharField(max_length=12, editable=False, default="")
    sealed = models.BinaryField(editable=False, default=b"")
    language = models.CharField(max_length=2, editable=False, default="")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(
                name="each_is_asked_once_on_an_occasion",
                fields=["relationship", "person", "occasion"],
            ),
            models.UniqueConstraint(
                name="one_check_in_waits_for_each_of_a_pair",
                fields=["relationship", "person"],
                condition=Q(answered_at=None, lapsed_at=None),
            ),
            models.CheckConstraint(
                name="check_in_is_sealed_when_answered",
                condition=Q(answered_at=None, key_id="")
                | (Q(answered_at__isnull=False) & ~Q(key_id="")),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Check-in %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"check-in:{self.relationship_id}:{self.person_id}:{self.occasion}"

    @property
    def about_fit(self) -> bool:
        return self.occasion == FIT

    def answers(self) -> dict[str, str]:
        """The three buttons: letter and words."""
        of = CheckIn.Fit if self.about_fit else CheckIn.Pulse
        return {str(value): str(label) for value, label in of.choices}

    def answer_given(self) -> str:
        """The letter; empty when not answered, or its key is gone."""
        return (self.opened() or "") if self.answered_at else ""

    def level(self) -> Level:
        return CheckIn.LEVELS.get(self.answer_given(), Level.CALM)  # type: ignore[call-overload,no-any-return]

    @property
    def changeable_until(self) -> datetime | None:
        return self.answered_at + CHANGE_WITHIN if self.answered_at else None

    def open_at(self, at: datetime) -> bool:
        """May be answered, or answered otherwise, at this moment."""
        if self.lapsed_at is not None:
            return False
        return self.changeable_until is None or at < self.changeable_until
