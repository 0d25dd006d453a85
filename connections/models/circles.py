"""A mentoring circle: a few people who meet a few times around one thing, with a host."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Conflict, Person, Topic
from academy.models.base import Refusal
from academy.roles import COORDINATOR
from connections.models.circle_meetings import CircleMeeting
from connections.models.circle_members import CircleMember, CircleWish
from connections.models.circle_rules import FEWEST, MOST
from connections.models.meetings import Meeting
from connections.models.profiles import MentorProfile
from connections.models.waiting import Busy, waited


class CircleQuerySet(models.QuerySet["Circle"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def hosted_by(self, person: Any) -> Self:
        return self.filter(host=person)

    def joined_by(self, person: Any) -> Self:
        here = CircleMember.objects.current().of(person).filter(circle=OuterRef("pk"))
        return self.filter(Exists(here))

    def of(self, person: Any) -> Self:
        """Hosted or joined."""
        return self.filter(Q(host=person) | Q(pk__in=Circle.objects.joined_by(person).values("pk")))

    def visible_to(self, reader: Any) -> Self:
        """Open ones with nobody the reader is kept from, and one's own; coordinators see all."""
        if reader.has_role(COORDINATOR):
            return self
        return self.filter(
            Q(pk__in=Circle.objects.open().apart_from(reader).values("pk"))
            | Q(host=reader)
            | Q(pk__in=Circle.objects.joined_by(reader).values("pk"))
        )

    def apart_from(self, person: Any) -> Self:
        """Without those whose host or members are to be kept apart from this person."""
        within = CircleMember.objects.current().filter(circle=OuterRef("pk"))
        near = Exists(within.filter(Conflict.keeps("person", person)))
        return self.exclude(Conflict.keeps("host", person) | near)

    def locked(self) -> Self:
        """These rows until the transaction ends: every change of places starts here."""
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    @transaction.atomic
    def begin(
        self, host: Any, *, by: Any, topics: list[Topic], token: UUID, at: datetime, **said: Any
    ) -> Circle:
        """A circle opens: made by its host, or by a coordinator. The same form twice is one."""
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        same = self.filter(made_by=by, token=token).first()
        if same is not None:
            return same
        if not MentorProfile.objects.approved().of(host).exists():
            raise Circle.NoHost
        circle = self.create(host=host, made_by=by, token=token, opened_at=at, **said)
        circle.topics.set(topics)
        AuditEvent.objects.record("connections.circle_begun", actor=by, thing=circle, at=at)
        if host.pk != by.pk:
            circle.tell("circle_yours", host, at=at)
        return circle


