"""Signals from outside (rain, traffic, a rival's price): let in only where a backtest on later days says that they help.

A signal is compared with its own last eight weeks, as the level is: what has been warm for two months is in the level
already. What is left of it moves demand by exp(slope × deviation); the slope is learned by product (or whatever the
signal and the sales share) and shrunk to that of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from engine.forecasting.panel import Floats, clean_rows
from engine.forecasting.source import Source, connect, quoted, read

# Weeks that say what is usual, of sales and of the signal.
USUAL_WEEKS = 8
# The newest eighth of the days, at least four weeks and at most a half year, is held out.
HELD_SHARE, HELD_LEAST, HELD_MOST = 8, 28, 182
# Fewer days than this teach nothing.
FEWEST_DAYS = 120
# Days of a group after which its own slope counts as much as that of all groups.
PRIOR_DAYS = 200.0
# Nine in ten days lie inside; what lies outside counts like the edge.
USUAL_RANGE = (0.05, 0.95)
# A signal is not followed further than it was ever seen to go, nor beyond doubling or halving of demand.
MOST_LOG = float(np.log(2.0))
# It must take at least half a percent off the error, and in most weeks: less is luck.
LEAST_GAIN = 0.005


@dataclass(frozen=True, slots=True)
class Effect:
    """What a backtest found about one signal.

    Args:
        name: of the signal.
        accepted: it enters the forecast.
        reason: why (not), as a word: helps, no_gain, too_short, unknown_ahead.
        without: WAPE of the held-out days without the signal.
        with_: the same with it.
        days: how many days were held out.
        per_unit: what one unit more of the signal does to demand (0.02 = +2 %), over all groups.
        spread: (low, usual, high) of the signal: its 0.1, 0.5 and 0.9 quantiles.
        groups: group -> effect of one unit more.
    """

    name: str
    accepted: bool
    reason: str
    without: float
    with_: float
    days: int
    per_unit: float
    spread: tuple[float, float, float]
    groups: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Return it for people."""
        return {
            "name": self.name, "accepted": self.accepted, "reason": self.reason, "wape_without": _number(self.without),
            "wape_with": _number(self.with_), "days": self.days, "per_unit": self.per_unit, "spread": list(self.spread),
            "groups": self.groups,
        }  # fmt: skip


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True, slots=True)
class Days:
    """Sales and signal by group and day, aligned: rows are groups, columns days up to D−1 (units) and beyond (signal)."""

    groups: list[tuple[str, ...]]
    units: Floats
    signal: Floats
    first: date


def align(sales: Source, signal: pd.DataFrame, day: date, horizon: int, keys: Sequence[str]) -> Days:
    """Return sales and *signal* by the *keys* that both have and the product, day by day.

    Args:
        sales: keys, date, quantity, ….
        signal: any of the keys, date, value.
        day: D.
        horizon: days ahead that the signal may know.
        keys: key columns of the sales.
    """
    con = connect()
    by = [key for key in keys if key == "sku" or key in signal.columns]
    relation = read(con, sales, "sales", keys=by, require=("date", "quantity"))
    names = ", ".join(map(quoted, by))
    rows = con.sql(
        f"SELECT {names}, ago, sum(units) AS units FROM ({clean_rows(relation, day, 'ordinary')}) GROUP BY ALL"
    ).df()
    length = int(rows["ago"].max()) if len(rows) else 1
    codes, groups = pd.factorize(pd.MultiIndex.from_frame(rows[by].astype(str)), sort=True)
    units = np.zeros((len(groups), length))
    units[codes, length - rows["ago"].to_numpy(dtype=np.int64)] = rows["units"].to_numpy(dtype=np.float64)
    first = (pd.Timestamp(day) - pd.Timedelta(days=length)).date()
    found = [tuple(str(part) for part in (group if isinstance(group, tuple) else (group,))) for group in groups]
    grid = np.full((len(found), length + horizon), np.nan)
    frame = signal.assign(_day=(pd.to_datetime(signal["date"]) - pd.Timestamp(first)).dt.days)
    frame = frame[(frame["_day"] >= 0) & (frame["_day"] < length + horizon)]
    shared = [key for key in by if key in signal.columns]
    places: dict[tuple[str, ...], list[int]] = {}
    for number, group in enumerate(found):
        places.setdefault(tuple(group[by.index(key)] for key in shared), []).append(number)
    parts = frame.groupby([frame[key].astype(str) for key in shared]) if shared else [((), frame)]
    for name, part in parts:
        for number in places.get(tuple(str(word) for word in (name if isinstance(name, tuple) else (name,))), ()):
            grid[number, part["_day"].to_numpy(dtype=np.int64)] = part["value"].to_numpy(dtype=np.float64)
    return Days(found, units, grid, first)


def _deviation(signal: Floats, length: int) -> Floats:
    """Return the signal minus its mean over the USUAL_WEEKS weeks before each day; days ahead against the last of these."""
    window = 7 * USUAL_WEEKS
    known = ~np.isnan(signal)
    total = np.cumsum(np.where(known, signal, 0.0), axis=1)
    count = np.cumsum(known, axis=1)
    before_total = total - np.pad(total, ((0, 0), (window, 0)))[:, : total.shape[1]]
    before_count = count - np.pad(count, ((0, 0), (window, 0)))[:, : count.shape[1]]
    usual = np.where(before_count > 0, before_total / np.maximum(before_count, 1), np.nan)
    usual = np.pad(usual, ((0, 0), (1, 0)), constant_values=np.nan)[:, :-1]
    usual[:, length:] = usual[:, length : length + 1]
    return signal - usual


