"""Work of the course team: cohorts that fill slowly, people who wait for dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from academy import hooks, roles
from academy.permissions import may_act_as
from capability.models import Cohort, Interest


@hooks.queue
def slow_cohorts(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, roles.CURATOR):
        return
    few = Cohort.objects.few_booked(at)
    found = few.aggregate(count=Count("pk"), oldest=Min("published_at"))
    yield hooks.Queue(
        _("Cohorts that start soon with few bookings"),
        f"{reverse('admin:capability_cohort_changelist')}?few=1",
        found["count"],
        found["oldest"],
    )


@hooks.queue
def waiting_for_dates(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, roles.CURATOR):
        return
    waiting = Interest.objects.waiting()
    found = waiting.aggregate(count=Count("pk"), oldest=Min("declared_at"))
    yield hooks.Queue(
        _("People who wait for dates of a course"),
        f"{reverse('admin:capability_interest_changelist')}?told_at__isempty=1",
        found["count"],
        found["oldest"],
    )
