"""Working days in Wales: Monday to Friday, but for the bank holidays there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate

DAY = timedelta(days=1)
SATURDAY = 5
CLOSE_OF_DAY = time(17)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden, century, part = year % 19, year // 100, year % 100
    leap, rest = century // 4, century % 4
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - shift + 15) % 30
    sunday = (32 + 2 * rest + 2 * (part // 4) - moon - part % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def bank_holidays(year: int) -> set[date]:
    """The yearly ones, with what stands in for those on a weekend; not one proclaimed for one year."""
    found = {easter(year) - 2 * DAY, easter(year) + DAY}
    found |= {_first_monday(date(year, 5, 1)), _last_monday(date(year, 5, 31))}
    found.add(_last_monday(date(year, 8, 31)))
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() >= SATURDAY or day in found:
            day += DAY
        found.add(day)
    return found


def _first_monday(day: date) -> date:
    return day + (-day.weekday() % 7) * DAY


def _last_monday(day: date) -> date:
    return day - day.weekday() * DAY


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def working_days_after(day: date, number: int) -> date:
    """So many working days after this day, which does not count itself."""
    for _one in range(number):
        day += DAY
        while not is_working_day(day):
            day += DAY
    return day


def close_of_working_day(start: datetime, *, days: int) -> datetime:
    """Five o'clock in Wales, so many working days after the day of `start`."""
    day = working_days_after(localdate(start), days)
    return datetime.combine(day, CLOSE_OF_DAY, get_current_timezone())


def working_day(month: date, number: int) -> date:
    """The so-manieth working day of the month this day lies in."""
    return working_days_after(month.replace(day=1) - DAY, number)