def _within(deviation: Floats, length: int) -> Floats:
    """Return the deviation kept within what was usually seen: a cloudburst does not teach ten times what a shower does."""
    known = deviation[:, :length][~np.isnan(deviation[:, :length])]
    if not len(known):
        return deviation
    low, high = np.quantile(known, USUAL_RANGE)
    return np.clip(deviation, low, high)


def _expected(units: Floats) -> Floats:
    """Return what each day would usually sell: the mean of its weekday over the USUAL_WEEKS weeks before."""
    expected = np.full(units.shape, np.nan)
    total = np.zeros(units.shape)
    for week in range(1, USUAL_WEEKS + 1):
        total[:, 7 * week :] += units[:, : units.shape[1] - 7 * week]
    expected[:, 7 * USUAL_WEEKS :] = total[:, 7 * USUAL_WEEKS :] / USUAL_WEEKS
    return expected


def judge(name: str, days: Days, *, known_ahead: bool = True) -> tuple[Effect, Floats]:
    """Return what a backtest says about the signal, and (G, H) multipliers of the days ahead (1 where it may not enter).

    The slopes are learned on the days before the held-out ones, then once more on all days for use.
    """
    length = days.units.shape[1]
    ahead = days.signal.shape[1] - length
    expected, deviation = _expected(days.units), _within(_deviation(days.signal, length), length)
    past = deviation[:, :length]
    usable = (expected > 0) & ~np.isnan(past)
    counted = int(usable.any(axis=0).sum())
    spread = _spread(days.signal[:, :length])
    nothing = np.ones((len(days.groups), ahead))
    if counted < FEWEST_DAYS:
        return Effect(name, False, "too_short", float("nan"), float("nan"), 0, 0.0, spread, {}), nothing
    held = int(np.clip(length // HELD_SHARE, HELD_LEAST, HELD_MOST))
    split = np.arange(length) < length - held
    slopes, everyone = _slopes(days.units, expected, past, usable & split[None, :])
    test = usable & ~split[None, :]
    multiplier = _multiplier(slopes, past)
    # Without the signal a day is still known to be usual on average: both sides get the same mean.
    actual, plain = days.units[test], expected[test]
    moved = plain * multiplier[test]
    without, with_ = _wape(actual, plain), _wape(actual, moved)
    weeks = np.broadcast_to(np.arange(length) // 7, test.shape)[test]
    better = _share_of_weeks(np.abs(actual - plain), np.abs(actual - moved), weeks)
    helps = with_ <= without * (1 - LEAST_GAIN) and better > 0.5
    accepted, reason = (
        helps and known_ahead,
        "helps" if helps and known_ahead else "unknown_ahead" if helps else "no_gain",
    )
    slopes, everyone = _slopes(days.units, expected, past, usable)
    effects = {"/".join(group): float(np.expm1(slope)) for group, slope in zip(days.groups, slopes, strict=True)}
    effect = Effect(name, accepted, reason, without, with_, held, float(np.expm1(everyone)), spread, effects)
    coming = _multiplier(slopes, deviation[:, length:])
    return effect, np.where(np.isnan(coming), 1.0, coming) if accepted else nothing


def _spread(signal: Floats) -> tuple[float, float, float]:
    known = signal[~np.isnan(signal)]
    low, middle, high = np.quantile(known, (0.1, 0.5, 0.9)) if len(known) else (0.0, 0.0, 0.0)
    return float(low), float(middle), float(high)


def _slopes(
    units: Floats, expected: Floats, deviation: Floats, usable: np.ndarray[Any, np.dtype[np.bool_]]
) -> tuple[Floats, float]:
    """Return the slope of each group, shrunk to that of all, and the latter: least squares of the log ratio."""
    x = np.where(usable, deviation, 0.0)
    log = np.where(usable, np.log((units + 0.5) / (np.where(usable, expected, 1.0) + 0.5)), 0.0)
    count = np.maximum(usable.sum(axis=1), 1)
    x = np.where(usable, x - (x.sum(axis=1) / count)[:, None], 0.0)
    log = np.where(usable, np.clip(log - (log.sum(axis=1) / count)[:, None], -2, 2), 0.0)
    square, product = (x * x).sum(axis=1), (x * log).sum(axis=1)
    everyone = float(product.sum() / square.sum()) if square.sum() > 0 else 0.0
    variance = square / count
    prior = PRIOR_DAYS * np.where(variance > 0, variance, 1.0)
    return (product + prior * everyone) / (square + prior), everyone


def _multiplier(slopes: Floats, deviation: Floats) -> Floats:
    return np.exp(np.clip(slopes[:, None] * deviation, -MOST_LOG, MOST_LOG))


def _wape(actual: Floats, forecast: Floats) -> float:
    return float(np.abs(actual - forecast).sum() / max(actual.sum(), 1e-9))


def _share_of_weeks(before: Floats, after: Floats, weeks: Floats) -> float:
    """Return in what share of the weeks the error was smaller."""
    number, place = np.unique(weeks, return_inverse=True)
    gain = np.bincount(place, before - after, len(number))
    return float((gain > 0).mean()) if len(number) else 0.0
