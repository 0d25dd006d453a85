"""Places in supervision: booked, given back, and who came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Notification
from academy.models.base import Refusal
from academy.rows import each
from connections.models.log import LogLine
from connections.models.practices import coaches
from connections.models.supervision import SupervisionGroup, SupervisionSession


class SupervisionPlaceQuerySet(models.QuerySet["SupervisionPlace"]):
    def current(self) -> Self:
        return self.filter(left_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def to_come(self, at: datetime) -> Self:
        return self.current().filter(session__starts_at__gt=at, session__cancelled_at=None)

    @transaction.atomic
    def book(
        self, session: SupervisionSession, person: Any, *, token: UUID, at: datetime
    ) -> SupervisionPlace:
        """Give a coach a place and tell them so. Asking twice gives one place."""
        row = SupervisionSession.objects.locked().select_related("group").get(pk=session.pk)
        again = row.bookings.of(person).filter(Q(left_at=None) | Q(token=token))
        known = again.order_by(F("left_at").asc(nulls_first=True), "pk").first()
        if known is not None:
            return known
        if row.group.lead_id == person.pk:
            raise SupervisionPlace.Leads
        if not coaches(person):
            raise SupervisionPlace.NotACoach
        if not row.bookable(at):
            raise SupervisionSession.Closed
        place = row.bookings.create(person=person, token=token, booked_at=at)
        row.take_place()
        place.tell("supervision_booked", mark="0", at=at)
        return place

    @transaction.atomic
    def free(self, *, at: datetime) -> int:
        """Give up these places without a message; sessions are locked in one order."""
        mine = self.to_come(at)
        list(SupervisionSession.objects.filter(pk__in=mine.values("session")).locked())
        freed = 0
        for place in mine.order_by("pk"):
            freed += place.let_go(at=at)
        return freed

    def remind_due(self, *, at: datetime) -> int:
        """A word the day before, once; how many letters."""
        due = self.due_a_reminder(at).order_by("pk").values_list("pk", flat=True)
        return each(due, self._remind, at=at)

    def due_a_reminder(self, at: datetime) -> Self:
        tomorrow = localdate(at) + timedelta(days=1)
        return self.to_come(at).filter(session__starts_at__date=tomorrow, reminded_at=None)

    @transaction.atomic
    def _remind(self, pk: int, *, at: datetime) -> bool:
        if not self.due_a_reminder(at).filter(pk=pk).update(reminded_at=at):
            return False
        place = self.select_related("session", "person").get(pk=pk)
        place.tell("supervision_tomorrow", mark=str(place.session.sequence), at=at)
        return True

    @transaction.atomic
    def record(self, session: SupervisionSession, *, came: set[int], by: Any, at: datetime) -> int:
        """Who came, by the numbers of their places; each gets a line in their own log.

        May be done again to put it right: the line of who did not come after all goes, but never
        words its owner has written to it.
        """
        row = SupervisionSession.objects.locked().get(pk=session.pk)
        if row.cancelled_at is not None:
            raise SupervisionSession.Closed
        if not row.over(at):
            raise SupervisionSession.StillToCome
        for place in row.bookings.current().select_related("person").order_by("pk"):
            place.settle(row, came=place.pk in came, at=at)
        SupervisionSession.objects.filter(pk=row.pk).update(recorded_at=at)
        AuditEvent.objects.record("connections.supervision_recorded", actor=by, thing=row, at=at)
        session.refresh_from_db(fields=["recorded_at"])
        return row.bookings.current().filter(came=True).count()

    @transaction.atomic
    def forget(self, person: Any) -> None:
        """The person's places go; the counters follow."""
        held = SupervisionSession.objects.filter(bookings__person=person).values("pk")
        sessions = list(SupervisionSession.objects.filter(pk__in=held).locked())
        self.of(person).delete()
        for session in sessions:
            session.places_taken = session.bookings.current().count()
            session.save(update_fields=["places_taken"])


class SupervisionPlace(models.Model):
    """One coach's place in one session, until they give it back."""

    class TooLate(Refusal):
        """It has begun; there is no place left to give back."""

    class NotACoach(Refusal):
        """Supervision is for who coaches."""

    class Leads(Refusal):
        """Who leads the group needs no place in it."""

    session = models.ForeignKey(
        SupervisionSession, on_delete=models.CASCADE, related_name="bookings"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supervision_places"
    )
    token = models.UUIDField(editable=False)
    booked_at = models.DateTimeField(_("booked at"))
    left_at = models.DateTimeField(_("left at"), null=True)
    came = models.BooleanField(_("came"), null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = SupervisionPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in supervision")
        verbose_name_plural = _("places in supervision")
        constraints = [
            models.UniqueConstraint(
                name="one_current_supervision_place_each",
                fields=["session", "person"],
                condition=Q(left_at=None),
            ),
            models.UniqueConstraint(
                name="one_supervision_place_for_each_asking", fields=["person", "token"]
            ),
        ]

    def __str__(self) -> str:
        return str(_("Place %(number)s in supervision") % {"number": self.pk})

    def tell(self, kind: str, *, mark: str, at: datetime) -> None:
        """A letter with the calendar file of this place."""
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{mark}",
            to=self.person,
            facts={"place": self.pk, "sequence": self.session.sequence},
            link=("connections:supervision_session", [self.session_id]),
            at=at,
        )

    @transaction.atomic
    def give_back(self, *, at: datetime) -> bool:
        """Somebody else can have it. Doing it twice does it once."""
        session = SupervisionSession.objects.locked().get(pk=self.session_id)
        if session.over(at):
            raise SupervisionPlace.TooLate
        won = self.let_go(at=at)
        if won:
            self.tell("supervision_given_back", mark="left", at=at)
        return won

    def let_go(self, *, at: datetime) -> bool:
        """The session's row is locked."""
        if not SupervisionPlace.objects.current().filter(pk=self.pk).update(left_at=at):
            return False
        SupervisionSession.objects.filter(pk=self.session_id).update(
            places_taken=F("places_taken") - 1
        )
        self.left_at = at
        return True

    def settle(self, session: SupervisionSession, *, came: bool, at: datetime) -> None:
        """They came, or not; their log follows. The session's row is locked."""
        SupervisionPlace.objects.filter(pk=self.pk).update(came=came)
        lines = LogLine.objects.of(self.person).filter(session=session)
        if not came:
            lines.filter(reflected_at=None).delete()
            lines.update(session=None)
        elif not lines.exists():
            line = LogLine(
                person=self.person,
                session=session,
                done_on=localdate(session.starts_at),
                minutes=session.minutes,
                kind=LogLine.Kind.SUPERVISION,
                language=self.person.languages()[0],
                token=uuid4(),
                written_at=at,
            )
            line.seal_words("", "")
            line.save(force_insert=True)


def leave_supervision(person: Any, *, at: datetime) -> None:
    """Places to come are free again; groups they led close, and everybody is told."""
    SupervisionPlace.objects.of(person).free(at=at)
    for group in SupervisionGroup.objects.open().led_by(person).order_by("pk"):
        group.close(by=person, at=at)
