"""Working days by the Chinese calendar with its moved days; years without a table, and calendars of the user's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from expression_ways import by_row, checked

from engine.expression import Context
from engine.expression.calendars import CalendarWarning, is_workday

NOW = datetime(2026, 11, 5, 1, tzinfo=UTC)
PROMOTION = {"events": [{"name": "双11", "phases": [{"from": "2026-11-01", "to": "2026-11-03"}, {"from": "2026-11-09", "to": "2026-11-11"}]},
                        {"name": "双12", "from": "2026-12-10", "to": "2026-12-12"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-10-01", False),
        ("2026-10-10", True),
        ("2026-09-20", True),
        ("2026-11-23", True),
        ("2026-11-22", False),
        ("2024-02-29", True),
    ],
)
def test_the_chinese_calendar(day, worked):
    assert worked is is_workday(date.fromisoformat(day), Context())


def test_a_year_without_a_table_uses_weekends_and_says_so():
    with pytest.warns(CalendarWarning, match="2050 年没有节假日表"):
        assert is_workday(date(2050, 10, 3), Context())


def test_weekends_only():
    assert is_workday(date(2026, 10, 1), Context(holidays="weekends"))


def test_a_calendar_of_the_users():
    own = {"holidays": ["2026-11-24"], "workdays": ["2026-11-22"]}
    context = Context(calendars={"shop": own}, holidays="shop")

    assert [False, True] == [is_workday(date(2026, 11, day), context) for day in (24, 22)]
    assert [6.0] == by_row(
        checked("WORKDAYS(DATE('2026-11-21'), DATE('2026-11-28'))"),
        [{}],
        Context(calendars={"shop": {**own, "holidays": []}}, holidays="shop"),
    )


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (NOW, 4.0),
        (datetime(2026, 11, 10, tzinfo=UTC), 0.0),
        (datetime(2026, 12, 9, tzinfo=UTC), 1.0),
        (datetime(2026, 12, 13, tzinfo=UTC), None),
    ],
)
def test_days_to_the_next_promotion(now, days):
    assert [days] == by_row(checked("DAYS_TO_PROMOTION()"), [{}], Context(now=now, calendars={"promotion": PROMOTION}))


def test_local_days_of_a_zone_with_summer_time():
    record = {"m": datetime(2026, 3, 8, 7, 30, tzinfo=UTC)}
    context = Context(zone="America/New_York")

    assert ["2026-03-08T07:30:00.000000+00:00"] == by_row(checked("m", {"m": "datetime"}), [record], context)
    assert [3.0] == by_row(checked("HOUR(m)", {"m": "datetime"}), [record], context)
    assert [86400.0] == by_row(checked("(m + 1) - m", {"m": "datetime"}), [record], context)
    assert ["2026-03-08T07:30:00.000000+00:00"] == by_row(
        checked("DATE_ADD(m, 1, 'month')", {"m": "datetime"}), [{"m": "2026-02-08T02:30:00"}], context
    )
