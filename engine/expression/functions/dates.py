"""Dates and times: the evaluation's own time in the workspace's zone, never the machine's."""

from __future__ import annotations

import calendar
import math
from datetime import UTC, date, datetime
from typing import Any

from engine.expression.calendars import days_to_promotion, is_workday, workday_after, workdays_between
from engine.expression.context import Context
from engine.expression.function import function
from engine.expression.limits import FIRST_MOMENT, LAST_MOMENT
from engine.expression.operators import date_plus, time_plus

_LONGEST = 1e300  # seconds: sums of durations stay finite
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _day(context: Context, moment: date | datetime) -> date:
    return context.local(moment).date() if isinstance(moment, datetime) else moment


@function("TODAY() -> date", alias="今天", zh="评估日的日期(工作区时区)。", examples=("TODAY() == DATE(YEAR(TODAY()), MONTH(TODAY()), DAY(TODAY()))",),
          context=True, clock=True, source="Excel TODAY")  # fmt: skip
def today(context: Context) -> date | None:
    """Give the evaluation's date in the workspace's zone."""
    return context.today


@today.columnar()
def _(sql: Any) -> Any:
    return sql.today()


@function("NOW() -> datetime", alias="现在", zh="评估的时刻。", examples=("DATE(NOW()) == TODAY()",), context=True, clock=True,
          source="Excel NOW")  # fmt: skip
def now(context: Context) -> datetime | None:
    """Give the evaluation's instant."""
    return context.moment


@now.columnar()
def _(sql: Any) -> Any:
    return sql.now()


@function(
    "DATE(year: number, month: number, day: number) -> date", "DATE(text: day) -> date", "DATE(moment: datetime) -> date",
    alias="日期", zh="年月日组成的日期(不存在的日期为空);DATE('2026-11-01') 是日期常量;DATE(日期时间) 取其在工作区时区的日期。",
    examples=("DATE(2026, 11, 1) == DATE('2026-11-01')", "IS_NULL(DATE(2026, 2, 30))", "DATE(2026, 11, 1) + 3 == DATE(2026, 11, 4)"),
    context=True, fold=lambda *values: values[0] if isinstance(values[0], date) else NotImplemented, source="Excel DATE",
)  # fmt: skip
def date_(context: Context, first: Any, month: float = 1.0, day: float = 1.0) -> date | None:
    """Make a date of year, month and day (null where there is none), or take the local date of a datetime."""
    if isinstance(first, (date, datetime)):
        return _day(context, first)
    numbers = (first, month, day)
    if not all(1 <= number < 10_000 for number in numbers):
        return None
    try:
        return date(*(math.floor(number) for number in numbers))
    except ValueError:
        return None


@date_.columnar()
def _(sql: Any, *parts: Any) -> Any:
    return sql.make_date(*parts) if len(parts) == 3 else sql.day(parts[0], sql.types[0])


@function("YEAR(moment: moment) -> number", alias="年", zh="年份。", examples=("YEAR(DATE(2026, 11, 1)) == 2026",), context=True,
          source="Excel YEAR")  # fmt: skip
def year(context: Context, moment: date) -> float:
    """Give the year."""
    return float(_day(context, moment).year)


@year.columnar()
def _(sql: Any, moment: Any) -> Any:
    return sql.date_part("year", sql.day(moment, sql.types[0]))


@function("MONTH(moment: moment) -> number", alias="月", zh="月份,1 至 12。", examples=("MONTH(DATE(2026, 11, 1)) == 11",), context=True,
          source="Excel MONTH")  # fmt: skip
def month_(context: Context, moment: date) -> float:
    """Give the month, 1 to 12."""
    return float(_day(context, moment).month)


@month_.columnar()
def _(sql: Any, moment: Any) -> Any:
    return sql.date_part("month", sql.day(moment, sql.types[0]))


@function("DAY(moment: moment) -> number", alias="日", zh="日,1 至 31。", examples=("DAY(DATE(2026, 11, 1)) == 1",), context=True,
          source="Excel DAY")  # fmt: skip
def day_(context: Context, moment: date) -> float:
    """Give the day of the month, 1 to 31."""
    return float(_day(context, moment).day)


@day_.columnar()
def _(sql: Any, moment: Any) -> Any:
    return sql.date_part("day", sql.day(moment, sql.types[0]))


@function("HOUR(moment: datetime) -> number", alias="时", zh="工作区时区的小时,0 至 23。", examples=("HOUR(NOW()) >= 0",), context=True,
          source="Excel HOUR")  # fmt: skip
