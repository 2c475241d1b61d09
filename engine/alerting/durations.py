"""Durations as rules write them: ISO 8601 text, in hours of the clock or in days and months of the calendar."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import isodate


@lru_cache(maxsize=1_024)
def _read(text: str) -> dt.timedelta | isodate.Duration:
    return isodate.parse_duration(text)


def after(moment: dt.datetime, duration: str) -> dt.datetime:
    """Return the moment *duration* after *moment*; a month is a month of the calendar (31 January + P1M = 28 February)."""
    later: dt.datetime = moment + _read(duration)
    return later


def has_passed(since: dt.datetime, duration: str, now: dt.datetime) -> bool:
    """Whether *duration* has passed since *since*; a clock that was set back lets no time pass."""
    return now >= after(since, duration)
