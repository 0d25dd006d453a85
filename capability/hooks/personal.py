"""What a person finds about themselves: what waits, what we hold, and what goes when they go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from academy import hooks
from academy.milestones import milestone
from academy.models import Person
from capability.models import Booking, BookingRules, Interest, Session


@hooks.need
def sessions_near(person: Person, *, at: datetime) -> Iterator[hooks.Need]:
    """Meetings of the next two days."""
    near = (
        Session.objects.to_come(at)
        .filter(
            starts_at__lte=at + BookingRules.current().near(),
            cohort__cancelled_at=None,
            cohort__bookings__person=person,
            cohort__bookings__left_at=None,
        )
        .select_related("cohort__course")
        .order_by("starts_at", "pk")
    )
    for session in near[:5]:
        start = localtime(session.starts_at)
        yield hooks.Need(
            text=_("Your session: %(title)s, %(day)s at %(time)s")
            % {
                "title": session.cohort.course.title,
                "day": date_format(start, "l j F"),
                "time": f"{start:%H:%M}",
            },
            url=session.cohort.get_absolute_url(),
            action=_("See when and where"),
        )


@hooks.export("capability")
def held(person: Person) -> dict[str, Any]:
    bookings = person.bookings.select_related("cohort__course").order_by("joined_at", "pk")
    interests = person.interests.select_related("course").order_by("declared_at", "pk")
    return {
        "bookings": [
            {
                "course": booking.cohort.course.title,
                "address": reverse("capability:cohort", args=[booking.cohort_id]),
                "hope": booking.hope,
                "joined_at": booking.joined_at,
                "left_at": booking.left_at,
                "left_why": booking.left_why,
            }
            for booking in bookings
        ],
        "interests": [
            {
                "course": interest.course.title,
                "declared_at": interest.declared_at,
                "told_at": interest.told_at,
            }
            for interest in interests
        ],
    }


@hooks.on("academy.person_left")
def free_places(*, person: Person, at: datetime) -> None:
    Booking.objects.of(person).leave(at=at, why=Booking.Why.ACCOUNT)
    Interest.objects.of(person).waiting().delete()


@hooks.erase(order=20)
def erase(person: Person, *, at: datetime) -> None:
    """Places ahead are freed under their locks; then nothing about the person is kept."""
    Booking.objects.of(person).leave(at=at, why=Booking.Why.ACCOUNT)
    Booking.objects.of(person).delete()
    Interest.objects.of(person).delete()


@milestone("capability.first_course", url_name="capability:courses")
def first_course(person: Person, *, at: datetime) -> bool:
    """Kept a place until a course was over."""
    kept = Booking.objects.of(person).current()
    return kept.filter(cohort__ends_at__lte=at, cohort__cancelled_at=None).exists()