def hour(context: Context, moment: datetime) -> float:
    """Give the hour on the workspace's clock, 0 to 23."""
    return float(context.local(moment).hour)


@hour.columnar("duckdb", "postgres", "spark")
def _(sql: Any, moment: Any) -> Any:
    return sql.date_part("hour", sql.local(moment))


@function("WEEKDAY(moment: moment) -> number", alias="星期", zh="星期几,1 是星期一,7 是星期日。",
          examples=("WEEKDAY(DATE(2026, 11, 2)) == 1", "WEEKDAY(DATE(2026, 11, 1)) == 7"), context=True,
          source="ISO 8601")  # fmt: skip
def weekday(context: Context, moment: date) -> float:
    """Give the day of the week: 1 is Monday, 7 Sunday."""
    return float(_day(context, moment).isoweekday())


@weekday.columnar()
def _(sql: Any, moment: Any) -> Any:
    return sql.weekday(sql.day(moment, sql.types[0]))


@function("DAYS(end: moment, start: moment) -> number", alias="天数差", zh="从 start 到 end 的天数(按工作区时区的日期)。",
          examples=("DAYS(DATE(2026, 11, 11), DATE(2026, 11, 1)) == 10", "DAYS(DATE(2026, 2, 28), DATE(2026, 3, 1)) == -1"),
          context=True, source="Excel DAYS")  # fmt: skip
def days(context: Context, end: date, start: date) -> float:
    """Give the days from *start* to *end*."""
    return float(_day(context, end).toordinal() - _day(context, start).toordinal())


@days.columnar()
def _(sql: Any, end: Any, start: Any) -> Any:
    return sql.date_diff(sql.day(end, sql.types[0]), sql.day(start, sql.types[1]))


@function("HOURS(end: datetime, start: datetime) -> number", alias="小时差", zh="从 start 到 end 的小时数,可带小数。",
          examples=("HOURS(DATE_ADD(NOW(), 90, 'minute'), NOW()) == 1.5",))  # fmt: skip
def hours(end: datetime, start: datetime) -> float:
    """Give the hours from *start* to *end*, with fractions."""
    return (end - start).total_seconds() / 3600


@hours.columnar("duckdb")
def _(sql: Any, end: Any, start: Any) -> Any:
    return sql.div(sql.time_diff(end, start), sql.number(3600))


@function("DURATION(n: number, unit: 'hour'/'minute'/'second'/'day'/'week') -> duration", alias="时长", zh="n 个单位长的时长。",
          examples=("DURATION(2, 'hour') == DURATION(120, 'minute')", "NOW() + DURATION(1, 'day') > NOW()"))  # fmt: skip
def duration(n: float, unit: str) -> float | None:
    """Give a span of *n* units."""
    seconds = n * _SECONDS[unit]
    return seconds if abs(seconds) < _LONGEST else None


@duration.columnar()
def _(sql: Any, n: Any, unit: Any) -> Any:
    seconds = sql.mul(n, sql.number(_SECONDS[sql.value_of(unit)]))
    return sql.name_once(seconds, lambda x: sql.case((sql.lt(sql.call("abs", x), sql.number(_LONGEST)), x)))


def _suits(kinds: tuple[str, ...], values: tuple[Any, ...]) -> tuple[int, str, str] | None:
    if kinds[0] == "date" and values[2] in {"hour", "minute", "second"}:
        return (
            2,
            "日期没有时分秒,单位用 day、week、month、quarter 或 year",
            "a date has no time of day: use day, week, month, quarter or year",
        )
    return None


@function(
    "DATE_ADD(day: date, n: number, unit: 'day'/'week'/'month'/'quarter'/'year'/'hour'/'minute'/'second') -> date",
    "DATE_ADD(moment: datetime, n: number, unit: 'day'/'week'/'month'/'quarter'/'year'/'hour'/'minute'/'second') -> datetime",
    alias="日期加", zh="n 个单位之后(n 为负则之前);月底对齐到较短月份的最后一天。",
    examples=("DATE_ADD(DATE(2026, 1, 31), 1, 'month') == DATE(2026, 2, 28)",
              "DATE_ADD(DATE(2024, 2, 29), 1, 'year') == DATE(2025, 2, 28)",
              "DATE_ADD(DATE(2026, 11, 1), -1, 'week') == DATE(2026, 10, 25)"),
    context=True, verify=_suits, source="Excel EDATE",
)  # fmt: skip
def date_add(context: Context, moment: date, n: float, unit: str) -> date | None:
    """Move by *n* units; months clip to the last day of a shorter month."""
    if unit in _MONTHS:
        return _add_months(context, moment, n, _MONTHS[unit])
    seconds = n * _SECONDS[unit]
    if isinstance(moment, datetime):
        return time_plus(moment, seconds)
    return date_plus(moment, seconds / 86400.0)


