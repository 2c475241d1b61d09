"""When a schedule is due next: cron lines and fixed intervals by the wall clock of a zone.

Weekdays are those of crontab (0 and 7 are Sunday; a day of month and a weekday together mean either). Where a clock change
skips a due time it is due once, right after the gap; where it repeats one, only the first counts.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.alerting.durations import after as later

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_EVERY = "@every "
_EPOCH = dt.datetime(2000, 1, 3)  # noqa: DTZ001 a Monday of the wall clock, from which intervals are counted
_YEARS = 9  # 29 February may be eight years away


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron line, read."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def on(self, day: dt.date) -> bool:
        """Say whether *day* is one of its days."""
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return of_month or of_week if self.either else of_month and of_week


@functools.lru_cache(maxsize=1024)
def read(line: str) -> Cron:
    """Read the five fields of a cron line (checked before by its definition's schema)."""
    minute, hour, day, month, weekday = line.split()
    weekdays = frozenset(number % 7 for number in _field(weekday, 4))
    return Cron(
        tuple(sorted(_field(minute, 0))),
        tuple(sorted(_field(hour, 1))),
        frozenset(_field(day, 2)),
        frozenset(_field(month, 3)),
        weekdays,
        either=not day.startswith("*") and not weekday.startswith("*"),
    )


def _field(text: str, place: int) -> set[int]:
    low, high = _RANGES[place]
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = low if first == "*" else _number(first, place)
        end = _number(last, place) if last else high if first == "*" or step else start
        if end < start:  # fri-mon
            found |= {*range(start, high + 1), *range(low, end + 1)}
        else:
            found |= set(range(start, end + 1, int(step or 1)))
    return found


def _number(text: str, place: int) -> int:
    if place == 3 and text in _MONTHS:
        return _MONTHS.index(text) + 1
    if place == 4 and text in _WEEKDAYS:
        return _WEEKDAYS.index(text)
    return int(text)


def line_of(schedule: Mapping[str, Any]) -> str | None:
    """Return the line that is kept for a definition's `schedule`: its cron line, or `@every PT1H`; None without either."""
    if schedule.get("cron"):
        return str(schedule["cron"])
    return f"{_EVERY}{schedule['every']}" if schedule.get("every") else None


def next_after(line: str, zone: ZoneInfo, moment: dt.datetime) -> dt.datetime | None:
    """Return the first due moment after *moment*, in UTC; None when there is none (30 February)."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    # A gap may have moved the clock past a due time: look back by as much as clocks are ever moved.
    for wall in _walls(line, local - dt.timedelta(hours=3)):
        due = wall.replace(tzinfo=zone).astimezone(dt.UTC)
        if due > moment:
            return due
    return None


def _walls(line: str, start: dt.datetime) -> Iterator[dt.datetime]:
    """Yield the due times of the wall clock from *start* on."""
    if line.startswith(_EVERY):
        yield from _every(line.removeprefix(_EVERY), start)
        return
    cron = read(line)
    day = start.date()
    for _ in range(366 * _YEARS):
        if cron.on(day):
            for hour in cron.hours:
                for minute in cron.minutes:
                    wall = dt.datetime.combine(day, dt.time(hour, minute))
                    if wall > start:
                        yield wall
        day += dt.timedelta(days=1)


def _every(duration: str, start: dt.datetime) -> Iterator[dt.datetime]:
    step = later(_EPOCH, duration) - _EPOCH
    if step <= dt.timedelta(0):
        return
    wall = _EPOCH + ((start - _EPOCH) // step + 1) * step
    while True:
        yield wall
        wall += step
