"""Work time: the hours of working days in China, statutory holidays and the weekends worked instead (调休) included."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import chinese_calendar

OPENS, CLOSES = dt.time(9), dt.time(18)
LONGEST = dt.timedelta(days=3650)


class WorkTime:
    """Nine to six on working days in *zone*; satisfies `workflows.Calendar`."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def add_work_time(self, moment: dt.datetime, duration: dt.timedelta) -> dt.datetime:
        """Return the moment at which *duration* of work time has passed since *moment*, in the zone of *moment*."""
        here = moment.astimezone(self._zone)
        left = max(duration, dt.timedelta())
        limit = here + LONGEST
        while here < limit:
            start, end = self._hours(here.date())
            if is_workday(here.date()) and here < end:
                begin = max(here, start)
                if begin + left <= end:
                    return (begin + left).astimezone(moment.tzinfo)
                left -= end - begin
            here = dt.datetime.combine(here.date() + dt.timedelta(days=1), dt.time(), self._zone)
        return here.astimezone(moment.tzinfo)

    def _hours(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        return dt.datetime.combine(day, OPENS, self._zone), dt.datetime.combine(day, CLOSES, self._zone)


def is_workday(day: dt.date) -> bool:
    """Say whether people work on *day*; in years whose holidays are not announced yet, from Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
