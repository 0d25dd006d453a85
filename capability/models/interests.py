from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from capability.models.courses import Course

if TYPE_CHECKING:
    from academy.models import Person
    from capability.models.cohorts import Cohort


class InterestQuerySet(models.QuerySet["Interest"]):
    def waiting(self) -> Self:
        return self.filter(told_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(person=person)

    def declare(self, person: Person, course: Course, *, at: datetime) -> Interest:
        """`person` wants to hear when `course` has dates. Saying so twice is saying it once."""
        return self.get_or_create(
            person=person, course=course, told_at=None, defaults={"declared_at": at}
        )[0]

    def tell(self, cohort: Cohort, *, at: datetime) -> int:
        """Write to everyone who waits for dates of this cohort's course, each once."""
        waiting = self.waiting().filter(course=cohort.course, person__is_active=True)
        people = [interest.person for interest in waiting.select_related("person").order_by("pk")]
        for person in people:
            Notification.objects.post(
                "capability.dates_announced",
                key=f"{cohort.pk}-{person.pk}",
                to=person,
                facts={**cohort.facts(), "cohort": cohort.pk},
                link=("capability:cohort", [cohort.pk]),
                at=at,
            )
        return waiting.update(told_at=at)


class Interest(models.Model):
    """Demand without a date: tell me when there is one."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="interests",
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.CASCADE, related_name="interests"
    )
    declared_at = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(_("told at"), null=True, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [
            models.UniqueConstraint(
                name="one_waiting_interest_each",
                fields=["course", "person"],
                condition=Q(told_at=None),
            )
        ]
