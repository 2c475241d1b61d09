"""Due moments: crontab's own meaning, once at each clock change, equal to a minute-by-minute walk."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import cron

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")


def _all(line: str, zone: ZoneInfo, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    found = []
    moment: dt.datetime | None = start
    while (moment := cron.next_after(line, zone, moment)) is not None and moment < end:
        found.append(moment)
    return found


def _local(moments: list[dt.datetime], zone: ZoneInfo) -> list[str]:
    return [moment.astimezone(zone).strftime("%m-%d %H:%M") for moment in moments]


def _day(zone: ZoneInfo, month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, tzinfo=zone).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("30 2 * * *", ["03-07 02:30", "03-08 03:30", "03-09 02:30"]),
        ("0 9 * * *", ["03-07 09:00", "03-08 09:00", "03-09 09:00"]),
    ],
)
def test_a_time_that_the_clock_skips_is_due_once_after_the_gap(line: str, expected: list[str]) -> None:
    """On 2026-03-08 New York's clocks go from 02:00 to 03:00."""
    found = _all(line, NEW_YORK, _day(NEW_YORK, 3, 7), _day(NEW_YORK, 3, 10))

    assert expected == _local(found, NEW_YORK)


def test_a_time_that_the_clock_repeats_is_due_once() -> None:
    """On 2026-11-01 New York's clocks go from 02:00 back to 01:00: only the first 01:30 counts."""
    found = _all("30 1 * * *", NEW_YORK, _day(NEW_YORK, 10, 31), _day(NEW_YORK, 11, 3))

    assert ["10-31 01:30", "11-01 01:30", "11-02 01:30"] == _local(found, NEW_YORK)
    assert dt.timedelta(hours=24) == found[1] - found[0]


def test_every_quarter_hour_skips_and_repeats_nothing() -> None:
    """The day of the gap has 92 quarters; the repeated hour counts once."""
    gap = _all("*/15 * * * *", NEW_YORK, _day(NEW_YORK, 3, 8) - dt.timedelta(seconds=1), _day(NEW_YORK, 3, 9))
    overlap = _all("*/15 * * * *", NEW_YORK, _day(NEW_YORK, 11, 1) - dt.timedelta(seconds=1), _day(NEW_YORK, 11, 2))

    assert (92, 96) == (len(gap), len(overlap))


@pytest.mark.parametrize(
    ("line", "day"),
    [("0 8 * * 1", "Monday"), ("0 8 * * 0", "Sunday"), ("0 8 * * 7", "Sunday"), ("0 8 * * sat", "Saturday")],
)
def test_weekdays_are_those_of_crontab(line: str, day: str) -> None:
    """1 is Monday; 0 and 7 are Sunday."""
    found = cron.next_after(line, SHANGHAI, dt.datetime(2026, 11, 25, tzinfo=dt.UTC))

    assert day == found.astimezone(SHANGHAI).strftime("%A")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 8,14,20 * * *", ["11-25 14:00", "11-25 20:00", "11-26 08:00"]),
        ("5 0 1 * *", ["12-01 00:05", "01-01 00:05", "02-01 00:05"]),
        ("0 0 13 * fri", ["11-27 00:00", "12-04 00:00", "12-11 00:00"]),
        ("0 0 29 feb *", ["02-29 00:00", "02-29 00:00", "02-29 00:00"]),
        ("0 9 * * mon-fri", ["11-26 09:00", "11-27 09:00", "11-30 09:00"]),
        ("0 9 * * fri-mon", ["11-27 09:00", "11-28 09:00", "11-29 09:00"]),
        ("10-20/5 3 * * *", ["11-26 03:10", "11-26 03:15", "11-26 03:20"]),
        ("@every PT8H", ["11-25 16:00", "11-26 00:00", "11-26 08:00"]),
        ("@every P1D", ["11-26 00:00", "11-27 00:00", "11-28 00:00"]),
    ],
)
def test_lines_mean_what_they_say(line: str, expected: list[str]) -> None:
    """Lists, steps, ranges over the end of the week, days of month or week, leap days, and fixed intervals."""
    moment: dt.datetime | None = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
    found = []
    for _ in expected:
        moment = cron.next_after(line, SHANGHAI, moment)
        found.append(moment)

    assert expected == _local(found, SHANGHAI)


def test_a_day_that_never_comes_is_never_due() -> None:
    """30 February is no error and no endless search."""
    assert cron.next_after("0 0 30 2 *", SHANGHAI, dt.datetime(2026, 11, 25, tzinfo=dt.UTC)) is None


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/20", "5,35", "*"]),
    st.sampled_from(["*", "2", "1-3", "*/6"]),
    st.sampled_from(["*", "1", "8", "1-7"]),
    st.sampled_from(["*", "3", "11", "3,11"]),
    st.sampled_from(["*", "0", "1-5", "sun"]),
)


@settings(max_examples=60, deadline=None)
@given(FIELDS, st.sampled_from([(3, 7), (11, 1), (11, 25)]), st.integers(0, 3000))
def test_it_equals_a_walk_minute_by_minute(fields: tuple[str, ...], day: tuple[int, int], minutes: int) -> None:
    """The next moment is the first later minute whose wall clock the line names, seen for the first time."""
    line = " ".join(fields)
    start = dt.datetime(2026, *day, tzinfo=NEW_YORK).astimezone(dt.UTC) + dt.timedelta(minutes=minutes)
    found = cron.next_after(line, NEW_YORK, start)
    read = cron.read(line)
    walked = None
    moment = start
    for _ in range(3 * 24 * 60):
        moment += dt.timedelta(minutes=1)
        local = moment.astimezone(NEW_YORK)
        if local.fold or moment.second:
            continue
        walls = [local.replace(tzinfo=None)]
        if local.utcoffset() != (moment - dt.timedelta(hours=1)).astimezone(NEW_YORK).utcoffset() and not local.fold:
            walls.append(walls[0] - dt.timedelta(hours=1))  # the hour that the gap skipped
        if any(wall.minute in read.minutes and wall.hour in read.hours and read.on(wall.date()) for wall in walls):
            walked = moment
            break

    if walked is None:
        assert found is None or found > moment
    else:
        assert walked == found
