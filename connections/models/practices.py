"""One person's way as a coach: their step on the ladder, given by a coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from academy.models import AuditEvent, Notification, Person
from academy.models.base import Refusal
from academy.permissions import may_act_as
from academy.roles import COORDINATOR
from connections.models.profiles import MentorProfile


class Step(models.TextChoices):
    """The ladder, from its foot up. It says what somebody does, not how good they are."""

    LEARNER = "learner", _("Learner")
    PEER_HELPER = "peer_helper", _("Peer helper")
    COACH = "coach", _("Coach")
    SUPERVISOR = "supervisor", _("Coach supervisor")


class PracticeQuerySet(models.QuerySet["Practice"]):
    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def given(self) -> Self:
        """A coordinator has given a step, be it the first."""
        return self.filter(given_at__isnull=False)

    def begun(self) -> Self:
        """Above the foot of the ladder."""
        return self.exclude(step=Step.LEARNER)

    def supervisors(self) -> Self:
        return self.filter(step=Step.SUPERVISOR, person__is_active=True)

    def locked(self) -> Self:
        return self.select_for_update(no_key=True, of=("self",)).order_by("pk")

    def step_of(self, person: Any) -> Step:
        """Everybody who was given no step stands at the foot."""
        found = self.of(person).values_list("step", flat=True).first()
        return Step(found or Step.LEARNER)

    def shown_step_of(self, person: Any) -> str:
        """The step in plain words, where the person has agreed that others see it."""
        mine = self.of(person).filter(shown=True).values_list("step", flat=True).first()
        return str(Step(mine).label) if mine else ""

    @transaction.atomic
    def give_step(self, person: Any, step: str, *, by: Any, reason: str, at: datetime) -> Practice:
        """A coordinator gives a step, up or down, and says why; the person is told. Twice is once."""
        if by.pk == person.pk:
            raise Practice.Oneself
        kept, _new = self.get_or_create(person=person)
        practice = self.locked().get(pk=kept.pk)
        if practice.step == step:
            return practice
        practice.step, practice.given_by, practice.given_at = Step(step), by, at
        practice.save(update_fields=["step", "given_by", "given_at"])
        AuditEvent.objects.record(
            "connections.step_given",
            actor=by,
            thing=practice,
            fields=["step"],
            reason=reason,
            at=at,
        )
        Notification.objects.post(
            "connections.step_given",
            key=f"{practice.pk}-{at.timestamp()}",
            to=person,
            facts={"practice": practice.pk, "step": practice.step},
            link=("connections:ladder", []),
            at=at,
        )
        return practice

    @transaction.atomic
    def show_step(self, person: Any, shown: bool) -> None:
        """On one's profile page, or no longer; only the person decides."""
        self.get_or_create(person=person)
        self.of(person).update(shown=shown)


class Practice(models.Model):
    """The step of one person, and whether others may read it."""

    class Oneself(Refusal):
        """Nobody gives a step to themselves."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="practice",
    )
    step = models.CharField(_("step"), max_length=11, choices=Step, default=Step.LEARNER)
    given_at = models.DateTimeField(_("given at"), null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    shown = models.BooleanField(_("shown on the profile page"), default=False)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("coaching practice")
        verbose_name_plural = _("coaching practices")
        constraints = [
            models.CheckConstraint(
                name="a_step_above_the_foot_was_given",
                condition=Q(step="learner") | Q(given_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("Coaching practice %(number)s") % {"number": self.pk})


def coaching() -> Q:
    """Of people: who coaches, by an approved offer to coach or by a step above the foot."""
    offers = MentorProfile.objects.approved().filter(offers_coaching=True)
    return Q(Exists(offers.filter(person=OuterRef("pk")))) | Q(
        Exists(Practice.objects.begun().filter(person=OuterRef("pk")))
    )


def coaches(person: Any) -> bool:
    return Person.objects.active().filter(coaching(), pk=person.pk).exists()


def supervises(person: Any) -> bool:
    """Coach supervisors by their step, and coordinators with their second factor."""
    if not person.is_authenticated:
        return False
    return may_act_as(person, COORDINATOR) or Practice.objects.supervisors().of(person).exists()
