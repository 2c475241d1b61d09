"""Lengths of time in definitions: ISO 8601 (`PT4H`, `-P1D`) or a number of seconds."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from workflows.directory import Calendar
from workflows.refusal import Trouble

_ISO = re.compile(
    r"^(?P<sign>[+-])?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+(?:\.\d+)?)W)?"
    r"(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
_DAYS_A_YEAR = 365
_DAYS_A_MONTH = 30


@lru_cache(maxsize=1024)
def _read(text: str) -> timedelta | None:
    found = _ISO.match(text.strip())
    if found is None or text.strip().lstrip("+-") in {"P", "PT"} or text.rstrip().endswith("T"):
        return None
    parts = {name: float(value) for name, value in found.groupdict().items() if value and name != "sign"}
    days = parts.pop("years", 0) * _DAYS_A_YEAR + parts.pop("months", 0) * _DAYS_A_MONTH + parts.pop("days", 0)
    length = timedelta(days=days, **parts)
    return -length if found["sign"] == "-" else length


def read_duration(value: Any) -> timedelta:
    """Return *value* (ISO 8601 text or a number of seconds) as a timedelta.

    A year counts 365 days and a month 30.

    Raises:
        Trouble: *value* is neither.
    """
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    length = _read(value) if isinstance(value, str) else None
    if length is None:
        raise Trouble("bad_duration", f"“{value}”不是时长(如 PT4H、P1D 或秒数)", f"“{value}” is not a duration")
    return length


def later(moment: datetime, length: Any, calendar: Calendar | None, kind: str | None) -> datetime:
    """Return the moment *length* after *moment*: by work time when *kind* is "work" and a calendar is given."""
    duration = read_duration(length)
    if kind == "work" and calendar is not None:
        return calendar.add_work_time(moment, duration)
    return moment + duration


def read_moment(value: Any, like: datetime) -> datetime | None:
    """Return the moment that a form field holds (ISO date or datetime), in the zone of *like* when it has none."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
    else:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=like.tzinfo)
