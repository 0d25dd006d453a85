from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from academy import roles
from academy.bilingual import Bilingual, in_both_languages, language
from academy.models import AuditEvent, Organisation
from academy.models.base import Refusal
from academy.permissions import may_act_as
from capability.models.choices import Format, Taught
from capability.models.courses import Course
from capability.models.rules import BookingRules

if TYPE_CHECKING:
    from academy.models import Person
    from academy.permissions import Reader
    from capability.models.bookings import Booking
    from capability.models.messages import Message
    from capability.models.sessions import Session


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, reader: Reader) -> Self:
        """Curators see drafts too; a cohort of a hidden course is hidden."""
        if may_act_as(reader, roles.CURATOR):
            return self
        return self.filter(published=True, course__published=True)

    def published(self) -> Self:
        return self.filter(published=True, course__published=True)

    def open(self, at: datetime) -> Self:
        """Bookable by time and state; whether a place is left is asked under the lock."""
        return self.published().filter(cancelled_at=None, closes_at__gt=at)

    def to_come(self, at: datetime) -> Self:
        return self.published().filter(cancelled_at=None, ends_at__gt=at)

    def locked(self) -> Self:
        """These rows, held until the transaction ends; every change of places starts here."""
        return self.select_for_update(no_key=True, of=("self",))


