"""One slot of somebody's office hours: free, booked or cancelled; never two people in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models, transaction
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import Conflict, Person
from academy.models.base import Refusal
from connections.models.meetings import Meeting
from connections.models.office_hours import OfficeHour, OfficeHourRules
from connections.models.slot_bookings import SlotBooking
from connections.models.waiting import Busy, waited


class SlotQuerySet(models.QuerySet["Slot"]):
    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_come(self, at: datetime) -> Self:
        return self.live().filter(starts_at__gt=at)

    def on(self, day: date) -> Self:
        return self.filter(starts_at__date=day)

    def of_host(self, person: Any) -> Self:
        return self.filter(host=person)

    def free(self, at: datetime, *, rules: OfficeHourRules) -> Self:
        """Can be booked now: nobody has it, its host is nowhere else, and it is not too soon."""
        host: Any = OuterRef("host")
        when: tuple[Any, Any] = (OuterRef("starts_at"), OuterRef("ends_at"))
        bookings = SlotBooking.objects.current().filter(slot=OuterRef("pk"))
        as_guest = SlotBooking.objects.of(host).to_come(at).between(*when)
        meetings = Meeting.objects.planned().of_people(host).between(*when)
        ahead = self.live().filter(starts_at__gt=rules.bookable_from(at))
        return ahead.filter(~Exists(bookings), ~Exists(as_guest), ~Exists(meetings))

    def apart_from(self, person: Any) -> Self:
        """Without hosts who are to be kept apart from this person."""
        return self.exclude(Conflict.keeps("host", person))

    def first_of_each(self, many: int) -> Self:
        """The earliest few of every office hour."""
        turn = Window(RowNumber(), partition_by=F("office_hour"), order_by="starts_at")
        return self.annotate(turn=turn).filter(turn__lte=many)

    def visible_to(self, reader: Any) -> Self:
        seen = OfficeHour.objects.visible_to(reader)
        return self.filter(office_hour__in=seen.values("pk"))

    def locked(self) -> Self:
        """These rows until the transaction ends, by number: every change of a slot starts here."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def make(self, hour: OfficeHour, starts: list[datetime]) -> None:
        """Those that are there stay as they are; no host is given two slots at one time."""
        length = timedelta(minutes=hour.minutes)
        self.bulk_create(
            [
                self.model(
                    office_hour=hour, host_id=hour.host_id, starts_at=start, ends_at=start + length
                )
                for start in starts
            ],
            ignore_conflicts=True,
        )

    @transaction.atomic
    def cancel(self, *, at: datetime) -> int:
        """These slots are off; whoever had one is told kindly. How many that were."""
        slots = {slot.pk: slot for slot in self.live().locked()}
        Slot.objects.filter(pk__in=slots).update(cancelled_at=at, sequence=F("sequence") + 1)
        bookings = SlotBooking.objects.current().filter(slot__in=slots)
        return bookings.cancel(at=at)

    def skipped(self, at: datetime) -> Any:
        """Hours and days to come of which every time is off, in order."""
        days = self.filter(starts_at__gt=at).values("office_hour", day=TruncDate("starts_at"))
        off = days.annotate(live=Count("pk", filter=Q(cancelled_at=None))).filter(live=0)
        return off.order_by("day", "office_hour").values_list("office_hour", "day")

    @transaction.atomic
    def offer_again(self, *, at: datetime) -> int:
        """These times are on again, unless they are over; how many that were."""
        off = [
            slot.pk for slot in self.exclude(cancelled_at=None).filter(starts_at__gt=at).locked()
        ]
        with waited(host_is_never_in_two_slots_at_once=OfficeHour.Overlaps):
            return Slot.objects.filter(pk__in=off).update(
                cancelled_at=None, sequence=F("sequence") + 1
            )

    @transaction.atomic
    def tell_of_place(self, *, at: datetime) -> None:
        """They are somewhere else now: calendars follow, and who has booked is told."""
        slots = [slot.pk for slot in self.locked()]
        Slot.objects.filter(pk__in=slots).update(sequence=F("sequence") + 1)
        bookings = SlotBooking.objects.current().filter(slot__in=slots)
        for booking in bookings.select_related("slot", "person").order_by("pk"):
            booking.tell("slot_moved", booking.person, mark=str(booking.slot.sequence), at=at)