class Circle(models.Model):
    """What it is about, who hosts it, how many places it has and where they meet."""

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("Every week")
        FORTNIGHTLY = "fortnightly", _("Every two weeks")
        MONTHLY = "monthly", _("Every month")
        OTHER = "other", _("When it suits everybody")

    class Full(Refusal):
        """No place is left."""

    class Closed(Refusal):
        """The circle has closed."""

    class NotOpen(Refusal):
        """Somebody in it is to be kept apart from them: neither who nor why is ever said."""

    class Host(Refusal):
        """The host is in the circle already."""

    class NoHost(Refusal):
        """Only mentors and coaches whose offer is approved host a circle."""

    class TooFew(Refusal):
        """More people are in it than there would be places."""

    Busy = Busy

    host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("host"),
        on_delete=models.CASCADE,
        related_name="circles_hosted",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=100)
    about = models.TextField(_("about"), max_length=1000)
    written_in = models.CharField(_("written in"), max_length=2, default="en")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="+")
    in_welsh = models.BooleanField(_("in Welsh"), default=False)
    in_english = models.BooleanField(_("in English"), default=False)
    places = models.PositiveSmallIntegerField(_("places"))
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0)
    rhythm = models.CharField(_("how often"), max_length=11, choices=Rhythm)
    how = models.CharField(_("how"), max_length=9, choices=Meeting.How)
    place = models.CharField(_("where, or a link to join"), max_length=200, blank=True, default="")
    token = models.UUIDField(editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = CircleQuerySet.as_manager()

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        constraints = [
            models.CheckConstraint(
                name="circle_never_overfilled",
                condition=Q(places_taken__gte=0, places_taken__lte=F("places")),
            ),
            models.CheckConstraint(
                name="circle_has_a_few_places",
                condition=Q(places__gte=FEWEST, places__lte=MOST),
            ),
            models.CheckConstraint(
                name="circle_in_some_language", condition=Q(in_welsh=True) | Q(in_english=True)
            ),
            models.UniqueConstraint(name="one_circle_for_each_form", fields=["made_by", "token"]),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Circle %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("connections:circle", args=[self.pk])

    @property
    def free(self) -> int:
        return max(0, self.places - self.places_taken)

    def tell(self, kind: str, person: Any, *, at: datetime, mark: str = "", **facts: Any) -> None:
        """A message that carries nothing but where to look."""
        CircleMember.post(kind, self, person, mark=mark, at=at, **facts)

    def tell_all(
        self, kind: str, *, mark: str, at: datetime, host: bool = True, **facts: Any
    ) -> None:
        """Everybody who is in it, each once for a mark."""
        if host:
            self.tell(kind, self.host, mark=mark, at=at, **facts)
        for member in self.members.current().select_related("person").order_by("pk"):
            self.tell(kind, member.person, mark=mark, at=at, member=member.pk, **facts)

    @transaction.atomic
    def join(self, person: Any, *, at: datetime) -> CircleMember:
        """One place, if one is left, and the dates that are fixed. Twice is once."""
        with waited(circle_never_overfilled=Circle.Full):
            circle = Circle.objects.locked().get(pk=self.pk)
            member = circle.members.current().of(person).first()
            if member is not None:
                return member
            circle.require_room(person)
            circle.take_place()
            member = circle.members.create(person=person, joined_at=at)
        circle.wishes.filter(person=person).delete()
        circle.tell("circle_joined", person, mark=str(member.pk), member=member.pk, at=at)
        circle.tell("circle_grew", circle.host, mark=str(member.pk), at=at)
        self.refresh_from_db(fields=["places_taken"])
        return member

    def require_room(self, person: Any) -> None:
        """Counted under the lock, whatever the counter says."""
        if self.closed_at:
            raise Circle.Closed
        if person.pk == self.host_id:
            raise Circle.Host
        self.require_open_to(person)
        if self.members.current().count() >= self.places:
            raise Circle.Full

    def require_open_to(self, person: Any) -> None:
        if not Circle.objects.apart_from(person).filter(pk=self.pk).exists():
            raise Circle.NotOpen

    def take_place(self) -> None:
        """One more. Added by the database: the CHECK catches who did not lock."""
        Circle.objects.filter(pk=self.pk).update(places_taken=F("places_taken") + 1)

    @transaction.atomic
    def let_go(self, person: Any, *, why: str, at: datetime) -> bool:
        """They left or were asked to: the place is free, and who waits for one is told."""
        circle = Circle.objects.locked().get(pk=self.pk)
        member = circle.members.current().of(person).select_related("person").first()
        if member is None:
            return False
        CircleMember.objects.filter(pk=member.pk).update(left_at=at, left_why=why)
        Circle.objects.filter(pk=self.pk).update(places_taken=F("places_taken") - 1)
        circle.tell("circle_left", person, mark=str(member.pk), member=member.pk, at=at)
        if why == CircleMember.Why.OWN:
            circle.tell("circle_shrank", circle.host, mark=str(member.pk), at=at)
        if not circle.closed_at:
            circle.wishes.grant(circle, at=at)
        self.refresh_from_db(fields=["places_taken"])
        return True

    @transaction.atomic
    def wish(self, person: Any, *, at: datetime) -> bool:
        """Tell them when a place is free. False when there is one now, or they have one."""
        circle = Circle.objects.locked().get(pk=self.pk)
        if circle.closed_at:
            raise Circle.Closed
        if circle.members.current().of(person).exists():
            return False
        circle.require_open_to(person)
        if circle.free:
            return False
        CircleWish.objects.get_or_create(circle=circle, person=person, defaults={"wished_at": at})
        return True

    @transaction.atomic
    def change(self, *, topics: list[Topic], by: Any, at: datetime, **said: Any) -> None:
        """Other words, places or place; when they meet elsewhere everybody is told."""
        circle = Circle.objects.locked().get(pk=self.pk)
        if circle.closed_at:
            raise Circle.Closed
        if said["places"] < circle.members.current().count():
            raise Circle.TooFew
        moved = (circle.how, circle.place) != (said["how"], said["place"])
        for name, value in said.items():
            setattr(circle, name, value)
        circle.save(update_fields=[*said])
        circle.topics.set(topics)
        if moved:
            circle.meetings.to_come(at).raise_sequence()
            circle.tell_all("circle_elsewhere", mark=at.isoformat(), at=at)
        if circle.free:
            circle.wishes.grant(circle, at=at)
        AuditEvent.objects.record(
            "connections.circle_changed", actor=by, thing=self, fields=[*said], at=at
        )
        self.refresh_from_db()

    @transaction.atomic
    def plan(
        self, *, starts_at: datetime, minutes: int, token: UUID, at: datetime
    ) -> CircleMeeting:
        """One more date; everybody is told. The same form twice is one."""
        if starts_at <= at:
            raise CircleMeeting.AlreadyPast
        circle = Circle.objects.locked().get(pk=self.pk)
        if circle.closed_at:
            raise Circle.Closed
        facts = {"starts_at": starts_at, "minutes": minutes}
        meeting, new = circle.meetings.get_or_create(token=token, defaults=facts)
        if new:
            meeting.tell("circle_meeting", at=at)
        return meeting

    @transaction.atomic
    def close(self, *, by: Any = None, at: datetime) -> None:
        """It has done its work, or its host has gone: everybody is told, dates are off."""
        circle = Circle.objects.locked().get(pk=self.pk)
        if circle.closed_at:
            return
        circle.tell_all("circle_closed", mark="closed", at=at)
        circle.meetings.to_come(at).raise_sequence()
        circle.meetings.to_come(at).update(cancelled_at=at)
        Circle.objects.filter(pk=self.pk).update(closed_at=at)
        circle.wishes.all().delete()
        AuditEvent.objects.record("connections.circle_closed", actor=by, thing=self, at=at)
        self.refresh_from_db(fields=["closed_at"])
