"""Series functions worked out by hand for one record: plain loops over its days, exact sums; the law for the SQL form."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.tables.window import HOUR, Window, ewma_weight

Row = Mapping[str, Any]
Value = Callable[[Row], Any]
"""The value or condition of a call, worked out on one row of facts."""

MICRO = 1_000_000
LARGEST = 9e12


@dataclass(frozen=True, slots=True)
class Day:
    """One kept day: its age (0 is the newest day of the window) and its value in whole units of 1 / scale."""

    age: int
    units: int


def units(value: Any, scale: int) -> int:
    """Return a number as it is added up, in whole units of 1 / *scale*: integers and decimals exactly, doubles rounded."""
    if value is None:
        return 0
    if isinstance(value, float):
        return math.floor(value * scale + 0.5) if abs(value) < LARGEST else 0
    return int(value * scale)


def reduced(row: Row, excludes: Iterable[str]) -> Row:
    """Return a row of facts without its exceptional quantity where spikes are left out."""
    if "spikes" not in excludes or row.get("quantity") is None or row.get("exceptional") is None:
        return row
    return {**row, "quantity": row["quantity"] - row["exceptional"]}


def _first_day(window: Window, launched: dt.date | None) -> dt.date:
    return window.start if launched is None else max(window.start, launched)


def days_in(window: Window, launched: dt.date | None) -> int:
    """Return how many days the window has since the launch; 0 before it."""
    return max(0, (window.end - _first_day(window, launched)).days + 1)


def kept_days(window: Window, rows: Iterable[Row], value: Value, launched: dt.date | None, scale: int = 1) -> list[Day]:
    """Return the days of the window that count, each with its total: a day without a row is 0."""
    first = _first_day(window, launched)
    by_day: dict[dt.date, list[Row]] = {}
    for row in rows:
        if first <= row["date"] <= window.end:
            by_day.setdefault(row["date"], []).append(row)
    days = []
    for number in range(days_in(window, launched)):
        day = window.end - dt.timedelta(days=number)
        found = by_day.get(day, [])
        if not _left_out(window, found):
            days.append(Day(number, sum(units(value(reduced(row, window.excludes)), scale) for row in found)))
    return days


def _left_out(window: Window, rows: list[Row]) -> bool:
    if "stockouts" in window.excludes:
        marks = [row["in_stock"] for row in rows if row.get("in_stock") is not None]
        if marks and not any(marks):
            return True
    if "promotions" in window.excludes:
        return any(row.get("promotion") not in (None, "", False) for row in rows)
    return False


def in_hours(window: Window, row: Row) -> bool:
    """Return whether a row lies in the hours that a call asks for; a row without an hour is known as a whole."""
    hour = row.get(HOUR)
    if window.function == "today_so_far":
        return bool(row["date"] == window.day and (hour is None or hour <= window.hour))
    first, last = window.hours
    return hour is not None and first <= (row["date"] - window.day).days * 24 + int(hour) <= last


def work_out(
    windows: tuple[Window, ...], rows: Sequence[Row], value: Value, launched: dt.date | None, scale: int = 1
) -> float | None:
    """Return the value of a series call for one record.

    Args:
        windows: what `windows_of` gave for the call.
        rows: the record's rows of facts, any days.
        value: its value or condition on one row.
        launched: since when the product is sold, or None.
        scale: in which units values are added up: 1 for integers, 1,000 for DECIMAL(…, 3), a million for doubles.
    """
    window = windows[0]
    if window.function in {"today_so_far", "avg_hourly"}:
        total = sum(units(value(row), scale) for row in rows if in_hours(window, row)) / scale
        return total / int(window.call.arguments[0]) if window.function == "avg_hourly" else total
    if window.function == "count_days":
        return _count_days(window, rows, value, launched)
    days = kept_days(window, rows, value, launched, scale)
    if window.function == "days_since_last":
        sold = [day.age for day in days if day.units > 0]
        return None if not sold else float(min(sold) + (window.day - window.end).days)
    if window.function == "year_over_year":
        before = kept_days(windows[1], rows, value, launched, scale)
        past = _total(before) / scale
        if min(len(days), len(before)) < window.min_days or not past:
            return None
        return _total(days) / scale / past - 1
    if len(days) < window.min_days:
        return None
    return _AGGREGATES[window.function](window, days, scale)


def _count_days(window: Window, rows: Sequence[Row], holds: Value, launched: dt.date | None) -> float | None:
    first, count, days = _first_day(window, launched), 0, days_in(window, launched)
    for number in range(days):
        day = window.end - dt.timedelta(days=number)
        found = [reduced(row, window.excludes) for row in rows if row["date"] == day and day >= first]
        if _left_out(window, found):
            days -= 1
        elif holds(day_total(found)) is True:
            count += 1
    return None if days < window.min_days else float(count)


def day_total(rows: list[Row]) -> Row:
    """Return one day of facts as one row: numbers added up, the highest price, any mark, any text; None for nothing."""
    total: dict[str, Any] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        found = [row[name] for row in rows if row.get(name) is not None]
        if found and isinstance(found[0], bool):
            total[name] = any(found)
        elif found and isinstance(found[0], int | float | Decimal) and name != "price":
            total[name] = float(sum(units(value, MICRO) for value in found) / MICRO)
        else:
            total[name] = max(found, default=None)
    return total


def _total(days: list[Day]) -> float:
    return float(sum(day.units for day in days))


def _std(days: list[Day], scale: int) -> float | None:
    count = len(days)
    if count < 2:
        return None
    total = _total(days)
    squares = float(sum(day.units * day.units for day in days))
    return math.sqrt(max(0.0, (squares - total * total / count) / (count - 1))) / scale


def _percentile(days: list[Day], scale: int, share: float) -> float:
    values = sorted(day.units / scale for day in days)
    place = share * (len(values) - 1)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def _trend(days: list[Day], scale: int) -> float | None:
    count = float(len(days))
    ages = float(sum(day.age for day in days))
    squares = float(sum(day.age * day.age for day in days))
    weighed = float(sum(day.age * day.units for day in days))
    below = count * squares - ages * ages
    # Ages run backwards in time, hence the sign.
    return (ages * _total(days) - count * weighed) / below / scale if below else None


def _ewma(window: Window, days: list[Day], scale: int) -> float | None:
    half_life = float(window.call.arguments[0])
    if half_life <= 0:
        return None
    weights = [ewma_weight(day.age, half_life) for day in days]
    above = sum(weight * day.units for weight, day in zip(weights, days, strict=True))
    return float(above) / float(sum(weights)) / scale


_AGGREGATES: dict[str, Callable[[Window, list[Day], int], float | None]] = {
    "avg_daily": lambda _, days, scale: _total(days) / scale / len(days),
    "same_period_last_year": lambda _, days, scale: _total(days) / scale,
    "sum_over": lambda _, days, scale: _total(days) / scale,
    "max_over": lambda _, days, scale: max(day.units for day in days) / scale,
    "min_over": lambda _, days, scale: min(day.units for day in days) / scale,
    "median_over": lambda _, days, scale: _percentile(days, scale, 0.5),
    "percentile_over": lambda window, days, scale: _percentile(days, scale, float(window.call.arguments[1])),
    "std_over": lambda _, days, scale: _std(days, scale),
    "trend": lambda _, days, scale: _trend(days, scale),
    "ewma": _ewma,
}
