"""Two people who learn together: from the first yes to a good ending."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.rows import each
from connections.models.care import RelationshipRules
from connections.models.endings import Ending
from connections.models.pair import NEWEST, Pair
from connections.models.pair_rows import PairQuerySet
from connections.models.profiles import MentorProfile
from connections.models.requests import Kind


class RelationshipQuerySet(PairQuerySet["Relationship"]):
    def nudge_silent(self, *, at: datetime) -> int:
        """A gentle word to both sides, once in a silence; how many pairs were nudged."""
        due = self.due_a_nudge(at).order_by("pk").values_list("pk", flat=True)
        return each(due, self._nudge, at=at)

    @transaction.atomic
    def _nudge(self, pk: int, *, at: datetime) -> bool:
        if not self.due_a_nudge(at).filter(pk=pk).update(nudged_at=at):
            return False  # another beat was first, or they met meanwhile
        pair = self.select_related("mentor", "mentee").get(pk=pk)
        for person in (pair.mentor, pair.mentee):
            pair.tell("silence_nudge", person, at=at, mark=f"{localdate(at):%Y%m%d}")
        return True

    def begin(
        self,
        *,
        profile: MentorProfile,
        mentee: Any,
        kind: str,
        request: Any = None,
        since: datetime | None = None,
        at: datetime,
    ) -> Relationship:
        """Take a place and start; the same pair again is the same relationship.

        `since` is when a pair began that met before the academy knew of it; it is not nudged at
        once for an agreement it has only just been shown. Raises MentorProfile.Full when no place
        is free.
        """
        with transaction.atomic():
            mentor = MentorProfile.objects.locked().get(pk=profile.pk)
            if kind == Kind.EITHER:
                kind = Kind.MENTORING if mentor.offers_mentoring else Kind.COACHING
            same = self.open().filter(mentor_id=mentor.person_id, mentee=mentee, kind=kind).first()
            if same is not None:
                return same
            mentor.take_place()
            pair = self.create(
                mentor_id=mentor.person_id,
                mentee=mentee,
                kind=kind,
                request=request,
                words_version=NEWEST,
                began_at=since or at,
                last_contact_at=at,
                nudged_at=at if since else None,
                ends_on=RelationshipRules.current().ends_on(localdate(at)),
            )
            for person in (pair.mentor, pair.mentee):
                pair.tell("relationship_begun", person, at=at)
            return pair

    def resume_due(self, *, at: datetime) -> int:
        """Pauses that are over end by themselves; both are told."""
        due = self.paused().filter(paused_until__lte=localdate(at)).order_by("pk")
        return each(due.values_list("pk", flat=True), self._resume, at=at)

    @transaction.atomic
    def _resume(self, pk: int, *, at: datetime) -> bool:
        pair = self.paused().filter(paused_until__lte=localdate(at)).locked().filter(pk=pk).first()
        if pair is None:
            return False  # another beat was first, or one of the two
        pair.take_up(at=at)
        for person in (pair.mentor, pair.mentee):
            pair.tell("pause_over", person, at=at, mark=f"{at.timestamp()}")
        return True

    def end_all_of(self, person: Any, *, at: datetime) -> None:
        """They are leaving: each relationship ends kindly, and the other is told.

        Call it with the rows of all their mentors locked.
        """
        for pair in self.open().of(person).order_by("mentor_id", "pk"):
            pair.end(by=person, why=Relationship.Why.LEFT, at=at)


class Relationship(Pair):
    """What can happen to a pair."""

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        indexes = [
            models.Index(name="relationship_contact", fields=["state", "last_contact_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_relationship_of_a_pair_and_kind",
                fields=["mentor", "mentee", "kind"],
                condition=~Q(state="ended"),
            ),
            models.CheckConstraint(
                name="nobody_mentors_themselves", condition=~Q(mentor=F("mentee"))
            ),
            models.CheckConstraint(
                name="relationship_is_of_one_kind", condition=Q(kind__in=["mentoring", "coaching"])
            ),
            models.CheckConstraint(
                name="relationship_under_way_is_agreed",
                condition=~Q(state__in=["current", "paused"]) | Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="relationship_under_way_has_terms_but_under_the_first_words",
                condition=~Q(state__in=["current", "paused"])
                | Q(words_version=1)
                | Q(terms__isnull=False),
            ),
            models.CheckConstraint(
                name="relationship_later_end_is_proposed_by_somebody_under_way",
                condition=Q(later_on=None, later_by=None)
                | Q(
                    state__in=["current", "paused"],
                    later_on__gt=F("ends_on"),
                    later_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="relationship_paused_since_a_time",
                condition=Q(state="paused", paused_at__isnull=False)
                | (~Q(state="paused") & Q(paused_at=None, paused_until=None)),
            ),
            models.CheckConstraint(
                name="relationship_ended_at_a_time",
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Relationship %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:relationship", args=[self.pk])

    def tell(
        self, kind: str, person: Any, *, at: datetime, mark: str = "", where: str = "relationship"
    ) -> None:
        """A message to one of the pair that carries nothing but where to look."""
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{person.pk}:{mark}",
            to=person,
            facts={"relationship": self.pk},
            link=(f"connections:{where}", [self.pk]),
            at=at,
        )

    def locked_for(self, person: Any, *, even_paused: bool = False) -> Relationship:
        """This row, held until the transaction ends, if this person may still write in it."""
        pair = Relationship.objects.locked().get(pk=self.pk)
        if not pair.includes(person):
            raise Relationship.Outsider
        if not (pair.under_way if even_paused else pair.current):
            raise pair.refusal()
        return pair

    def locked_open_for(self, person: Any) -> Relationship:
        """This row, held until the transaction ends, if it is theirs and has not ended."""
        pair = Relationship.objects.locked().get(pk=self.pk)
        if not pair.includes(person):
            raise Relationship.Outsider
        if pair.ended:
            raise Relationship.Ended
        return pair

    def refusal(self) -> Pair.NotCurrent:
        """Why nothing may be written in it now."""
        if self.paused:
            return Relationship.Paused()
        return Relationship.Ended() if self.ended else Relationship.NotAgreed()

    @transaction.atomic
    def pause(self, *, by: Any, until: date | None = None, at: datetime) -> None:
        """Either side may, until a day or openly; the place stays taken. Twice is once."""
        pair = self.locked_for(by, even_paused=True)
        if pair.current:
            pair.state, pair.paused_at, pair.paused_until = self.State.PAUSED, at, until
            pair.save(update_fields=["state", "paused_at", "paused_until"])
            pair.tell("relationship_paused", pair.other(by), at=at, mark=f"{at.timestamp()}")
        self.refresh_from_db()

    @transaction.atomic
    def resume(self, *, by: Any, at: datetime) -> None:
        """Either side takes it up again, whoever paused it. Twice is once."""
        pair = self.locked_for(by, even_paused=True)
        if pair.paused:
            pair.take_up(at=at)
            pair.tell("relationship_resumed", pair.other(by), at=at, mark=f"{at.timestamp()}")
        self.refresh_from_db()

    def take_up(self, *, at: datetime) -> None:
        """Under way again. Call it on a paused row that is `locked()`."""
        self.state, self.resumed_at = self.State.CURRENT, at
        self.paused_at = self.paused_until = None
        self.save(update_fields=["state", "resumed_at", "paused_at", "paused_until"])

    @transaction.atomic
    def end(self, *, by: Any, at: datetime, why: str = Pair.Why.CHOSEN, reason: str = "") -> None:
        """Either side may, without a reason. The place is free again; twice is once.

        A reason is counted and kept nowhere near the pair.
        """
        if not self.includes(by):
            raise Relationship.Outsider
        apart = why == self.Why.APART  # nothing says which of the two wished it
        profile = MentorProfile.objects.locked().filter(person_id=self.mentor_id).first()
        won = self.close(by=None if apart else by, why=why, profile=profile, at=at)
        if won:
            Ending.objects.count_in(reason, at=at)
        for person in (self.mentor, self.mentee) if won else ():
            if apart or person.pk != by.pk:
                self.tell("relationship_ended", person, at=at)
        self.refresh_from_db()

    def close(self, *, by: Any, why: str, profile: MentorProfile | None, at: datetime) -> bool:
        """No longer open, once: the place is free and what was asked for is stopped.

        Call it with the mentor's row locked.
        """
        won = (
            Relationship.objects.open()
            .filter(pk=self.pk)
            .update(
                state=self.State.ENDED,
                ended_at=at,
                ended_by=by,
                why=why,
                next_meeting_at=None,
                paused_at=None,
                paused_until=None,
                later_on=None,
                later_by=None,
            )
        )
        if won and profile is not None:
            profile.release_place()
        if won:
            self.meetings.call_off(by=by if why == self.Why.CHOSEN else None, at=at)
            self.hand_overs.stop(by=by, at=at)
        return bool(won)