class Slot(models.Model):
    """Twenty minutes of a mentor's or coach's time, at one moment."""

    class Taken(Refusal):
        """Somebody else was first."""

    class Closed(Refusal):
        """Cancelled, begun, too near to be booked, or not for this person: nothing tells which."""

    class Own(Refusal):
        """Nobody books their own time."""

    class Enough(Refusal):
        """The person has as many bookings to come as one may have."""

    class OneEach(Refusal):
        """The person has a booking with this host already."""

    class Elsewhere(Refusal):
        """One of the two has a meeting of a pair or another booked slot at this time."""

        def __init__(self, person: Any) -> None:
            super().__init__(person.pk)
            self.person = person

    Busy = Busy

    office_hour = models.ForeignKey(
        OfficeHour, verbose_name=_("office hour"), on_delete=models.CASCADE, related_name="slots"
    )
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("host"),
        on_delete=models.CASCADE,
        related_name="slots",
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        indexes = [
            models.Index(
                name="slot_to_come",
                fields=["office_hour", "starts_at"],
                condition=Q(cancelled_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_slot_of_an_office_hour_at_a_time", fields=["office_hour", "starts_at"]
            ),
            models.CheckConstraint(
                name="slot_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            ExclusionConstraint(  # the host as a range of one number: no extension is needed
                name="host_is_never_in_two_slots_at_once",
                expressions=[
                    (
                        Func(
                            F("host"),
                            F("host"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Slot %(number)s") % {"number": self.pk})

    def hold(self) -> Slot:
        """This row as it stands, until the transaction ends."""
        return Slot.objects.locked().get(pk=self.pk)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def day(self) -> date:
        return localdate(self.starts_at)

    @transaction.atomic
    def book(
        self, person: Any, *, words: str, language: str, token: UUID, at: datetime
    ) -> SlotBooking:
        """Give this slot to `person` with their question. Asking twice is asking once."""
        with waited(never_two_people_in_one_slot=Slot.Taken):
            Person.objects.hold(person.pk, self.host_id)
            slot = Slot.objects.locked().select_related("office_hour").get(pk=self.pk)
            again = slot.bookings.of(person).filter(Q(left_at=None) | Q(token=token))
            booking = again.order_by("-pk").first()
            if booking is not None:
                return booking
            slot.require_free(person, at)
            slot.require_fair(person, at)
            slot.require_time(person)
            booking = slot.bookings.create(
                host_id=slot.host_id, person=person, token=token, booked_at=at
            )
        booking.ask(words, language=language, at=at)
        booking.tell("slot_booked", person, at=at)
        booking.tell("slot_taken", slot.host, at=at)
        return booking

    def require_free(self, person: Any, at: datetime) -> None:
        """Under the lock of this row."""
        if self.bookings.current().exists():
            raise Slot.Taken
        closes_at = OfficeHourRules.current().closes_at(self.starts_at)
        if self.cancelled_at or closes_at <= at or not self.open_to(person):
            raise Slot.Closed

    def gone(self, person: Any, at: datetime) -> Refusal | None:
        """Why this person cannot have it, as far as can be seen without a lock."""
        try:
            self.require_free(person, at)
            self.require_time(person)
        except (Slot.Taken, Slot.Closed, Slot.Elsewhere) as refusal:
            return refusal
        return None

    def require_time(self, person: Any) -> None:
        """Under the locks of both people's rows, as whoever plans a meeting holds them."""
        busy = Meeting.objects.first_busy((person, self.host), self.starts_at, self.ends_at)
        if busy is not None:
            raise Slot.Elsewhere(busy)

    def open_to(self, person: Any) -> bool:
        hours = OfficeHour.objects.open().apart_from(person)
        return hours.filter(pk=self.office_hour_id).exists()

    def require_fair(self, person: Any, at: datetime) -> None:
        """Under the lock of the person's row: nobody holds many, nor two of one host."""
        if person.pk == self.host_id:
            raise Slot.Own
        held = list(SlotBooking.objects.of(person).to_come(at).values_list("host", flat=True))
        if self.host_id in held:
            raise Slot.OneEach
        if len(held) >= OfficeHourRules.current().bookings_limit:
            raise Slot.Enough

    @transaction.atomic
    def cancel(self, *, at: datetime) -> int:
        """The host cannot; who had booked is told. What is cancelled or has begun stays as it is."""
        slot = self.hold()
        if slot.cancelled_at or slot.starts_at <= at:
            raise Slot.Closed
        told = Slot.objects.filter(pk=self.pk).cancel(at=at)
        self.refresh_from_db(fields=["cancelled_at", "sequence"])
        return told
