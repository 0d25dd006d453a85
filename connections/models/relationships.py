"""Two people who learn together: from the first yes to a good ending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.models.base import Refusal
from academy.rows import each
from connections.models.care import RelationshipRules
from connections.models.profiles import MentorProfile
from connections.models.requests import Kind


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    def visible_to(self, reader: Any) -> Self:
        """The pair alone. No role sees more; coordinators are shown states and dates elsewhere."""
        return self.of(reader).filter(forgotten_at=None) if reader.is_authenticated else self.none()

    def of(self, person: Any) -> Self:
        return self.filter(Q(mentor=person) | Q(mentee=person))

    def given_by(self, person: Any) -> Self:
        return self.filter(mentor=person)

    def received_by(self, person: Any) -> Self:
        return self.filter(mentee=person)

    def open(self) -> Self:
        return self.exclude(state=Relationship.State.ENDED)

    def current(self) -> Self:
        return self.filter(state=Relationship.State.CURRENT)

    def ended(self) -> Self:
        return self.filter(state=Relationship.State.ENDED)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def silent(self, at: datetime) -> Self:
        """Nothing has happened for too long, and nothing is planned."""
        rules = RelationshipRules.current()
        unmet = Q(first_met_at=None, agreed_at__lte=at - timedelta(days=rules.first_meeting_days))
        quiet = Q(last_contact_at__lte=at - timedelta(days=rules.silence_days))
        nothing_planned = Q(next_meeting_at=None) | Q(next_meeting_at__lt=at)
        return self.current().filter(nothing_planned, unmet | quiet)

    def not_agreed(self, at: datetime) -> Self:
        """The agreement has waited longer than first contact should take."""
        wait = timedelta(days=RelationshipRules.current().first_contact_days)
        return self.filter(state=Relationship.State.WAITING, began_at__lte=at - wait)

    def due_a_nudge(self, at: datetime) -> Self:
        """Silent or not agreed, and not nudged in this silence before."""
        again = at - timedelta(days=RelationshipRules.current().silence_days)
        fresh = Q(nudged_at=None) | Q(nudged_at__lt=F("last_contact_at")) | Q(nudged_at__lte=again)
        return (self.silent(at) | self.not_agreed(at)).filter(fresh)

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
                began_at=since or at,
                last_contact_at=at,
                nudged_at=at if since else None,
                ends_on=RelationshipRules.current().ends_on(localdate(at)),
            )
            for person in (pair.mentor, pair.mentee):
                pair.tell("relationship_begun", person, at=at)
            return pair

    def end_all_of(self, person: Any, *, at: datetime) -> None:
        """They are leaving: each relationship ends kindly, and the other side is told."""
        for pair in self.open().of(person).order_by("mentor_id", "pk"):
            pair.end(by=person, why=Relationship.Why.LEFT, at=at)

    def kept_long_enough(self, at: datetime) -> Self:
        kept = timedelta(days=RelationshipRules.current().kept_days)
        return self.ended().filter(ended_at__lte=at - kept, forgotten_at=None)


class Relationship(models.Model):
    """A pair. Its row holds states and dates alone: words are in notes, goals and concerns."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the agreement")
        CURRENT = "current", _("Under way")
        ENDED = "ended", _("Ended")

    class Why(models.TextChoices):
        CHOSEN = "chosen", _("One of the two ended it")
        LEFT = "left", _("One of the two closed their account")

    class NotAgreed(Refusal):
        """Both accept the agreement before the first meeting or note."""

    class Ended(Refusal):
        """It has ended: both may read, nobody writes."""

    class Outsider(Refusal):
        """Only the two of the pair act in it."""

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentor or coach"),
        on_delete=models.CASCADE,
        related_name="relationships_given",
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentee"),
        on_delete=models.CASCADE,
        related_name="relationships_received",
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    request = models.OneToOneField(
        "connections.MentoringRequest",
        verbose_name=_("request"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="relationship",
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    began_at = models.DateTimeField(_("began at"))
    agreed_at = models.DateTimeField(_("both agreed at"), null=True)
    ends_on = models.DateField(_("ends on"))
    first_met_at = models.DateTimeField(_("first met at"), null=True)
    last_contact_at = models.DateTimeField(_("last contact at"))
    next_meeting_at = models.DateTimeField(_("next meeting at"), null=True)
    nudged_at = models.DateTimeField(_("nudged at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    why = models.CharField(_("how it ended"), max_length=6, choices=Why, blank=True, default="")
    forgotten_at = models.DateTimeField(_("words deleted at"), null=True)

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
                condition=~Q(state="current") | Q(agreed_at__isnull=False),
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

    @property
    def waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def current(self) -> bool:
        return self.state == self.State.CURRENT

    @property
    def ended(self) -> bool:
        return self.state == self.State.ENDED

    @property
    def coaching(self) -> bool:
        return self.kind == Kind.COACHING

    def includes(self, person: Any) -> bool:
        return person.pk in (self.mentor_id, self.mentee_id)

    def other(self, person: Any) -> Any:
        """The other half."""
        return self.mentee if person.pk == self.mentor_id else self.mentor

    def tell(self, kind: str, person: Any, *, at: datetime, mark: str = "") -> None:
        """A message to one of the pair that carries nothing but where to look."""
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{person.pk}:{mark}",
            to=person,
            facts={"relationship": self.pk},
            link=("connections:relationship", [self.pk]),
            at=at,
        )

    def locked_for(self, person: Any) -> Relationship:
        """This row, held until the transaction ends, if this person may still write in it."""
        pair = Relationship.objects.locked().get(pk=self.pk)
        if not pair.includes(person):
            raise Relationship.Outsider
        if not pair.current:
            raise pair.refusal()
        return pair

    def refusal(self) -> Refusal:
        """Why nothing may be written in it now."""
        return Relationship.Ended() if self.ended else Relationship.NotAgreed()

    @transaction.atomic
    def end(self, *, by: Any, at: datetime, why: str = Why.CHOSEN) -> None:
        """Either side may, without a reason. The place is free again; twice is once."""
        if not self.includes(by):
            raise Relationship.Outsider
        profile = MentorProfile.objects.locked().filter(person_id=self.mentor_id).first()
        won = (
            Relationship.objects.open()
            .filter(pk=self.pk)
            .update(state=self.State.ENDED, ended_at=at, ended_by=by, why=why, next_meeting_at=None)
        )
        if won and profile is not None:
            profile.release_place()
        if won:
            self.tell("relationship_ended", self.other(by), at=at)
        self.refresh_from_db()
