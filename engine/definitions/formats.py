"""The text formats our schemas name: date, date-time, duration, time, timezone, cron, regex."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

import isodate
import re2


def is_date(text: str) -> bool:
    """Whether *text* is a calendar day, `2026-11-11`."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Whether *text* is a moment with its offset, `2026-11-11T08:00:00+08:00`."""
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def is_duration(text: str) -> bool:
    """Whether *text* is an ISO 8601 duration that is not negative, `P1D` or `PT30M`."""
    if not re.fullmatch(r"P(?=[0-9T])[0-9YMWD.]*(T[0-9HMS.]+)?", text):
        return False
    try:
        isodate.parse_duration(text)
    except (isodate.ISO8601Error, ValueError, OverflowError):
        return False
    return True


def is_time(text: str) -> bool:
    """Whether *text* is a time of day, `08:30`."""
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def is_timezone(text: str) -> bool:
    """Whether *text* names a zone of the IANA data base."""
    return text in available_timezones() and ZoneInfo(text) is not None


_CRON_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_CRON_NAMES = ("", "", "", "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", "sun|mon|tue|wed|thu|fri|sat")


def is_cron(text: str) -> bool:
    """Whether *text* is five cron fields with values in range; names of months and weekdays are accepted."""
    fields = text.split()
    return len(fields) == len(_CRON_RANGES) and all(
        _cron_part(part, low, high, names)
        for field, (low, high), names in zip(fields, _CRON_RANGES, _CRON_NAMES, strict=True)
        for part in field.split(",")
    )


def _cron_part(part: str, low: int, high: int, names: str) -> bool:
    value = f"[0-9]+{'|' + names if names else ''}"
    found = re.fullmatch(rf"(?:\*|({value})(?:-({value}))?)(?:/([0-9]+))?", part.lower())
    if found is None:
        return False
    numbers = [int(text) for text in found.groups()[:2] if text and text.isdigit()]
    return all(low <= number <= high for number in numbers) and found.group(3) not in ("0", "00")


def is_regex(text: str) -> bool:
    """Whether RE2 reads *text* as a pattern of at most 500 characters."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(text, options=options)
    except re2.error:
        return False
    return len(text) <= 500


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": is_date,
    "date-time": is_moment,
    "duration": is_duration,
    "time": is_time,
    "timezone": is_timezone,
    "cron": is_cron,
    "regex": is_regex,
}