def _add_months(context: Context, moment: date, n: float, months: int) -> date | None:
    if not abs(n) < 120_000:
        return None
    local = context.local(moment) if isinstance(moment, datetime) else moment
    total = local.year * 12 + local.month - 1 + math.floor(n) * months
    year_number, month_number = divmod(total, 12)
    if not 1 <= year_number <= 9999:
        return None
    last = calendar.monthrange(year_number, month_number + 1)[1]
    moved = local.replace(year=year_number, month=month_number + 1, day=min(local.day, last))
    if not isinstance(moved, datetime):
        return moved
    moved = moved.replace(fold=0).astimezone(UTC) if 1 < year_number < 9999 else LAST_MOMENT
    return moved if FIRST_MOMENT <= moved < LAST_MOMENT else None


@date_add.columnar()
def _(sql: Any, moment: Any, n: Any, unit: Any) -> Any:
    word = sql.value_of(unit)
    if word in _MONTHS:
        return sql.add_months(moment, n, _MONTHS[word], sql.types[0])
    if sql.types[0] == "datetime":
        return sql.time_plus(moment, sql.mul(n, sql.number(_SECONDS[word])))
    return sql.date_plus(moment, n if word == "day" else sql.mul(n, sql.number(_SECONDS[word] / 86400)))


@function(
    "WORKDAY(day: date, n: number) -> date", alias="工作日", zh="之后第 n 个工作日(n 为负则之前),中国日历含调休;最多 10 年之内。",
    examples=("WORKDAY(DATE(2026, 9, 30), 1) == DATE(2026, 10, 8)", "WORKDAY(DATE(2026, 11, 2), -1) == DATE(2026, 10, 30)"),
    context=True, source="Excel WORKDAY",
)  # fmt: skip
def workday(context: Context, day: date, n: float) -> date | None:
    """Give the *n*-th working day after *day* (before it for a negative *n*), within ten years."""
    return workday_after(day, math.floor(n), context) if abs(n) <= 4000 else None


@workday.columnar("duckdb")
def _(sql: Any, day: Any, n: Any) -> Any:
    return sql.workday(day, n)


@function(
    "WORKDAYS(start: date, end: date) -> number", alias="工作日数", zh="从 start 到 end(含两头)的工作日数,中国日历含调休;最多 10 年。",
    examples=("WORKDAYS(DATE(2026, 11, 2), DATE(2026, 11, 8)) == 5", "WORKDAYS(DATE(2026, 10, 1), DATE(2026, 10, 7)) == 0"),
    context=True, source="Excel NETWORKDAYS",
)  # fmt: skip
def workdays(context: Context, start: date, end: date) -> float | None:
    """Count the working days from *start* to *end*, both included; negative in reverse order."""
    return workdays_between(start, end, context)


@workdays.columnar("duckdb")
def _(sql: Any, start: Any, end: Any) -> Any:
    return sql.workdays(start, end)


@function(
    "IS_HOLIDAY(day: date) -> boolean", alias="休息日", zh="是否休息:法定节假日和周末,调休上班的周末不算。",
    examples=("IS_HOLIDAY(DATE(2026, 10, 1))", "not IS_HOLIDAY(DATE(2026, 10, 10))", "IS_HOLIDAY(DATE(2026, 11, 1))"),
    context=True, source="chinese-calendar",
)  # fmt: skip
def is_holiday(context: Context, day: date) -> bool:
    """Say whether *day* is free: a public holiday or a weekend that is not a moved working day."""
    return not is_workday(day, context)


@is_holiday.columnar("duckdb", "spark", "postgres")
def _(sql: Any, day: Any) -> Any:
    return sql.invert(sql.is_workday(day))


@function(
    "DAYS_TO_PROMOTION(calendar: name = 'promotion') -> number",
    alias="距大促天数", zh="距离下一个大促(日历的阶段)开始还有几天;正在进行为 0,没有为空。",
    examples=("IS_NULL(DAYS_TO_PROMOTION('nothing'))",), context=True, clock=True,
)  # fmt: skip
def to_promotion(context: Context, key: str) -> float | None:
    """Give the days until the next promotion of the calendar begins: 0 while one is on, null without any."""
    return days_to_promotion(context, key)


@to_promotion.columnar()
def _(sql: Any, key: Any) -> Any:
    return sql.number(days_to_promotion(sql.context, sql.value_of(key)))
