"""Work of the course team: cohorts that fill slowly, people who wait for dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from academy import hooks, roles
from academy.permissions import may_act_as
from academy.piles import pile
from capability.models import Cohort, Interest


@hooks.queue
def slow_cohorts(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, roles.CURATOR):
        return
    label = _("Cohorts that start soon with few bookings")
    yield pile(label, Cohort.objects.few_booked(at), since="published_at", where="few=1")


@hooks.queue
def waiting_for_dates(person: Any, *, at: datetime) -> Iterator[hooks.Queue]:
    if not may_act_as(person, roles.CURATOR):
        return
    rows, label = Interest.objects.waiting(), _("People who wait for dates of a course")
    yield pile(label, rows, since="declared_at", where="told_at__isempty=1")
