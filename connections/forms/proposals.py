"""Up to five times for one meeting; and an answer to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.forms.meetings import PlaceForm
from connections.forms.times import date_field, time_field
from connections.models.proposals import MOST
from connections.models.taken import Span, clashes

NONE = "none"
FARTHEST = timedelta(days=366)


class ProposeForm(PlaceForm):
    """Day and time up to five times; what the meetings would have in common below."""

    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        at: datetime,
        suggested: Iterable[datetime] = (),
        taken: Iterable[Span] = (),
        usual: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.taken = at, list(taken)
        for name, value in usual.items():
            self.fields[name].initial = value
        for number, start in enumerate([*suggested, *[None] * MOST][:MOST], start=1):
            local = localtime(start) if start else None
            facts = {"n": number}
            day = date_field(_("Day %(n)s") % facts, "", required=False)
            clock = time_field(_("Time %(n)s") % facts, required=False)
            if local:
                day.initial, clock.initial = local.date(), local.time()
            self.fields[f"day_{number}"], self.fields[f"time_{number}"] = day, clock
        names = [f"{part}_{number}" for number in range(1, MOST + 1) for part in ("day", "time")]
        self.order_fields([*names, "minutes", "how", "place", "instead_of", "token"])

    @property
    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"day_{n}"], self[f"time_{n}"]) for n in range(1, MOST + 1)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        times: list[datetime | None] = []
        for number in range(1, MOST + 1):
            day, clock = said.get(f"day_{number}"), said.get(f"time_{number}")
            if day and clock:
                times.append(self._start(number, day, clock, before=times))
            elif day and f"time_{number}" not in self.errors:
                self.add_error(f"time_{number}", _("Enter a time for this day"))
            elif clock and f"day_{number}" not in self.errors:
                self.add_error(f"day_{number}", _("Enter a day for this time"))
        if not times and not self.errors:
            self.add_error("day_1", _("Enter at least one day and time"))
        said["times"] = [one for one in times if one is not None]
        return said

    def seen(self, proposal: int) -> None:
        """Sent again, these times come instead of that proposal."""
        self.data = {**self.data.dict(), "instead_of": str(proposal)}  # type: ignore[attr-defined]

    def _busy(self, start: datetime) -> bool:
        end = start + timedelta(minutes=self.cleaned_data.get("minutes") or 0)
        return clashes(start, end, self.taken)

    def _start(
        self, number: int, day: date, clock: time, *, before: Sequence[datetime | None]
    ) -> datetime | None:
        start = make_aware(datetime.combine(day, clock))
        if start <= self.at:
            self.add_error(
                f"day_{number}", _("This time is over. Choose one that is still to come")
            )
        elif start > self.at + FARTHEST:
            self.add_error(f"day_{number}", _("Choose a day within the next year"))
        elif self._busy(start):
            self.add_error(f"day_{number}", _("You have something else at this time"))
        elif start in before:
            self.add_error(
                f"time_{number}",
                _(
                    "You have proposed this time already, higher up. Choose another, or leave both empty"
                ),
            )
        else:
            return start
        return None

    def told(self) -> dict[str, Any]:
        names = ("times", "minutes", "how", "place", "token", "instead_of")
        return {name: self.cleaned_data[name] for name in names}


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Thursday 3 December, 14:30 to 15:30."""
    start, end = localtime(starts_at), localtime(ends_at)
    facts = {
        "day": date_format(start, "l j F"),
        "start": time_format(start, "H:i"),
        "end": time_format(end, "H:i"),
    }
    return capfirst(_("%(day)s, %(start)s to %(end)s") % facts)


class AnswerForm(forms.Form):
    """One of the times, or none of them."""

    time = forms.ChoiceField(
        label=gettext_lazy("Which time suits you?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a time, or say that none of them fits"),
            "invalid_choice": gettext_lazy("This time can no longer be chosen. Choose another"),
        },
    )

    def __init__(self, *args: Any, times: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = (NONE, _("None of these times suits me"))
        self.fields["time"].choices = [*((str(pk), words) for pk, words in times.items()), none]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> int | None:
        """The time's number; None for none of them."""
        said = self.cleaned_data["time"]
        return None if said == NONE else int(said)
