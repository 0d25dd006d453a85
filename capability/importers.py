"""CSV files of courses and cohorts. Both come in as drafts; publishing stays a curator's own step."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from academy import hooks, roles
from academy.bilingual import columns
from academy.import_rows import (
    Addresses,
    Codes,
    RowForm,
    Topics,
    Workplace,
    columns_from,
    given,
    keep,
    row_form,
)
from academy.importing import Saved
from academy.models import AuditEvent, Person
from capability.models import Cohort, Course
from capability.models.choices import Aspect
from capability.models.courses import NEEDED, OPTIONAL

CourseRow = row_form(
    "CourseRow",
    {
        **columns_from(
            Course,
            *("slug", *columns(*NEEDED), "level", "format", "kind", "status"),
            *(*columns(*OPTIONAL), "reviewed_on"),
            key="slug",
        ),
        "qms": Codes(
            label=_("quality management aspects"), allowed=list(Aspect.values), required=False
        ),
        "topics": Topics(label=_("topics"), required=False),
        "sources": Addresses(label=_("sources"), required=False),
    },
    read_only={"published": _("published")},
)


@hooks.importer("courses", label=_("Courses"), form=CourseRow, roles=(roles.CURATOR,), order=30)
@transaction.atomic
def course(row: dict[str, Any], *, by: Person, at: datetime) -> Saved:
    facts = given(row, "slug", "topics")
    kept, new, changed = keep(Course, {"slug": row["slug"]}, facts, by=by, at=at)
    if row["topics"] and set(kept.topics.all()) != set(row["topics"]):
        kept.topics.set(row["topics"])
        changed = (*changed, "topics")
    return Saved(kept.title, new, changed)


MEETING = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}) (?P<start>\d\d:\d\d) ?[-–] ?(?P<end>\d\d:\d\d)"
)


class Meetings(forms.CharField):
    """The sessions of a cohort in one cell, each a day and two times."""

    def clean(self, value: Any) -> list[tuple[datetime, datetime]]:
        words = [part.strip() for part in re.split(r"[;|]", super().clean(value)) if part.strip()]
        return sorted(self.one(part) for part in words)

    def one(self, words: str) -> tuple[datetime, datetime]:
        found = MEETING.fullmatch(words)
        style = "%d/%m/%Y" if "/" in words else "%Y-%m-%d"
        try:
            day = found["day"] if found else ""
            start, end = (
                make_aware(datetime.strptime(f"{day} {found[name]}", f"{style} %H:%M"))  # noqa: DTZ007 -- made aware at once
                for name in ("start", "end")
                if found
            )
        except ValueError as error:
            wanted = _(
                "Write each session as 2026-12-03 09:30-12:30, with a semicolon between two."
            )
            raise ValidationError(wanted) from error
        if start >= end:
            raise ValidationError(_("A session ends after it starts."))
        return start, end


class CohortRow(RowForm):
    course = forms.ModelChoiceField(
        Course.objects.all(),
        label=_("address word of the course"),
        to_field_name="slug",
        error_messages={"invalid_choice": _("No course has the address word “%(value)s”.")},
    )
    sessions = Meetings(label=_("sessions"))
    language = columns_from(Cohort, "language", key="language")["language"]
    format = columns_from(Cohort, "format", key="format")["format"]
    places = columns_from(Cohort, "places", key="places")["places"]
    organisation = Workplace(label=_("code of the organisation"), required=False)
    region = columns_from(Cohort, "region", key="")["region"]
    place_en = columns_from(Cohort, "place_en", key="")["place_en"]
    place_cy = columns_from(Cohort, "place_cy", key="")["place_cy"]
    joining_link = forms.URLField(label=_("joining link"), required=False, assume_scheme="https")
    booking_link = forms.URLField(
        label=_("booking link elsewhere"), required=False, assume_scheme="https"
    )


@hooks.importer("cohorts", label=_("Cohorts"), form=CohortRow, roles=(roles.CURATOR,), order=40)
@transaction.atomic
def cohort(row: dict[str, Any], *, by: Person, at: datetime) -> Saved:
    """A cohort of the same course, start, place and language is the same, and left as it is."""
    sessions = row.pop("sessions")
    same = ("course", "language", "place_en")
    known = Cohort.objects.filter(
        **{name: row[name] for name in same}, sessions__starts_at=sessions[0][0]
    )
    if before := known.order_by("pk").first():
        return Saved(str(before))
    new = Cohort(**row)
    new.full_clean()
    new.save(force_insert=True)
    for starts_at, ends_at in sessions:
        new.add_session(starts_at=starts_at, ends_at=ends_at, at=at)
    AuditEvent.objects.record("cohort.added", actor=by, thing=new, fields=list(row), at=at)
    return Saved(f"{new.course.title} {sessions[0][0]:%Y-%m-%d}", new=True)
