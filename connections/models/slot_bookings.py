"""A person's twenty minutes with a host, and the one question they bring."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.models.base import Refusal
from connections.models.office_hours import OfficeHour, OfficeHourRules
from connections.models.sealed import SealedQuerySet, SealedWords

OFF = ("slot_left", "slot_cancelled")
LOOK_BACK = timedelta(days=14)  # when nobody has said who came, it is asked no longer


class SlotBookingQuerySet(models.QuerySet["SlotBooking"]):
    def current(self) -> Self:
        return self.filter(left_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def hosted_by(self, person: Any) -> Self:
        return self.filter(host=person)

    def visible_to(self, reader: Any) -> Self:
        """The two, and nobody else."""
        return self.filter(Q(person=reader) | Q(host=reader))

    def of_people(self, *people: int) -> Self:
        """Whichever of the two they are."""
        return self.filter(Q(person__in=people) | Q(host__in=people))

    def between(self, starts_at: datetime, until: datetime) -> Self:
        """Those that take some of this time."""
        return self.current().filter(slot__starts_at__lt=until, slot__ends_at__gt=starts_at)

    def to_come(self, at: datetime) -> Self:
        """Not over yet."""
        return self.current().filter(slot__ends_at__gt=at)

    def to_leave(self, at: datetime) -> Self:
        """Not begun: can still be given back."""
        return (
            self.current().filter(slot__starts_at__gt=at).select_related("slot", "host", "person")
        )

    def in_hours(self, hour: OfficeHour, at: datetime) -> Self:
        """Of these hours, and not begun."""
        return self.current().filter(slot__office_hour=hour, slot__starts_at__gt=at)

    def over_lately(self, at: datetime) -> Self:
        """Within the days in which a host may be asked who came."""
        since = at - LOOK_BACK
        return self.current().filter(slot__starts_at__lte=at, slot__starts_at__gt=since)

    def unmarked(self) -> Self:
        """Nobody has said whether the person came."""
        return self.filter(came=None)

    def near(self, at: datetime) -> Self:
        """Near enough for a reminder."""
        until = at + timedelta(hours=OfficeHourRules.current().remind_hours)
        return self.current().filter(slot__starts_at__gt=at, slot__starts_at__lte=until)

    def cancel(self, *, at: datetime) -> int:
        """The host cannot: each person is told, and their booking ends. Their slots are locked."""
        bookings = list(self.select_related("slot", "person").order_by("pk"))
        for booking in bookings:
            booking.tell("slot_cancelled", booking.person, at=at)
        SlotBooking.objects.filter(pk__in=[one.pk for one in bookings]).update(
            left_at=at, left_why=SlotBooking.Why.HOST
        )
        return len(bookings)

    @transaction.atomic
    def remind(self, *, at: datetime) -> None:
        """A word the day before: to each person, and once for each day to the host."""
        for booking in self.near(at).select_related("slot", "person", "host").order_by("pk"):
            booking.tell("slot_reminder", booking.person, at=at)
            Notification.objects.post(
                "connections.slots_today",
                key=f"{booking.host_id}:{booking.slot.day.isoformat()}",
                to=booking.host,
                facts={"day": booking.slot.day.isoformat()},
                link=("connections:my_office_hours", []),
                at=at,
            )


class SlotBooking(models.Model):
    """Who comes to a slot, until they give it back. What they ask is a row of its own."""

    class Why(models.TextChoices):
        OWN = "own", _("Given back by the person")
        HOST = "host", _("Cancelled by the host")
        ACCOUNT = "account", _("The account was closed")

    class TooLate(Refusal):
        """It has begun, or it is over."""

    class StillToCome(Refusal):
        """Nobody can say whether somebody came to what has not begun."""

    slot = models.ForeignKey(
        "connections.Slot",
        verbose_name=_("slot"),
        on_delete=models.CASCADE,
        related_name="bookings",
    )
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("host"),
        on_delete=models.CASCADE,
        related_name="slots_given",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="slots_booked",
    )
    token = models.UUIDField(editable=False)
    booked_at = models.DateTimeField(_("booked at"))
    left_at = models.DateTimeField(_("ended at"), null=True)
    left_why = models.CharField(
        _("why it ended"), max_length=7, choices=Why, default="", blank=True
    )
    came = models.BooleanField(_("came"), null=True)

    objects = SlotBookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking of a slot")
        verbose_name_plural = _("bookings of slots")
        constraints = [
            models.UniqueConstraint(
                name="never_two_people_in_one_slot", fields=["slot"], condition=Q(left_at=None)
            ),
            models.UniqueConstraint(
                name="one_slot_booking_for_each_form", fields=["person", "token"]
            ),
            models.CheckConstraint(
                name="slot_given_back_for_a_reason",
                condition=Q(left_at=None, left_why="") | (~Q(left_at=None) & ~Q(left_why="")),
            ),
            models.CheckConstraint(
                name="nobody_books_their_own_slot", condition=~Q(host=F("person"))
            ),
        ]

    def __str__(self) -> str:
        return str(_("Booking %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:slot_booking", args=[self.pk])

    def other(self, person: Any) -> Any:
        """The other of the two."""
        return self.person if person.pk == self.host_id else self.host

    def tell(self, kind: str, person: Any, *, at: datetime, mark: str = "") -> None:
        """A message to one of the two that carries nothing but where to look: at what is off,
        the person looks for another time."""
        here: tuple[str, list[Any]] = ("connections:slot_booking", [self.pk])
        Notification.objects.post(
            f"connections.{kind}",
            key=f"{self.pk}:{person.pk}:{mark}",
            to=person,
            facts={"slot_booking": self.pk},
            link=("connections:office_hours", []) if kind in OFF else here,
            at=at,
        )

    @transaction.atomic
    def ask(self, words: str, *, language: str, at: datetime) -> None:
        """The question they bring, new or put in other words; until the slot begins."""
        if self.left_at or self.slot.starts_at <= at:
            raise SlotBooking.TooLate
        question = SlotQuestion.objects.filter(booking=self).first()
        if question is None:
            question = SlotQuestion(booking=self, token=uuid4())
        question.language, question.asked_at = language, at
        question.seal(words)
        question.save()

    def question_for(self, reader: Any) -> SlotQuestion | None:
        """The row with the question, for one of the two."""
        return SlotQuestion.objects.visible_to(reader).filter(booking=self).first()

    @transaction.atomic
    def give_back(self, *, why: str = Why.OWN, at: datetime) -> bool:
        """Somebody else can have it now; both are told, and calendars follow. Twice is once."""
        self.slot.hold()
        if self.slot.starts_at <= at:
            raise SlotBooking.TooLate
        won = SlotBooking.objects.current().filter(pk=self.pk).update(left_at=at, left_why=why)
        if won:
            self.tell("slot_given_back", self.host, at=at)
            self.tell("slot_left", self.person, at=at)
        self.refresh_from_db(fields=["left_at", "left_why"])
        return bool(won)

    @transaction.atomic
    def mark(self, *, came: bool, at: datetime) -> None:
        """The host says whether the person came; it can be put right."""
        if self.slot.starts_at > at:
            raise SlotBooking.StillToCome
        SlotBooking.objects.current().filter(pk=self.pk).update(came=came)
        self.refresh_from_db(fields=["came"])


class SlotQuestionQuerySet(SealedQuerySet["SlotQuestion"]):
    def visible_to(self, reader: Any) -> Self:
        """The two, and nobody else."""
        return self.filter(Q(booking__person=reader) | Q(booking__host=reader))

    def kept_long_enough(self, at: datetime) -> Self:
        days = timedelta(days=OfficeHourRules.current().kept_days)
        return self.filter(booking__slot__ends_at__lte=at - days)


class SlotQuestion(SealedWords):
    """The question of one booking: the two read it, and nobody else."""

    booking = models.OneToOneField(SlotBooking, on_delete=models.CASCADE, related_name="question")
    token = models.UUIDField(unique=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"))

    objects = SlotQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question for a slot")
        verbose_name_plural = _("questions for slots")

    def __str__(self) -> str:
        return str(_("Question %(number)s") % {"number": self.pk})

    def bond(self) -> str:
        return f"slot_question:{self.token}"
