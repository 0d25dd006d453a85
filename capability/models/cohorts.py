from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy import roles
from academy.bilingual import in_both_languages
from academy.models import AuditEvent
from academy.permissions import may_act_as
from capability.models import counter
from capability.models.cohort_facts import CohortFacts
from capability.models.rules import BookingRules

if TYPE_CHECKING:
    from academy.models import Person
    from academy.permissions import Reader
    from capability.models.bookings import Booking
    from capability.models.sessions import Session

SOON = timedelta(weeks=3)  # a cohort with few bookings this near wants a word from staff


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

    def few_booked(self, at: datetime) -> Self:
        """Starts within three weeks, and less than half of the places are taken."""
        soon = self.to_come(at).filter(starts_at__gt=at, starts_at__lte=at + timedelta(weeks=3))
        return soon.filter(booking_link="", places__gt=F("places_taken") * 2)

    def locked(self) -> Self:
        """These rows, held until the transaction ends; every change of places starts here."""
        return self.select_for_update(no_key=True, of=("self",))


class Cohort(CohortFacts):
    """One delivery of a course, and everything that can happen to it."""

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
            models.Index(
                name="cohort_next",
                fields=["starts_at", "id"],
                condition=Q(published=True, cancelled_at=None),
            ),
            models.Index(  # all that the catalogue counts, so that it need not read the rows
                name="cohort_counted",
                fields=["course", "closes_at"],
                include=["starts_at", "language", "region", "organisation"],
                condition=Q(published=True, cancelled_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="cohort_never_overfilled",
                condition=Q(places_taken__gte=0, places_taken__lte=F("places")),
                violation_error_message=_("More places are taken already than that."),
            ),
            models.CheckConstraint(
                name="cohort_placed_in_both_languages_or_none",
                condition=in_both_languages("place") | Q(place_en="", place_cy=""),
                violation_error_message=_("Write the place in both languages, or in neither."),
            ),
            models.CheckConstraint(
                name="cohort_published_with_dates",
                condition=Q(published=False)
                | Q(starts_at__isnull=False, ends_at__isnull=False, closes_at__isnull=False),
                violation_error_message=_("What is public has at least one session."),
            ),
        ]

    Closed, Cancelled = counter.Closed, counter.Cancelled
    Full, Busy = counter.Full, counter.Busy
    TooFew, NotReady = counter.TooFew, counter.NotReady

    def __str__(self) -> str:
        return f"{self.course.title} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("capability:cohort", args=[self.pk])

    @transaction.atomic
    def book(
        self, person: Person, *, hope: str, hope_language: str = "", token: UUID, at: datetime
    ) -> Booking:
        """Give `person` a place and tell them so. Asking twice gives one place."""
        with counter.waited():
            cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
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
        with counter.waited():
            cohort = Cohort.objects.select_related("course").locked().get(pk=self.pk)
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
        cohort.tell_everyone(
            "capability.session_moved", key=f"{session.pk}-0", facts=session.facts(), at=at
        )
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
        cohort.tell_everyone("capability.cohort_cancelled", key="cohort", at=at)
        cohort.bookings.current().update(left_at=at, left_why="cohort")
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
            cohort.tell_everyone("capability.place_changed", key=at.isoformat(), at=at)
        AuditEvent.objects.record("relocate", actor=by, thing=self, fields=fields, at=at)
        self.refresh_from_db(fields=fields)
        return True

    def tell_everyone(
        self, kind: str, *, key: str, facts: dict[str, Any] | None = None, at: datetime
    ) -> None:
        """Write to each person who has a place now; `key` makes it once."""
        for booking in self.bookings.current().select_related("person").order_by("pk"):
            booking.cohort = self
            booking.tell(kind, key=key, facts=facts, at=at)
