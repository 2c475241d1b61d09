"""Work time: nine to six on working days, holidays and the weekends worked instead counted as they are in China."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.work_time import WorkTime, is_workday

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORK = WorkTime(SHANGHAI)
HOUR = dt.timedelta(hours=1)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-11-25 10:00", 4, "2026-11-25 14:00"),
        ("2026-11-25 16:00", 4, "2026-11-26 11:00"),
        ("2026-11-25 20:00", 1, "2026-11-26 10:00"),
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # over a weekend
        ("2025-09-30 17:00", 2, "2025-10-09 10:00"),  # over the National Day holiday
        ("2025-09-26 17:00", 2, "2025-09-28 10:00"),  # the Sunday before it is worked
        ("2026-11-25 10:00", 0, "2026-11-25 10:00"),
    ],
)
def test_hours_pass_only_while_people_work(since, hours, until):
    assert at(until) == WORK.add_work_time(at(since), hours * HOUR)


def test_the_answer_is_in_the_zone_of_the_question():
    assert dt.UTC == WORK.add_work_time(dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC), HOUR).tzinfo


def test_years_without_announced_holidays_count_monday_to_friday():
    assert [True, False] == [is_workday(dt.date(2050, 3, 4)), is_workday(dt.date(2050, 3, 5))]


@given(
    st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2026, 12, 31)),  # noqa: DTZ001 the zone is put on below
    st.integers(0, 60).map(lambda n: n * HOUR),
    st.integers(0, 60).map(lambda n: n * HOUR),
)
def test_two_waits_are_one_wait(moment, first, second):
    """Waiting a and then b ends when waiting a + b ends."""
    start = moment.replace(tzinfo=SHANGHAI)
    once = WORK.add_work_time(start, first + second)
    twice = WORK.add_work_time(WORK.add_work_time(start, first), second)

    assert once == twice or second == dt.timedelta()