class Cohort(models.Model):
    """One delivery of a course: who, where, in which language, and how many."""

    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="cohorts"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        help_text=_("Who hosts it. Leave empty when it is for all of Wales."),
    )
    region = models.CharField(
        _("region"), max_length=20, choices=Organisation.Region, blank=True, default=""
    )
    place_en = models.CharField(_("place (English)"), max_length=200, blank=True, default="")
    place_cy = models.CharField(_("place (Welsh)"), max_length=200, blank=True, default="")
    joining_link = models.URLField(_("joining link"), max_length=500, blank=True, default="")
    booking_link = models.URLField(
        _("booking link elsewhere"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("Only when another organisation takes the bookings."),
    )
    language = models.CharField(_("taught in"), max_length=4, choices=Taught)
    format = models.CharField(_("format"), max_length=20, choices=Format)
    places = models.PositiveIntegerField(_("places"))
    # Kept by the database itself (see the migration), so that no code can forget it.
    places_taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    starts_at = models.DateTimeField(_("first session"), null=True, editable=False)
    ends_at = models.DateTimeField(_("end of the last session"), null=True, editable=False)
    closes_at = models.DateTimeField(_("booking closes"), null=True, editable=False)
    published = models.BooleanField(_("published"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    sample = models.BooleanField(_("sample"), default=False, editable=False)

    place = Bilingual("place")
    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        indexes = [
            models.Index(
                name="cohort_to_come",
                fields=["closes_at"],
                condition=Q(published=True, cancelled_at=None),
            ),
            models.Index(name="cohort_of_course", fields=["course", "closes_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="cohort_never_overfilled",
                condition=Q(places_taken__gte=0, places_taken__lte=F("places")),
            ),
            models.CheckConstraint(
                name="cohort_placed_in_both_languages_or_none",
                condition=in_both_languages("place") | Q(place_en="", place_cy=""),
            ),
            models.CheckConstraint(
                name="cohort_published_with_dates",
                condition=Q(published=False)
                | Q(starts_at__isnull=False, ends_at__isnull=False, closes_at__isnull=False),
            ),
        ]

    class Closed(Refusal):
        """Not published, past its cut-off, or booked elsewhere."""

    class Cancelled(Closed):
        """It will not take place."""

    class Full(Refusal):
        """No place is left."""

    class Busy(Refusal):
        """Somebody else is at the counter; try again."""

    class TooFew(Refusal):
        """More people have a place than would be left."""

    class NotReady(Refusal):
        """Publishing needs a published course and at least one session."""

    def __str__(self) -> str:
        return f"{self.course.title} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("capability:cohort", args=[self.pk])

    @property
    def left(self) -> int:
        return max(self.places - self.places_taken, 0)

    @property
    def bar(self) -> int:
        """How much of a bar of 132 the taken places fill."""
        return 132 * min(self.places_taken, self.places) // self.places if self.places else 132

    @property
    def place_lang(self) -> str:
        """The place's language where only the other one has been written."""
        return "" if getattr(self, f"place_{language()}") or not self.place else "en"

    def over(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at

    def is_open(self, at: datetime) -> bool:
        """Bookable here and now; needs no query."""
        return (
            self.published
            and not self.cancelled_at
            and not self.booking_link
            and self.closes_at is not None
            and self.closes_at > at
            and self.left > 0
        )

    def facts(self) -> dict[str, Any]:
        """Public words for the subject of a message about this cohort."""
        return {
            "cohort": self.pk,
            "title_en": self.course.title_en,
            "title_cy": self.course.title_cy or self.course.title_en,
        }

    @transaction.atomic
    def book(
        self, person: Person, *, hope: str, hope_language: str = "", token: UUID, at: datetime
    ) -> Booking:
        """Give `person` a place and tell them so. Asking twice gives one place."""
        with self._counter() as cohort:
            again = cohort.bookings.filter(person=person).filter(Q(left_at=None) | Q(token=token))
            booking = again.order_by("-pk").first()
            if booking is not None:
                return booking
            cohort.require_room(at)
            booking = cohort.bookings.create(
                person=person, hope=hope, hope_language=hope_language, token=token, joined_at=at
            )
        booking.tell("capability.booked", key="place", at=at)
        return booking

    @contextmanager
    def _counter(self) -> Iterator[Cohort]:
        """This row under its lock; a long wait or the database's own no become refusals."""
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '3s'")
                yield Cohort.objects.select_related("course").locked().get(pk=self.pk)
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Cohort.Busy from error
            raise
        except IntegrityError as error:
            if "cohort_never_overfilled" in str(error):
                raise Cohort.Full from error
            raise

    def require_room(self, at: datetime) -> None:
        """Counted under the lock, whatever the counter says."""
        if self.cancelled_at:
            raise Cohort.Cancelled
        if not self.published or not self.course.published or self.booking_link:
            raise Cohort.Closed
        if self.closes_at is None or self.closes_at <= at:
            raise Cohort.Closed
        if self.bookings.current().count() >= self.places:
            raise Cohort.Full

    @transaction.atomic
    def change_places(self, places: int, *, by: Person | None = None, at: datetime) -> None:
        """More places, or fewer, but never fewer than are taken."""
        with self._counter() as cohort:
            if places < cohort.bookings.current().count():
                raise Cohort.TooFew
            Cohort.objects.filter(pk=self.pk).update(places=places)
        self.places = places
        AuditEvent.objects.record("change places", actor=by, thing=self, fields=["places"], at=at)

    @transaction.atomic
    def publish(self, *, by: Person | None = None, at: datetime) -> None:
        """Open it for booking, and write to everyone who waited for dates, once."""
        cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
        cohort.settle_dates()
        if not cohort.course.published or cohort.starts_at is None:
            raise Cohort.NotReady
        first_time = cohort.published_at is None
        Cohort.objects.filter(pk=self.pk).update(
            published=True, published_at=cohort.published_at or at
        )
        AuditEvent.objects.record("publish", actor=by, thing=self, at=at)
        if first_time and cohort.closes_at is not None and cohort.closes_at > at:
            cohort.course.interests.tell(cohort, at=at)
        self.refresh_from_db()

    @transaction.atomic
    def withdraw(self, *, by: Person | None = None, at: datetime) -> None:
        """Out of the catalogue; who has a place keeps it."""
        Cohort.objects.filter(pk=self.pk).update(published=False)
        AuditEvent.objects.record("withdraw", actor=by, thing=self, at=at)
        self.published = False

    @transaction.atomic
    def add_session(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime,
        place: tuple[str, str] = ("", ""),
        at: datetime,
    ) -> Session:
        """One more meeting; whoever has a place already is told."""
        cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
        session = cohort.sessions.create(
            starts_at=starts_at, ends_at=ends_at, place_en=place[0], place_cy=place[1]
        )
        cohort.settle_dates()
        session.tell_everyone("capability.session_moved", cohort, at=at)
        self.refresh_from_db(fields=["starts_at", "ends_at", "closes_at"])
        return session

    def settle_dates(self) -> None:
        """First and last session and the end of booking, from the sessions as they stand."""
        live = list(self.sessions.live().order_by("starts_at", "pk"))
        self.starts_at = live[0].starts_at if live else self.starts_at
        self.ends_at = max((one.ends_at for one in live), default=self.ends_at)
        self.closes_at = (
            BookingRules.current().closes_at(self.starts_at) if self.starts_at else None
        )
        self.save(update_fields=["starts_at", "ends_at", "closes_at"])

    @transaction.atomic
    def cancel(self, *, by: Person | None = None, at: datetime) -> bool:
        """It will not take place: everyone with a place is told once and their places end."""
        cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
        if cohort.cancelled_at:
            return False
        Cohort.objects.filter(pk=self.pk).update(cancelled_at=at)
        cohort.sessions.live().update(sequence=F("sequence") + 1)
        current = cohort.bookings.current()
        for booking in current.select_related("person").order_by("pk"):
            booking.cohort = cohort
            booking.tell("capability.cohort_cancelled", key="cohort", at=at)
        current.update(left_at=at, left_why="cohort")
        AuditEvent.objects.record("cancel", actor=by, thing=self, at=at)
        self.cancelled_at = at
        return True

    @transaction.atomic
    def relocate(
        self,
        *,
        place: tuple[str, str],
        joining_link: str,
        by: Person | None = None,
        at: datetime,
    ) -> bool:
        """Another place, English and Welsh, or another link: everyone is told, calendars follow."""
        cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
        if (cohort.place_en, cohort.place_cy, cohort.joining_link) == (*place, joining_link):
            return False
        cohort.place_en, cohort.place_cy = place
        cohort.joining_link = joining_link
        fields = ["place_en", "place_cy", "joining_link"]
        cohort.save(update_fields=fields)
        ahead = cohort.sessions.to_come(at)
        if ahead.exists() and not cohort.cancelled_at:
            ahead.update(sequence=F("sequence") + 1)
            for booking in cohort.bookings.current().select_related("person").order_by("pk"):
                booking.cohort = cohort
                booking.tell("capability.place_changed", key=f"{at.isoformat()}", at=at)
        AuditEvent.objects.record("relocate", actor=by, thing=self, fields=fields, at=at)
        self.refresh_from_db(fields=fields)
        return True

    @transaction.atomic
    def write_to_all(
        self, *, words: dict[str, str], token: UUID, by: Person | None, at: datetime
    ) -> Message:
        """One mail to everyone who has a place; the same token again sends nothing."""
        cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
        message, new = cohort.messages.get_or_create(
            token=token, defaults={**words, "by": by, "sent_at": at}
        )
        if new:
            facts = {
                "message": message.pk,
                "heading_en": message.heading_en,
                "heading_cy": message.heading_cy,
            }
            for booking in cohort.bookings.current().select_related("person").order_by("pk"):
                booking.cohort = cohort
                booking.tell(
                    "capability.message_to_all", key=f"message-{message.pk}", facts=facts, at=at
                )
            AuditEvent.objects.record("write to all", actor=by, thing=self, at=at)
        return message
