"""Series functions of dense days: the same arithmetic as `engine.tables.by_hand`, on arrays of keys, bit for bit.

Sums and deviations come from rolling sums; what looks at single days (medians, maxima, trends) goes through the day
columns, some keys at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.tables.scan import weights
from engine.tables.store_folder import Ints
from engine.tables.window import Window

# From sums alone; the others look at single days.
FROM_SUMS = frozenset({"avg_daily", "sum_over", "same_period_last_year", "year_over_year", "today_so_far", "std_over"})
FROM_DAYS = frozenset({"max_over", "min_over", "median_over", "percentile_over", "trend", "ewma", "days_since_last"})


@dataclass(frozen=True)
class Sums:
    """What a window adds up to, a place for each key.

    Args:
        total: the sum of the days that count.
        squares: the sum of their squares, where it is asked for.
        days: how many days count; one number when it is the same for all.
    """

    total: Ints
    squares: Ints | None
    days: Ints | int


def scaled(values: Ints, scale: int) -> Ints:
    """Return whole units of 1 / *scale* as doubles."""
    doubles = values.astype(np.float64)
    return doubles / float(scale) if scale != 1 else doubles


def from_sums(windows: tuple[Window, ...], sums: tuple[Sums, ...], scale: int) -> Ints:
    """Return the values of a function that needs only sums; NaN where there is none."""
    window, one = windows[0], sums[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        if window.function == "year_over_year":
            now, before = (_when(w, s.days, scaled(s.total, scale)) for w, s in zip(windows, sums, strict=True))
            return np.where(before == 0, np.nan, now / before - 1.0)
        if window.function == "today_so_far":
            return scaled(one.total, scale)
        return _when(window, one.days, _of_sums(window, one, scale))


def _of_sums(window: Window, one: Sums, scale: int) -> Ints:
    days = np.float64(one.days) if isinstance(one.days, int) else one.days.astype(np.float64)
    if window.function == "avg_daily":
        return scaled(one.total, scale) / days
    if window.function != "std_over":
        return scaled(one.total, scale)
    if one.squares is None:
        raise AssertionError
    total, squares = one.total.astype(np.float64), one.squares.astype(np.float64)
    spread = np.sqrt(np.maximum(0.0, (squares - total * total / days) / (days - 1.0)))
    found = spread / float(scale) if scale != 1 else spread
    return np.where(days >= 2, found, np.nan)


def _when(window: Window, days: Ints | int, values: Ints) -> Ints:
    if isinstance(days, int):
        return values if days >= window.min_days else np.full(len(values), np.nan)
    return np.where(days >= window.min_days, values, np.nan)


def from_days(windows: tuple[Window, ...], units: tuple[Ints, ...], kept: tuple[Ints, ...], scale: int) -> Ints:
    """Return the values of any function from single days; NaN where there is none.

    Args:
        windows: as `windows_of` gave them.
        units: for each window the days' totals in whole units: day (the newest first) × key.
        kept: for each window which of them count.
        scale: the unit is 1 / *scale*.
    """
    window = windows[0]
    counts = [days.sum(axis=0) for days in kept]
    if window.function in FROM_SUMS:
        totals = [np.where(k, u, 0) for u, k in zip(units, kept, strict=True)]
        sums = tuple(Sums(t.sum(axis=0), (t * t).sum(axis=0), n) for t, n in zip(totals, counts, strict=True))
        return from_sums(windows, sums, scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _DAILY[window.function](window, units[0], kept[0], counts[0], scale)
    return found if window.function == "days_since_last" else _when(window, counts[0], found)


def _extreme(window: Window, units: Ints, kept: Ints, days: Ints, scale: int) -> Ints:
    del days
    if window.function == "max_over":
        return scaled(np.where(kept, units, np.iinfo(np.int64).min).max(axis=0), scale)
    return scaled(np.where(kept, units, np.iinfo(np.int64).max).min(axis=0), scale)


def _percentile(window: Window, units: Ints, kept: Ints, days: Ints, scale: int) -> Ints:
    share = 0.5 if window.function == "median_over" else float(window.call.arguments[1])
    ordered = np.sort(np.where(kept, units, np.iinfo(np.int64).max), axis=0)
    place = share * (np.maximum(days, 1) - 1).astype(np.float64)
    low = np.floor(place)
    keys = np.arange(ordered.shape[1])
    lower = scaled(ordered[low.astype(np.int64), keys], scale)
    upper = scaled(ordered[np.minimum(low.astype(np.int64) + 1, np.maximum(days, 1) - 1), keys], scale)
    return lower + (upper - lower) * (place - low)


def _trend(window: Window, units: Ints, kept: Ints, days: Ints, scale: int) -> Ints:
    age = np.arange(window.days, dtype=np.int64)[:, None]
    totals = np.where(kept, units, 0)
    count, total = days.astype(np.float64), totals.sum(axis=0).astype(np.float64)
    ages = np.where(kept, age, 0).sum(axis=0).astype(np.float64)
    squares = np.where(kept, age * age, 0).sum(axis=0).astype(np.float64)
    weighed = (totals * age).sum(axis=0).astype(np.float64)
    below = count * squares - ages * ages
    found: Ints = (ages * total - count * weighed) / np.where(below == 0, np.nan, below)
    return found / float(scale) if scale != 1 else found


def _ewma(window: Window, units: Ints, kept: Ints, days: Ints, scale: int) -> Ints:
    del days
    half_life = float(window.call.arguments[0])
    if half_life <= 0:
        return np.full(units.shape[1], np.nan)
    weight = np.array(weights(window.days, half_life), np.int64)[:, None]
    above = np.where(kept, units * weight, 0).sum(axis=0).astype(np.float64)
    found: Ints = above / np.where(kept, weight, 0).sum(axis=0).astype(np.float64)
    return found / float(scale) if scale != 1 else found


def _since(window: Window, units: Ints, kept: Ints, days: Ints, scale: int) -> Ints:
    del days, scale
    sold = kept & (units > 0)
    newest = sold.argmax(axis=0).astype(np.float64) + float((window.day - window.end).days)
    return np.where(sold.any(axis=0), newest, np.nan)


_DAILY: dict[str, Callable[[Window, Ints, Ints, Ints, int], Ints]] = {
    "max_over": _extreme,
    "min_over": _extreme,
    "median_over": _percentile,
    "percentile_over": _percentile,
    "trend": _trend,
    "ewma": _ewma,
    "days_since_last": _since,
}


def heaviest(window: Window) -> int:
    """Return by how much the function multiplies a day's units before it adds them up, at most."""
    if window.function == "std_over":
        return 0  # squares are guarded by the sums themselves
    if window.function == "trend":
        return window.days
    if window.function == "ewma" and float(window.call.arguments[0]) > 0:
        return math.ceil(1 << 30)
    return 1
