"""A date of a course as its row reads: words made once here, not in the template's loop."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capability.models import Cohort
from capability.models.choices import Format, Taught

FULL = 132  # the width of a bar
DATES = "j|M|j F|l j F Y, H:i"  # told apart afterwards: one call of the formatter for each row


@dataclass(frozen=True)
class Row:
    url: str
    book_url: str  # empty when nobody can book
    day: str
    month: str
    short: str
    starts: str
    facts: str
    mine: bool
    places: str
    bar: int | None


def rows(cohorts: Iterable[Cohort], *, mine: set[int], at: datetime) -> list[Row]:
    """Published dates to come, each with its number of meetings."""
    formats = {code: str(label) for code, label in Format.choices}
    taught = {
        code: _("Taught in: %(language)s") % {"language": name} for code, name in Taught.choices
    }
    page, booking = (reverse(f"capability:{name}", args=[0]) for name in ("cohort", "book"))
    made = []
    for cohort in cohorts:
        if cohort.starts_at is None:  # published rows have dates: the database sees to it
            continue
        starts, opened = localtime(cohort.starts_at), cohort.is_open(at)
        meetings: int = getattr(cohort, "meetings", 0)
        facts = [
            ngettext("%(n)s session", "%(n)s sessions", meetings) % {"n": meetings}
            if meetings > 1
            else "",
            formats[cohort.format],
            cohort.place,
            taught[cohort.language],
        ]
        day, month, short, whole = date_format(starts, DATES).split("|")
        words, bar = places(cohort, opened=opened)
        made.append(
            Row(
                url=page.replace("0", str(cohort.pk)),
                book_url=booking.replace("0", str(cohort.pk)) if opened else "",
                day=day,
                month=month,
                short=short,
                starts=whole,
                facts=" · ".join(filter(None, facts)),
                mine=cohort.pk in mine,
                places=words,
                bar=bar,
            )
        )
    return made


def places(cohort: Cohort, *, opened: bool) -> tuple[str, int | None]:
    """In words, and how much of a bar is taken where there is a bar."""
    if cohort.booking_link:
        return _("Book elsewhere"), None
    if not cohort.left:
        return _("Full"), FULL
    if not opened:
        return _("Booking has closed"), None
    left = cohort.left
    return ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left}, cohort.bar
