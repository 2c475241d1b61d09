"""Days that are not like others: public holidays with moved workdays (调休), and the shopping festivals."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

# (name, first month, first day, last month, last day): where the sales of the platforms lie.
FESTIVALS = (
    ("年货节", 1, 5, 1, 20),
    ("三八节", 3, 5, 3, 8),
    ("618", 6, 16, 6, 18),
    ("双11", 11, 9, 11, 11),
    ("双12", 12, 10, 12, 12),
)
HOLIDAY = "holiday"
WORKDAY = "moved workday"


def festival(day: date) -> str | None:
    """Return the shopping festival of *day*; Black Friday is the fourth Friday of November and the weekend after it."""
    for name, month, first, last_month, last in FESTIVALS:
        if (month, first) <= (day.month, day.day) <= (last_month, last):
            return name
    friday = _black_friday(day.year)
    return "黑五" if friday <= day <= friday + timedelta(days=3) else None


def _black_friday(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 21)


def holiday(day: date) -> tuple[str, str] | None:
    """Return (kind, name) of a Chinese public holiday or of a weekend day that is worked; None for usual days.

    Lunar holidays move every year; the calendar of the State Council says when they are and which days are worked
    instead. Years it does not know yet have no holidays here.
    """
    with warnings.catch_warnings():
        # The package warns about years that are not announced yet; here they are days like others.
        warnings.simplefilter("ignore")
        import chinese_calendar  # noqa: PLC0415 3,000 dates that only calendars need

        try:
            off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return None
    if name is None:
        return None
    return (HOLIDAY, str(name)) if off else (WORKDAY, str(name))


def labels(day: date) -> list[tuple[str, str]]:
    """Return what is special about *day*: (general kind, its own name), most general first."""
    found = []
    if (part := holiday(day)) is not None:
        found.append(part)
    if (name := festival(day)) is not None:
        found.append(("festival", name))
    return found
