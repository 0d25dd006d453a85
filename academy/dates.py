"""A date in three boxes, as the NHS asks for it, with errors in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")


def today() -> date:
    """The day it is in Wales."""
    return localdate()


class DateBoxes(forms.MultiWidget):
    """Day, month and year; drawn by nhs_form as the NHS date input."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(PARTS, forms.TextInput), attrs)

    def decompress(self, value: Any) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in PARTS)


class NHSDateField(forms.Field):
    """A day between `earliest` and `latest`: dates, or functions that answer one, such as today."""

    widget = DateBoxes
    default_error_messages = {
        "required": _("Enter a date"),
        "day": _("The date needs a day"),
        "month": _("The date needs a month"),
        "year": _("The date needs a year"),
        "invalid": _("This is not a real date. Write it in numbers, such as 27 3 2027."),
        "early": _("The date must be %(day)s or later"),
        "late": _("The date must be %(day)s or earlier"),
    }

    def __init__(
        self,
        *,
        earliest: date | Callable[[], date] | None = None,
        latest: date | Callable[[], date] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(**facts)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        boxes = dict(zip(PARTS, (str(box or "").strip() for box in value), strict=True))
        if not any(boxes.values()):
            return None
        for part, written in boxes.items():
            if not written:
                raise ValidationError(self.error_messages[part], code=part)
        return self._real(boxes)

    def _real(self, boxes: dict[str, str]) -> date:
        if len(boxes["year"]) != 4:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(int(boxes["year"]), int(boxes["month"]), int(boxes["day"]))
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        earliest, latest = _answered(self.earliest), _answered(self.latest)
        if earliest is not None and value < earliest:
            self._outside("early", earliest)
        if latest is not None and value > latest:
            self._outside("late", latest)

    def _outside(self, code: str, limit: date) -> None:
        day = date_format(limit, "j F Y")
        raise ValidationError(self.error_messages[code], code=code, params={"day": day})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


def _answered(limit: date | Callable[[], date] | None) -> date | None:
    return limit() if callable(limit) else limit
