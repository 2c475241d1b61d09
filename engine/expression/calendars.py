"""Working days and promotions: the Chinese calendar with its moved working days, plain weekends, or a calendar of the user's."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from engine.expression import limits
from engine.expression.context import Context


class CalendarWarning(UserWarning):
    """A year has no table of public holidays; its weekends are used."""


@lru_cache(maxsize=1)
def china() -> tuple[frozenset[date], frozenset[date], frozenset[int]]:
    """Return the Chinese public holidays, the moved working days, and the years that the table knows."""
    from chinese_calendar import constants  # noqa: PLC0415 a table of dates that few formulas need

    free, worked = frozenset(constants.holidays), frozenset(constants.workdays)
    return free, worked, frozenset(day.year for day in free)


def exceptions(context: Context) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days that are free, and those that are worked, otherwise than weekday or weekend say."""
    if context.holidays == "weekends":
        return frozenset(), frozenset()
    if context.holidays == "china":
        return china()[:2]
    return _own(context.calendars.get(context.holidays) or {})


def _own(calendar: Mapping[str, Any]) -> tuple[frozenset[date], frozenset[date]]:
    """Return a user's calendar: `{"holidays": [dates], "workdays": [dates]}`, or the days of its events."""
    free = {_day(text) for text in calendar.get("holidays", ())}
    for start, end in phases(calendar):
        free |= {start + timedelta(n) for n in range(min((end - start).days, limits.MAX_SPAN) + 1)}
    return frozenset(free), frozenset(_day(text) for text in calendar.get("workdays", ()))


def is_workday(day: date, context: Context) -> bool:
    """Say whether *day* is worked; in a year without a table (told by a warning) weekends are free."""
    free, worked = exceptions(context)
    if context.holidays == "china" and day.year not in china()[2]:
        warnings.warn(f"{day.year} 年没有节假日表,按周末计算 / no table of holidays for {day.year}: weekends are used",
                      CalendarWarning, stacklevel=2)  # fmt: skip
    return day in worked or (day not in free and day.weekday() < 5)


def phases(calendar: Mapping[str, Any]) -> Iterator[tuple[date, date]]:
    """Yield first and last day of every phase of a calendar's events (an event without phases is one itself)."""
    for event in calendar.get("events", ()):
        for phase in event.get("phases") or (event,):
            if "from" in phase and "to" in phase:
                yield _day(phase["from"]), _day(phase["to"])


def days_to_promotion(context: Context, key: str) -> float | None:
    """Return the days until the next phase of the calendar *key* begins; 0 while one is on, None without any."""
    calendar = context.calendars.get(key)
    today = context.today
    if calendar is None or today is None:
        return None
    waits = [max((start - today).days, 0) for start, end in phases(calendar) if end >= today]
    return float(min(waits)) if waits else None


def workday_after(day: date, count: int, context: Context) -> date | None:
    """Return the *count*-th working day after *day* (before it for a negative count; 0 gives the day itself)."""
    step = timedelta(1 if count > 0 else -1)
    left = abs(count)
    works = _working(context)
    try:
        for _ in range(limits.MAX_SPAN):
            if left == 0:
                return day
            day += step
            left -= works(day)
    except OverflowError:
        return None
    return day if left == 0 else None


def workdays_between(first: date, last: date, context: Context) -> float | None:
    """Return the working days from *first* to *last*, both included; negative when they are in reverse order."""
    if abs((last - first).days) >= limits.MAX_SPAN:
        return None
    sign = 1.0 if first <= last else -1.0
    start = min(first, last)
    works = _working(context)
    return sign * sum(works(start + timedelta(n)) for n in range(abs((last - first).days) + 1))


def _working(context: Context) -> Callable[[date], bool]:
    free, worked = exceptions(context)
    known = china()[2] if context.holidays == "china" else None
    warned: set[int] = set()

    def works(day: date) -> bool:
        if known is not None and day.year not in known and day.year not in warned:
            warned.add(day.year)
            is_workday(day, context)  # warns
        return day in worked or (day not in free and day.weekday() < 5)

    return works


def _day(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(str(text)[:10])
